"""The pages of a security officer."""

from playwright.sync_api import Locator, Page

from tests.web.sights import Sight, go
from tests.web.walks.seeds import Seeds


def log(page: Page, _: Seeds) -> Locator:
    go(page, "/granskning")
    return page.locator(".records tbody tr").first


def filtered(page: Page, _: Seeds) -> Locator:
    go(page, "/granskning?from=24h&action=doc.&actor=p_0123456789")
    return page.locator(".log-none")


def table(page: Page, _: Seeds) -> Locator:
    go(page, "/granskning?action=doc.ingest")
    page.locator(".histogram summary").wait_for()
    if not page.locator(".histogram details[open]").count():
        page.locator(".histogram summary").click()
    return page.locator(".histogram table")


def record(page: Page, _: Seeds) -> Locator:
    go(page, "/granskning/0")
    return page.locator(".record-fields")


def checked(page: Page, _: Seeds) -> Locator:
    go(page, "/granskning/0")
    page.locator(".checker button").click()
    return page.locator(".checker .note-good")


def verified(page: Page, _: Seeds) -> Locator:
    go(page, "/granskning/verifiering")
    page.locator("#runs").wait_for()  # the page before it has buttons too
    if not page.locator(".run").count():
        page.locator(".audit button.button").first.click()
    return page.locator(".run").first


def exported(page: Page, _: Seeds) -> Locator:
    go(page, "/granskning/exporter?action=doc.ingest")
    page.locator("#export-what").wait_for()
    if not page.locator(".run .digest").count():
        page.locator(".job-part button.button").first.click()
    return page.locator(".run .digest").first


SIGHTS = [
    Sight("/granskning", "the log", log),
    Sight("/granskning", "nothing found", filtered),
    Sight("/granskning", "the histogram as a table", table),
    Sight("/granskning/$seq", "a record", record),
    Sight("/granskning/$seq", "a record that was checked", checked),
    Sight("/granskning/verifiering", "a verification that has ended", verified),
    Sight("/granskning/exporter", "a package", exported),
]
