"""Axe in every state, language, theme and width, and no sideways scrolling at 320 px."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.driver import Watch, ask, axe, wait_for_answer

pytestmark = pytest.mark.browser

WIDTHS = {1366: 768, 360: 740}


def start(page: Page) -> None:
    expect(page.locator(".choice")).to_have_count(2)


def model_menu(page: Page) -> None:
    page.locator(".choice").first.click()
    expect(page.get_by_role("menuitemradio")).to_have_count(4)


def account_menu(page: Page) -> None:
    page.keyboard.press("Escape")
    page.locator(".bar > .icon-button").click()
    expect(page.get_by_role("menuitem")).to_have_count(2)


def notice(page: Page) -> None:
    page.keyboard.press("Escape")
    page.locator(".notice button").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def quotes(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    ask(page, "Hur ofta?")
    wait_for_answer(page)
    expect(page.locator(".quotes li")).to_have_count(2)


def panel(page: Page) -> None:
    page.locator(".origin").first.click()
    expect(page.locator(".sheet mark")).to_be_visible()


def prose(page: Page) -> None:
    page.keyboard.press("Escape")
    model_menu(page)
    page.get_by_role("menuitemradio").nth(3).click()
    ask(page, "Sammanfatta")
    wait_for_answer(page)
    expect(page.locator(".prose table")).to_be_visible()


def hostile(page: Page) -> None:
    ask(page, "fientlig")
    wait_for_answer(page)
    expect(page.locator(".blocked").first).to_be_visible()


def leaving(page: Page) -> None:
    page.locator(".link-button").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def fault(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    ask(page, "loggen")
    wait_for_answer(page)


def unsupported(page: Page) -> None:
    ask(page, "stöd")
    wait_for_answer(page)


def document(page: Page) -> None:
    page.goto(page.url + "dokument/policy?sida=3&fran=10&till=90")
    expect(page.locator(".sheet mark")).to_be_visible()


def login(page: Page) -> None:
    page.context.clear_cookies()
    page.reload()
    expect(page.locator(".login")).to_be_visible()


WALK = [
    start,
    model_menu,
    account_menu,
    notice,
    quotes,
    panel,
    prose,
    hostile,
    leaving,
    fault,
    unsupported,
    document,
    login,
]


@pytest.mark.timeout(400)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_axe_finds_nothing_in_any_state(
    visit: Callable[..., Watch], axe_source: Path, width: int, theme: str, language: str
) -> None:
    watch = visit(viewport={"width": width, "height": WIDTHS[width]}, color_scheme=theme)
    watch.expected_statuses.add(503)
    if language == "en":
        watch.page.get_by_role("button", name="English").click()
        expect(watch.page.locator("html")).to_have_attribute("lang", "en")
    found = {}
    for state in WALK:
        state(watch.page)
        found[state.__name__] = axe(watch.page, axe_source)
    assert found == {state.__name__: [] for state in WALK}


def test_nothing_scrolls_sideways_at_320_pixels(visit: Callable[..., Watch]) -> None:
    watch = visit(viewport={"width": 320, "height": 640})
    watch.expected_statuses.add(503)
    widths = {}
    for state in WALK:
        state(watch.page)
        widths[state.__name__] = watch.page.evaluate("document.documentElement.scrollWidth")
    assert widths == {state.__name__: 320 for state in WALK}
