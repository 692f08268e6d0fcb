"""The page of who keeps the installation running."""

from playwright.sync_api import Locator, Page

from tests.web.sights import Sight, go
from tests.web.walks.seeds import Seeds

PLACE = "/drift"


def installation(page: Page, _: Seeds) -> Locator:
    go(page, PLACE)
    return page.locator(".figures tbody tr").first


SIGHTS = [Sight(PLACE, "parts, models, ledger, organisations", installation)]
