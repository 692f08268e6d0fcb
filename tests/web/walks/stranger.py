"""What is shown to those who are not logged in."""

from playwright.sync_api import Locator, Page

from tests.web.sights import Sight, go
from tests.web.walks.seeds import Seeds


def way_in(page: Page, _: Seeds) -> Locator:
    go(page, "/")
    return page.locator(".login")


ROLE = None
SIGHTS = [Sight("/", "the way in", way_in)]
