"""The scripted gateway, and a page that is watched in front of it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.web.driver import Watch
from tests.web.scripted.gateway import ScriptedGateway


class StreamWatch(Watch):
    """The same watch, for a gateway whose streams carry no `no-store`: it sees an answer that is broken off.

    Under `no-store` Chromium calls a stream aborted that was read to its end (microsoft/playwright#42742).
    """

    may_stop = False

    def begin(self) -> None:
        super().begin()
        self.page.on("requestfailed", self.on_failure)

    def on_failure(self, request: Request) -> None:
        if urlsplit(request.url).path == "/api/answers" and not self.may_stop:
            self.faults.append(f"broken off: {request.failure}")


@pytest.fixture
def gateway(dist: Path) -> Iterator[ScriptedGateway]:
    with ScriptedGateway(dist) as running:
        yield running


@pytest.fixture
def visit(browser: Browser, gateway: ScriptedGateway) -> Iterator[Callable[..., Watch]]:
    """Opens the page for a new visitor; at the end nothing forbidden may have happened on any page."""
    watches: list[Watch] = []

    def open_page(path: str = "/auth/login", **context: object) -> Watch:
        settings = {"viewport": {"width": 1366, "height": 768}, "locale": "sv-SE", **context}
        page = browser.new_context(**settings).new_page()
        page.set_default_timeout(15_000)
        watch = StreamWatch(page, gateway.address)
        watch.begin()
        page.goto(gateway.address + path)
        page.locator("h1").wait_for()
        watches.append(watch)
        return watch

    yield open_page
    faults = [fault for watch in watches for fault in [*watch.faults, *watch.violations()]]
    for watch in watches:
        watch.page.context.close()
    assert faults == []


@pytest.fixture
def page(visit: Callable[..., Watch]) -> Page:
    """A person who has logged in."""
    return visit().page
