"""People at the browser: logged in once for each role by the provider's real login form, then let in at once."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.auth.providers import password_of
from tests.gateway.people import HERE
from tests.web.driver import Watch
from tests.web.house import WebHouse, login_name

_WINDOW = {"viewport": {"width": 1366, "height": 768}, "locale": "sv-SE"}
_PATIENCE = 15_000
SESSION = "__Host-valv"
# As a person who has chosen the language before; what is chosen later stays.
_PREFERS = "localStorage.getItem('valv.preferences') ?? localStorage.setItem('valv.preferences', '{\"language\": \"%s\"}')"


@dataclass
class Visits:
    """``visit(path, role, tenant)``: a watched page of that person; ``role=None`` is nobody yet.

    ``own_login=True`` logs in anew, for a test that logs out or lets its session end. ``language`` is what was chosen on this device before. Anything else is a setting of
    Playwright's browser context (``viewport``, ``color_scheme``, ``is_mobile``…).
    """

    browser: Browser
    house: WebHouse
    logins: dict[tuple[str, str], dict[str, object]]
    watches: list[Watch] = field(default_factory=list)

    def __call__(
        self,
        path: str = "/",
        role: str | None = "employee",
        tenant: str = HERE,
        *,
        own_login: bool = False,
        language: str = "sv",
        **context: object,
    ) -> Watch:
        state = None if role is None else self.state(role, tenant, own_login=own_login)
        page = self.browser.new_context(**_WINDOW | {"storage_state": state} | context).new_page()
        watch = self._watched(page, expected={401} if role is None else set())
        if language != "sv":
            page.add_init_script(_PREFERS % language)
        page.goto(self.house.url + path)
        page.locator("h1").first.wait_for()
        return watch

    def tab(self, watch: Watch, path: str = "/") -> Watch:
        """Another tab of the same browser."""
        page = watch.page.context.new_page()
        other = self._watched(page, expected=set(watch.expected_statuses))
        page.goto(self.house.url + path)
        page.locator("h1").first.wait_for()
        return other

    def faults(self) -> list[str]:
        """Everything forbidden that happened until now, on any page."""
        return [fault for watch in self.watches for fault in [*watch.faults, *watch.violations()]]

    def close(self) -> None:
        for watch in self.watches:
            watch.page.context.close()

    def _watched(self, page: Page, expected: set[int]) -> Watch:
        page.set_default_timeout(_PATIENCE)
        watch = Watch(page, self.house.url, frozenset({self.house.provider}), expected)
        watch.begin()
        self.watches.append(watch)
        return watch

    def state(self, role: str, tenant: str = HERE, *, own_login: bool = False) -> dict[str, object]:
        """The cookies of that person's browser after a login."""
        if own_login:
            return self._fresh(role, tenant)
        kept = self.logins.get((role, tenant))
        if kept is None or not self.house.knows(_session(kept)):
            kept = self.logins[role, tenant] = self._fresh(role, tenant)
        return kept

    def _fresh(self, role: str, tenant: str) -> dict[str, object]:
        with _borrowed(self.browser) as context:
            page = context.new_page()
            page.set_default_timeout(_PATIENCE)
            page.goto(f"{self.house.url}/auth/login?return_to=/healthz")
            show_credentials(page, login_name(role, tenant))
            page.wait_for_url(f"{self.house.url}/healthz")
            return dict(context.storage_state())


def show_credentials(page: Page, username: str) -> None:
    """Fill in the provider's form."""
    page.locator("#username").fill(username)
    page.locator("#password").fill(password_of(username))
    page.keyboard.press("Enter")


def log_out(page: Page) -> None:
    """By the account menu."""
    page.get_by_role("button", name=re.compile("Konto")).click()
    page.get_by_role("menuitem", name="Logga ut").click()
    expect(page.get_by_role("link", name="Logga in", exact=True)).to_be_visible()


def _session(state) -> str:
    return next((each["value"] for each in state["cookies"] if each["name"] == SESSION), "")


@contextmanager
def _borrowed(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(**_WINDOW)
    try:
        yield context
    finally:
        context.close()
