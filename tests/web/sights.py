"""The routes of the page as its sources name them, and what every page is looked at for."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Locator, Page

from tests.web.built import WEB

_ROUTE = re.compile(r"\bcreateRoute\(\{.*?\}\)", re.DOTALL)
_PATH = re.compile(r"\b(path|id): \"([^\"]+)\"")

THEMES = ("light", "dark")
WIDTHS = {1366: 768, 360: 740}
NARROWEST = 320

_AXE = """async () => {
  const done = await axe.run(document, {resultTypes: ['violations'], elementRef: false, ancestry: false, preload: false});
  return done.violations.map(({id, nodes}) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
}"""

# What is wider than its window has room for: of the page, and of what lies over it or beside it. Code, tables and pages of
# documents may scroll on their own.
_WIDE = """() => [document.documentElement, ...document.querySelectorAll('.window, .panel, .popover')]
  .filter((each) => each.scrollWidth > each.clientWidth)
  .map((each) => `${each.className || 'the page'}: ${each.scrollWidth} pixels in ${each.clientWidth}`)"""


@dataclass(frozen=True)
class Sight:
    """A page in one of its states: ``reach`` brings the page there, and returns what is seen when it is there."""

    route: str
    name: str
    reach: Callable[[Page, Any], Locator]

    def __str__(self) -> str:
        return f"{self.route} {self.name}"


def routes() -> set[str]:
    """Every address of the router, as patterns such as ``/dokument/$document``."""
    found = []
    for source in sorted((WEB / "src" / "app").rglob("*.tsx")):
        for route in _ROUTE.findall(source.read_text("utf-8")):
            named = _PATH.search(route)
            assert named is not None, f"{source}: a route without its whole address: {route}"
            found.append(named)
    return {named[2] for named in found if named[1] == "path"}  # those with an id alone have no address


def go(page: Page, path: str) -> None:
    """To another page of the application, as a link inside it does: nothing is loaded anew."""
    page.evaluate(
        """(path) => {
      history.pushState({}, '', path);
      dispatchEvent(new PopStateEvent('popstate', {state: {}}));
    }""",
        path,
    )


def axe(page: Page, source: Path) -> list[str]:
    """What axe finds wrong with the page as it stands: rule, and the elements that break it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(source.read_text("utf-8"))
    return list(page.evaluate(_AXE))


@dataclass(frozen=True)
class Look:
    """One person's page in one language, looked at in both themes and widths at each sight."""

    page: Page
    seeds: Any
    axe_source: Path

    def faults(self, sight: Sight) -> list[str]:
        """What is wrong there, by theme and width; also that it is never seen."""
        try:
            return self._faults(sight)
        except Error as fault:
            shown = self.page.locator("body").inner_text()
            return [f"{sight}: {fault}\nThe page said:\n{shown[:2000]}"]

    def _faults(self, sight: Sight) -> list[str]:
        page, found = self.page, []
        page.set_viewport_size({"width": 1366, "height": WIDTHS[1366]})
        page.emulate_media(color_scheme="light")
        seen = sight.reach(page, self.seeds)
        seen.wait_for()
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            for theme in THEMES:
                page.emulate_media(color_scheme=theme)
                self._still_there(sight, seen)
                found += [f"{sight}, {width} {theme}: {fault}" for fault in axe(page, self.axe_source)]
        page.set_viewport_size({"width": NARROWEST, "height": 640})
        self._still_there(sight, seen)
        found += [f"{sight}, {NARROWEST}: {fault}" for fault in page.evaluate(_WIDE)]
        headings = page.locator("h1").count()
        return found + ([f"{sight}: {headings} headings of the first level"] if headings != 1 else [])

    def _still_there(self, sight: Sight, seen: Locator) -> None:
        """What opens over a page may close when the window changes: then it is opened anew."""
        if not seen.is_visible():
            sight.reach(self.page, self.seeds).wait_for()
