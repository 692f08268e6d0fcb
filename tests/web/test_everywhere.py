"""Every page of every role and its main states, in both languages, themes and widths: axe, reflow, titles, headings."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.house import WebHouse
from tests.web.sights import Look, Sight, go, routes
from tests.web.visiting import Visits

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


def start(page: Page):
    go(page, "/")
    return page.locator(".choice").nth(1)


def nowhere(page: Page):
    go(page, "/finns/inte")
    return page.locator("h1")


EMPLOYEE = [Sight("/", "empty", start), Sight("*", "nowhere", nowhere)]
ALL: dict[str | None, list[Sight]] = {"employee": EMPLOYEE}


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("role", ALL)
def test_nothing_is_wrong_on_any_page(
    visit: Visits, axe_source: Path, role: str | None, language: str
) -> None:
    watch = visit(role=role, language=language)
    look = Look(watch.page, axe_source)
    titles: dict[str, str] = {}
    faults: list[str] = []
    import time
    for sight in ALL[role]:
        t=time.time()
        faults += look.faults(sight)
        print(sight, time.time()-t)
        titles.setdefault(sight.route, watch.page.title())
    assert faults == []
    assert len(set(titles.values())) == len(titles), titles


def test_every_route_is_looked_at() -> None:
    assert {sight.route for sights in ALL.values() for sight in sights} - {"*"} == routes()
