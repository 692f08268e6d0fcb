"""What a person does on the pages of conversations."""

import re

from playwright.sync_api import Locator, Page, expect

RULE = (
    "Riktlinje för distansarbete\n\n"
    "En medarbetare får arbeta på distans högst två dagar i veckan. "
    "Chefen beslutar om undantag för längre tid än tre månader.\n"
)
QUOTED = "Hur många dagar i veckan får en medarbetare arbeta på distans?"


def field(page: Page) -> Locator:
    """Where a question is written."""
    return page.get_by_role("textbox", name="Din fråga")


def ask(page: Page, question: str) -> None:
    """Type a question and send it with Enter; it is kept when its page shows it."""
    field(page).fill(question)
    field(page).press("Enter")
    expect(page.locator(".question > p").last).to_have_text(question)


def answers(page: Page) -> Locator:
    return page.locator(".answer")


def wait_for_answer(page: Page) -> None:
    """Until the last answer has ended, in whatever way."""
    expect(answers(page).last).to_have_attribute("aria-busy", "false", timeout=30_000)


def choose_way(page: Page, title: str) -> None:
    """Another way of answering."""
    page.get_by_role("button", name=re.compile("Svarssätt:")).click()
    page.get_by_role("menuitemradio", name=re.compile(title)).click()


def without_documents(page: Page) -> None:
    """Answers from no documents at all."""
    page.get_by_role("button", name=re.compile("Dokument:")).click()
    page.get_by_role("menuitemcheckbox", name=re.compile("Inga dokument")).click()
    page.keyboard.press("Escape")


def conversation_of(page: Page) -> str:
    """The id in the address."""
    found = re.search(r"/c/([0-9a-f]{24})", page.url)
    assert found, page.url
    return found[1]


def numbered(count: int) -> list[str]:
    """Pieces of an answer of which each can be told from every other."""
    return [f"ord{number} " for number in range(count)]


def assert_whole(page: Page, count: int) -> None:
    """Every piece is there once, in its order."""
    expect(page.locator(".prose").last).to_have_text("".join(numbered(count)).strip())
