"""The real gateway behind the real built page, and people at Chromium.

    def test_a_person_reads_the_first_page(visit, house):
        page = visit("/", role="employee").page
        expect(page.get_by_role("heading", level=1)).to_be_visible()

``visit`` is told of in tests/web/visiting.py, ``house`` in tests/web/house.py. One gateway serves the whole room, so
tests share its organisations: make what you look at, under a name of your own. Any console error or warning, crash,
violation of the content security policy or request to another origin fails the test, at its end.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.web import built
from tests.web.driver import chromium
from tests.web.house import WebHouse, opened_house
from tests.web.visiting import Visits


@pytest.fixture(scope="session")
def dist() -> Path:
    return built.dist()


@pytest.fixture(scope="session")
def axe_source() -> Path:
    return built.AXE


@pytest.fixture(scope="module")  # its event loop must not outlive the module: async tests need their own
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    """A page of no site, unwatched."""
    context = browser.new_context(offline=True)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="package")  # the room's own: its jobs hold the one DBOS of the process
def the_house(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebHouse]:
    with opened_house(tmp_path_factory.mktemp("web"), dist) as house:
        yield house


@pytest.fixture
def house(the_house: WebHouse) -> WebHouse:
    """The room's gateway, with a model server that says «Hej»."""
    the_house.quiet()
    return the_house


@pytest.fixture
def nothing_said(house: WebHouse) -> None:
    """Nobody has had a conversation."""
    house.forget_conversations()


@pytest.fixture(scope="package")
def logins() -> dict[tuple[str, str], dict[str, object]]:
    """The cookies of people who have logged in, by role and organisation."""
    return {}


@pytest.fixture
def visit(
    browser: Browser, house: WebHouse, logins: dict[tuple[str, str], dict[str, object]]
) -> Iterator[Visits]:
    """Opens the page for a person; at the end nothing forbidden may have happened on any page."""
    visits = Visits(browser, house, logins)
    yield visits
    faults = visits.faults()
    visits.close()
    assert faults == []


@pytest.fixture
def page(visit: Visits) -> Page:
    """The first page of an employee."""
    return visit("/").page
