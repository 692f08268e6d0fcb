"""`make screens`: pictures of every page of a running lab, in both themes and widths, in ./screens, to be looked at."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.behaviour.labs import ROOT, RunningLab
from tests.browser.person import PersonAtBrowser

pytestmark = [pytest.mark.browser, pytest.mark.lab, pytest.mark.timeout(900)]

FOLDER = ROOT / "screens"
HEIGHTS = {1366: 768, 360: 740}
UNSUPPORTED = "Vem vann fotbollsmatchen i lördags?"
ENGLISH = "How many days a week may I work from home?"


@dataclass(frozen=True)
class Album:
    """The pictures that one person takes, in a folder, with an ending to their names."""

    person: PersonAtBrowser
    folder: Path
    ending: str = ""

    def take(self, what: str) -> None:
        """One picture of what the window shows now."""
        self.person.page.wait_for_timeout(400)  # for what fades in
        self.person.page.screenshot(path=self.folder / f"{what}{self.ending}.png")


@pytest.mark.parametrize("width", HEIGHTS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_has_its_picture(
    embedded: RunningLab, sit_down: Callable[..., PersonAtBrowser], theme: str, width: int
) -> None:
    FOLDER.mkdir(exist_ok=True)
    person = sit_down(embedded, **window(theme, width))
    album = Album(person, FOLDER, f"-{width}-{theme}")
    way_in(album)
    menus(album)
    answers(album)
    elsewhere(album)


@pytest.mark.full
@pytest.mark.parametrize("width", HEIGHTS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_of_the_real_login_has_its_picture(
    full: RunningLab, sit_down: Callable[..., PersonAtBrowser], theme: str, width: int
) -> None:
    FOLDER.mkdir(exist_ok=True)
    person = sit_down(full, **window(theme, width))
    album = Album(person, FOLDER, f"-{width}-{theme}")
    page = person.page
    page.get_by_role("link", name="Logga in").click()
    page.locator("#username").wait_for()
    album.take("keycloak-name")
    page.locator("#username").fill(person.username)
    page.keyboard.press("Enter")
    page.locator("#password").wait_for()
    album.take("keycloak-password")
    page.locator("#password").fill("fel")
    page.keyboard.press("Enter")
    page.locator("#input-error-password, #input-error").first.wait_for()
    album.take("keycloak-refused")


def window(theme: str, width: int) -> dict[str, object]:
    """The settings of a browser of that theme and width: the narrow one is a phone."""
    viewport = {"width": width, "height": HEIGHTS[width]}
    return {
        "viewport": viewport,
        "color_scheme": theme,
        "is_mobile": width < 600,
        "has_touch": width < 600,
    }


def way_in(album: Album) -> None:
    """The page of someone who is not logged in, the identity provider's, and the first page inside."""
    person, page = album.person, album.person.page
    album.take("login")
    page.get_by_role("link", name="Logga in").click()
    page.locator("#username").wait_for()
    album.take("provider")
    person.show_credentials()
    expect(page.get_by_role("heading", name="Vad vill du veta?")).to_be_visible()
    expect(page.locator(".choice")).to_have_count(2)
    album.take("start")


def menus(album: Album) -> None:
    """Everything that opens over the first page."""
    page = album.person.page
    opened = {
        "models": re.compile("Svarssätt"),
        "collections": re.compile("Dokument:"),
        "account": "Konto och inställningar",
        "notice": "Läs mer",
    }
    for what, name in opened.items():
        page.get_by_role("button", name=name).first.click()
        album.take(what)
        page.keyboard.press("Escape")


def answers(album: Album) -> None:
    """Quotations, a source beside them, nothing found, an answer that a model writes, and all conversations."""
    person, page = album.person, album.person.page
    person.ask()
    album.take("answer")
    person.open_source()
    album.take("source")
    page.keyboard.press("Escape")
    person.ask(UNSUPPORTED)
    album.take("unsupported")
    person.ask(ENGLISH)
    album.take("generated")
    page.get_by_role("textbox", name="Din fråga").fill("Gäller det 811218-9876?")
    page.get_by_role("button", name="Fråga", exact=True).click()
    page.get_by_role("dialog").wait_for()
    album.take("personal-number")
    page.get_by_role("button", name="Avbryt").last.click()
    page.get_by_role("textbox", name="Din fråga").fill("")
    page.goto(f"{person.lab.described.url}/samtal")
    page.locator(".history-list li").first.wait_for()
    album.take("history")
    page.get_by_role("searchbox").fill("distans")
    page.locator(".history-snippet").first.wait_for()
    album.take("found")


def elsewhere(album: Album) -> None:
    """A document's own page, one that is not there, an address that leads nowhere, and the page in English."""
    page = album.person.page
    person = album.person
    person.page.goto(person.lab.described.url)
    person.ask()
    person.open_source()
    page.get_by_role("link", name="Öppna dokumentet").click()
    expect(page.locator(".sheet mark").first).to_be_visible()
    album.take("document")
    page.goto(f"{person.lab.described.url}/finns/inte")
    page.locator("h1").wait_for()
    album.take("not-found")
    page.goto(person.lab.described.url)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    album.take("english")
