"""The scripted gateway and a watched page in Chromium."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.web.driver import Watch, chromium
from tests.web.scripted import ScriptedGateway

WEB = Path(__file__).parents[2] / "web"


@pytest.fixture(scope="session")
def dist() -> Path:
    folder = WEB / "dist"
    if not (folder / "index.html").is_file():
        pytest.skip("the page is not built: npm ci && npm run build in web/")
    return folder


@pytest.fixture(scope="session")
def axe_source() -> Path:
    return WEB / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="module")  # its event loop must not outlive the module: async tests need their own
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


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
        watch = Watch(page, gateway.address)
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
