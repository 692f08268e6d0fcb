/** Who goes by keyboard sees where they are, also when what comes in late pushes it away (WCAG 2.2, 2.4.7). */

/** Watches the whole page for as long as it is open. */
export function keepFocusInSight(page: Document): void {
  let wasInSight = false;
  page.addEventListener("focusin", () => (wasInSight = true)); // the browser brings it there
  page.addEventListener("scroll", () => (wasInSight = isInSight(page.activeElement)), { capture: true, passive: true });
  const pushed = new ResizeObserver(() => {
    const focused = page.activeElement;
    if (wasInSight && focused?.matches(":focus-visible") && !isInSight(focused)) focused.scrollIntoView({ block: "nearest" });
  });
  pushed.observe(page.body);
}

function isInSight(element: Element | null): boolean {
  if (element === null) return false;
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < window.innerHeight;
}
