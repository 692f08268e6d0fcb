"""What is shown to those who are not logged in."""

from playwright.sync_api import Locator, Page

from tests.web.sights import Sight, go
from tests.web.walks.seeds import Seeds


def way_in(page: Page, _: Seeds) -> Locator:
    go(page, "/")
    return page.locator(".login")


def about(page: Page, _: Seeds) -> Locator:
    go(page, "/om")
    return page.locator(".versions")


def privacy(page: Page, _: Seeds) -> Locator:
    go(page, "/integritet")
    return page.locator("main .prose").first


def accessibility(page: Page, _: Seeds) -> Locator:
    go(page, "/tillganglighet")
    return page.locator("main .prose").first


ROLE = None
SIGHTS = [
    Sight("/", "the way in", way_in),
    Sight("/om", "about", about),
    Sight("/integritet", "personal data", privacy),
    Sight("/tillganglighet", "the accessibility statement", accessibility),
]
