"""The pages of an organisation's administrator."""

from playwright.sync_api import Locator, Page

from tests.web.sights import Sight, go
from tests.web.walks.seeds import Seeds

PLACE = "/administration"


def members(page: Page, _: Seeds) -> Locator:
    go(page, PLACE)
    page.get_by_role("heading", level=1).wait_for()
    return page.locator(".member").nth(2)


def nobody(page: Page, _: Seeds) -> Locator:
    go(page, f"{PLACE}?sok=finns-inte-alls")
    return page.locator(".part p", has_text="Ingen medlem").or_(page.locator(".part p", has_text="No member"))


def roles(page: Page, seeds: Seeds) -> Locator:
    members(page, seeds).wait_for()
    page.locator(".member-actions button").first.click()
    return page.locator(".window .role-box").nth(3)


def adding(page: Page, seeds: Seeds) -> Locator:
    _closed(page)
    members(page, seeds).wait_for()
    page.locator(".part-head .button").click()
    for role in (2, 3):
        page.locator(".window .role-box").nth(role).click()
    return page.locator(".window .field-fault")


def removing(page: Page, seeds: Seeds) -> Locator:
    _closed(page)
    members(page, seeds).wait_for()
    page.locator(".member-actions button").nth(1).click()
    return page.locator(".window .button-danger")


def _closed(page: Page) -> None:
    if page.locator(".window").count():
        page.keyboard.press("Escape")
        page.locator(".window").wait_for(state="detached")


SIGHTS = [
    Sight(PLACE, "members, message, collections, retention", members),
    Sight(PLACE, "nobody found", nobody),
    Sight(PLACE, "the roles of one", roles),
    Sight(PLACE, "roles that nobody has at once", adding),
    Sight(PLACE, "the last question", removing),
]
