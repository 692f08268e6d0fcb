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


def nowhere(page: Page, _: Seeds) -> Locator:
    go(page, "/finns/inte")
    return page.locator("h1")


SIGHTS = [
    Sight("/", "nothing asked yet", start),
    Sight("/dokument/$document", "a passage marked", document),
    Sight("/installningar", "what one chooses", settings),
    Sight("*", "an address that leads nowhere", nowhere),
]
