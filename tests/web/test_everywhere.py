"""Every page of every role and its main states, in both languages, themes and widths: axe, reflow, titles, headings."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.web.house import WebHouse
from tests.web.sights import Look, Sight, axe, routes
from tests.web.visiting import Visits
from tests.web.walks import employee, stranger
from tests.web.walks.seeds import Seeds, sown

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

ALL: dict[str | None, list[Sight]] = {None: stranger.SIGHTS, "employee": employee.SIGHTS}


@pytest.fixture(scope="module")
def seeds(the_house: WebHouse) -> Seeds:
    return sown(the_house)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("role", ALL)
def test_nothing_is_wrong_on_any_page(
    visit: Visits, seeds: Seeds, axe_source: Path, role: str | None, language: str
) -> None:
    look = Look(visit(role=role, language=language).page, seeds, axe_source)
    titles: dict[str, str] = {}
    faults: list[str] = []
    for sight in ALL[role]:
        faults += look.faults(sight)
        titles.setdefault(sight.route, look.page.title())
    assert faults == []
    assert len(set(titles.values())) == len(titles), titles


def test_every_route_is_looked_at() -> None:
    assert {sight.route for sights in ALL.values() for sight in sights} - {"*"} == routes()


def test_what_is_wrong_is_found(browser_page: Page, axe_source: Path) -> None:
    browser_page.set_content("<body><main><p style='width:700px; color:#ccc'>Blek</p></main></body>")
    found = Look(browser_page, None, axe_source).faults(Sight("*", "bad", lambda page, _: page.locator("p")))
    assert [each for each in found if "360 dark: color-contrast" in each]
    assert [each for each in found if "700 pixels wide" in each or "708 pixels wide" in each], found
    assert [each for each in found if each.endswith("0 headings of the first level")]
    assert [each for each in axe(browser_page, axe_source) if each.startswith("html-has-lang")]
