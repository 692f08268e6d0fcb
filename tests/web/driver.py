"""The page in Chromium as a person uses it, with everything that it must never do written down."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
COUNT_VIOLATIONS = """
window.cspViolations = [];
document.addEventListener('securitypolicyviolation', (event) =>
  window.cspViolations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""
# A busy machine is no fault of the page's; what it may cost is measured in test_budgets.py.
expect.set_options(timeout=15_000)


def settled(page: Page) -> None:
    """Waits for the parts of a page that are being fetched: what comes moves what is below it."""
    expect(page.locator(":is(p, .findings)[aria-busy=true]")).to_have_count(0)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Watch:
    """Notes every console error, crash, foreign request and policy violation of a page.

    ``others`` are the origins beside its own that it may ask, such as the identity provider's.
    """

    page: Page
    origin: str
    others: frozenset[str] = frozenset()
    expected_statuses: set[int] = field(default_factory=lambda: {401})
    faults: list[str] = field(default_factory=list)

    def begin(self) -> None:
        self.page.add_init_script(COUNT_VIOLATIONS)
        self.page.on("console", self.on_console)
        self.page.on("pageerror", lambda error: self.faults.append(f"crash: {error}"))
        self.page.on("request", self.on_request)

    def on_console(self, message: ConsoleMessage) -> None:
        refused = any(f"status of {status}" in message.text for status in self.expected_statuses)
        if message.type in ("error", "warning") and not refused:
            self.faults.append(f"console: {message.text}")

    def on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if f"{address.scheme}://{address.netloc}" not in {self.origin, *self.others}:
            self.faults.append(f"foreign: {request.url}")

    def violations(self) -> list[str]:
        return list(self.page.evaluate("window.cspViolations ?? []"))


def ask(page: Page, question: str) -> None:
    """Types a question and sends it with Enter."""
    field = page.get_by_role("textbox")
    field.fill(question)
    field.press("Enter")


def wait_for_answer(page: Page) -> None:
    """Waits until the newest answer has ended, in whatever way."""
    expect(page.locator(".answer").last).to_have_attribute("aria-busy", "false", timeout=30_000)


def axe(page: Page, source: Path) -> list[str]:
    """What axe finds wrong with the page as it stands: rule, and the elements that break it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(source.read_text("utf-8"))
    results = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{fault['id']}: {[node['html'][:160] for node in fault['nodes']]}" for fault in results["violations"]
    ]
