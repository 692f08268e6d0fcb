"""Every page of every role and its main states, in both languages, themes and widths: axe, reflow, titles, headings."""

import importlib
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.web.house import WebHouse
from tests.web.sights import Look, Sight, axe, routes
from tests.web.visiting import Visits
from tests.web.walks.seeds import Seeds, sown

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

# A module of tests/web/walks holds the ``SIGHTS`` of the role that it is named for, or that it names as ``ROLE``.
_NAMES = {"officer": "security-officer", "admin": "tenant-admin"}


def walks() -> dict[str | None, list[Sight]]:
    """What is looked at, by role; several modules may look at one role's pages."""
    found: dict[str | None, list[Sight]] = {}
    for file in sorted(Path(__file__).with_name("walks").glob("*.py")):
        module = importlib.import_module(f"tests.web.walks.{file.stem}")
        if hasattr(module, "SIGHTS"):
            role = getattr(module, "ROLE", _NAMES.get(file.stem, file.stem))
            found.setdefault(role, []).extend(module.SIGHTS)
    return found


ALL = walks()


@pytest.fixture(scope="module")
def seeds(the_house: WebHouse) -> Seeds:
    return sown(the_house)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("role", ALL)
def test_nothing_is_wrong_on_any_page(
    visit: Visits, seeds: Seeds, axe_source: Path, role: str | None, language: str
) -> None:
    watch = visit(role=role, language=language)
    watch.expected_statuses.add(404)  # some sights are of what isn't there
    look = Look(watch.page, seeds, axe_source)
    titles: dict[str, str] = {}
    faults: list[str] = []
    for sight in ALL[role]:
        faults += look.faults(sight)
        titles.setdefault(sight.route, look.page.title())
    assert not faults, "\n".join(faults)
    assert len(set(titles.values())) == len(titles), titles


def test_every_route_is_looked_at() -> None:
    assert {sight.route for sights in ALL.values() for sight in sights} - {"*"} == routes()


def test_what_is_wrong_is_found(browser_page: Page, axe_source: Path) -> None:
    window = "<div class='window' style='width:300px; overflow:auto'><i style='display:block; width:500px'>Bred</i></div>"
    browser_page.set_content(f"<body><main><p style='width:700px; color:#ccc'>Blek</p>{window}</main></body>")
    found = Look(browser_page, None, axe_source).faults(Sight("*", "bad", lambda page, _: page.locator("p")))
    assert [each for each in found if "360 dark: color-contrast" in each]
    assert [each for each in found if "the page: 708 pixels in 320" in each], found
    assert [each for each in found if "window: 500 pixels in 300" in each], found
    assert [each for each in found if each.endswith("0 headings of the first level")]
    assert [each for each in axe(browser_page, axe_source) if each.startswith("html-has-lang")]
