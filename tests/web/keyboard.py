"""A person without a mouse: Tab, Enter, Escape and letters; every stop on the way must be seen to be there."""

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page

from tests.web.driver import settled

_STOPS = "a[href], button, input, select, textarea, summary, [tabindex]"
_BEYOND = 20  # the browser's own places between the page's end and its beginning
_GLANCES = 10
_MOVES = frozenset({"Tab", "Shift+Tab", "ArrowDown", "ArrowUp"})
# Where the focus is, and whether a person could tell: an outline of it or of what it is in, for nothing else here has
# any; inside the window, not covered (WCAG 2.2, 2.4.7 and 2.4.11).
_FOCUS = """() => {
  const node = document.activeElement;
  if (node === null || node === document.body) return {what: 'nothing', fault: null};
  const what = node.outerHTML.slice(0, 120);
  const box = node.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height, innerHeight) / 2];
  if (box.width < 1 || box.height < 1) return {what, fault: 'has no size'};
  if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) return {what, fault: 'is outside the window'};
  const above = document.elementFromPoint(Math.min(Math.max(x, 1), innerWidth - 1), Math.min(Math.max(y, 1), innerHeight - 1));
  const near = above !== null && (node.contains(above) || above.contains(node) || node.closest('label')?.contains(above));
  if (!near) return {what, fault: `is covered by ${above?.outerHTML.slice(0, 80)}`};
  // the button inside a field for a day is marked by the browser itself, and the field is not
  if (node.type === 'date' && !node.matches(':focus-visible')) return {what, fault: null};
  const around = [node];
  while (around.length < 5 && around.at(-1).parentElement !== null) around.push(around.at(-1).parentElement);
  const marked = around.some((each) => {
    const {outlineStyle, outlineWidth, outlineColor} = getComputedStyle(each);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1 && !(outlineColor.startsWith('rgba') && outlineColor.endsWith(', 0)'));
  });
  return {what, fault: marked ? null : 'shows no focus'};
}"""


@dataclass
class Keys:
    """``faults`` are the stops of the focus that a person could not have seen."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            if key in _MOVES:
                self._look()

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)

    def reach(self, wanted: Locator, key: str = "Tab") -> None:
        """Press the key until that has the focus, at most once round the page."""
        wanted.first.wait_for()
        settled(self.page)
        pressed = 0
        while not self._is_on(wanted):
            # counted anew each time, since the page may grow on the way
            if pressed > _BEYOND + self.page.locator(_STOPS).count():
                last = self._focus()["what"]
                raise AssertionError(f"{wanted} is not reached with {pressed} x {key}; the last: {last}")
            self.press(key)
            pressed += 1

    def choose(self, wanted: Locator, key: str = "Tab") -> None:
        """Reach it and press Enter."""
        self.reach(wanted, key)
        self.press("Enter")

    def _is_on(self, wanted: Locator) -> bool:
        return bool(wanted.evaluate_all("nodes => nodes.includes(document.activeElement)"))

    def _focus(self) -> dict[str, str | None]:
        found: dict[str, str | None] = self.page.evaluate(_FOCUS)
        return found

    def _look(self) -> None:
        seen = self._focus()
        for _ in range(_GLANCES):  # the window may still be on its way to it, or the page growing
            if seen["fault"] is None:
                return
            self.page.wait_for_timeout(100)
            seen = self._focus()
        if seen["fault"] is not None:
            self.faults.append(f"{seen['what']} {seen['fault']}")
