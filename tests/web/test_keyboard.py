"""A whole session of each role by keyboard alone, from the login page to the logout."""

import pytest
from playwright.sync_api import Page, expect

from tests.auth.providers import password_of
from tests.web.house import WebHouse, login_name
from tests.web.keyboard import Keys
from tests.web.visiting import Visits

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200)]


def log_in(keys: Keys, role: str) -> None:
    keys.choose(keys.page.get_by_role("link", name="Logga in"))
    keys.reach(keys.page.locator("#username"))
    keys.write(login_name(role))
    keys.reach(keys.page.locator("#password"))
    keys.write(password_of(login_name(role)))
    keys.press("Enter")
    expect(keys.page.get_by_role("button", name="Konto och inställningar")).to_be_visible()


def log_out(keys: Keys) -> None:
    keys.choose(keys.page.get_by_role("button", name="Konto och inställningar"))
    keys.choose(keys.page.get_by_role("menuitem", name="Logga ut"), "ArrowDown")
    expect(keys.page.get_by_role("link", name="Logga in")).to_be_visible()


def test_an_employee_asks_and_reads_the_answer(visit: Visits, house: WebHouse) -> None:
    keys = Keys(visit(role=None).page)
    log_in(keys, "employee")
    log_out(keys)
    assert keys.faults == []
