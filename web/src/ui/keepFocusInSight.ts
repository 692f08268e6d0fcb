/** Who goes by keyboard sees where they are, also when what comes in late pushes it away (WCAG 2.2, 2.4.7). */

/** Watches the whole page for as long as it is open. */
export function keepFocusInSight(page: Document): void {
  let wasInSight = false;
  page.addEventListener("focusin", () => (wasInSight = true)); // the browser brings it there
  page.addEventListener("scroll", () => (wasInSight = isInSight(page.activeElement)), { capture: true, passive: true });
  const pushed = new ResizeObserver(() => {
    if (wasInSight && page.activeElement?.matches(":focus-visible")) bringBack(page.activeElement);
  });
  pushed.observe(page.body);
}

/** A frame later, when what sticks to the window's edge has been put there again; not if it was scrolled away meanwhile. */
function bringBack(focused: Element): void {
  const place = window.scrollY;
  requestAnimationFrame(() => {
    const isLeft = focused !== focused.ownerDocument.activeElement || window.scrollY !== place;
    if (!isLeft && !isInSight(focused)) focused.scrollIntoView({ block: "nearest" });
  });
}

function isInSight(element: Element | null): boolean {
  if (element === null) return false;
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < window.innerHeight;
}
