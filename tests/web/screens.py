"""`make screens`: pictures of every sight of every role, in both themes and widths, in ./screens, to be looked at."""

import re
import unicodedata

import pytest

from tests.web.built import WEB
from tests.web.sights import THEMES, WIDTHS, Sight
from tests.web.test_everywhere import ALL, seeds
from tests.web.visiting import Visits
from tests.web.walks.seeds import Seeds

__all__ = ["seeds"]

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

FOLDER = WEB.parent / "screens"


def named(role: str | None, number: int, sight: Sight) -> str:
    """A file's name of plain letters: who looks, in which order, at what."""
    plain = unicodedata.normalize("NFKD", f"{role or 'anyone'} {number:02} {sight}").encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "-", plain.decode().lower()).strip("-")


@pytest.mark.parametrize("role", ALL)
def test_every_sight_has_its_pictures(visit: Visits, seeds: Seeds, role: str | None) -> None:
    FOLDER.mkdir(exist_ok=True)
    watch = visit(role=role)
    watch.expected_statuses.add(404)
    page = watch.page
    for number, sight in enumerate(ALL[role]):
        page.set_viewport_size({"width": 1366, "height": WIDTHS[1366]})
        seen = sight.reach(page, seeds)
        seen.wait_for()
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            for theme in THEMES:
                page.emulate_media(color_scheme=theme)
                if not seen.is_visible():
                    sight.reach(page, seeds).wait_for()
                page.wait_for_timeout(250)  # for what fades in
                page.screenshot(path=FOLDER / f"{named(role, number, sight)}-{width}-{theme}.png")
