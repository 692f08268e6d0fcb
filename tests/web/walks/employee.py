"""The pages of an employee."""

from playwright.sync_api import Locator, Page

from tests.web.sights import Sight, go
from tests.web.walks.seeds import Seeds


def start(page: Page, _: Seeds) -> Locator:
    go(page, "/")
    return page.locator(".choice").nth(1)


def document(page: Page, seeds: Seeds) -> Locator:
    go(page, f"/dokument/{seeds.document}?sida=1&fran=29&till=91")
    return page.locator("mark").first


def settings(page: Page, _: Seeds) -> Locator:
    go(page, "/installningar")
    return page.locator(".radios").first


def shelf(page: Page, seeds: Seeds) -> Locator:
    go(page, "/dokument")
    return page.locator(".shelf-item").first


def deleting(page: Page, _: Seeds) -> Locator:
    page.locator(".shelf-actions .icon-button").nth(1).click()
    return page.locator(".button-danger")


def filled(page: Page, seeds: Seeds) -> Locator:
    page.keyboard.press("Escape")
    go(page, f"/dokument/samling/{seeds.collection}")
    return page.locator(".state-failed")


def picture(page: Page, seeds: Seeds) -> Locator:
    go(page, f"/dokument/{seeds.pdf}?sida=1&fran=0&till=8&vy=bild")
    return page.locator(".paper-mark")


def nowhere(page: Page, _: Seeds) -> Locator:
    go(page, "/finns/inte")
    return page.locator("h1")


SIGHTS = [
    Sight("/", "nothing asked yet", start),
    Sight("/dokument", "collections", shelf),
    Sight("/dokument", "a collection to be deleted", deleting),
    Sight("/dokument/samling/$collection", "documents, one of them failed", filled),
    Sight("/dokument/$document", "a passage marked", document),
    Sight("/dokument/$document", "a passage marked on the page as it looks", picture),
    Sight("/installningar", "what one chooses", settings),
    Sight("*", "an address that leads nowhere", nowhere),
]
