/** How large a page is drawn, in per cent of the width that there is. */

const STEPS = [100, 125, 150, 200, 300] as const;

export type Zoom = (typeof STEPS)[number];

export const WHOLE: Zoom = 100;

export function larger(zoom: Zoom): Zoom {
  return STEPS.find((step) => step > zoom) ?? zoom;
}

export function smaller(zoom: Zoom): Zoom {
  return STEPS.findLast((step) => step < zoom) ?? zoom;
}

/** What a key means on a page that has the focus; null for every other key. */
export function zoomedBy(key: string, zoom: Zoom): Zoom | null {
  if (key === "+") return larger(zoom);
  if (key === "-") return smaller(zoom);
  return key === "0" ? WHOLE : null;
}
