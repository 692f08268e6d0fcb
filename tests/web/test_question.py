"""The field of the question in a real browser: what is typed is kept, checked, and sent as it was meant."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.web.house import WebHouse
from tests.web.talking import (
    ask,
    field,
    wait_for_answer,
)
from tests.web.visiting import Visits

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200), pytest.mark.usefixtures("nothing_said")]


def test_what_is_typed_without_a_network_is_said_not_to_be_saved_and_is_when_it_is_back(
    visit: Visits, house: WebHouse
) -> None:
    watch = visit("/")
    page = watch.page
    unsaved = page.get_by_text("Det du skriver är inte sparat än")
    page.context.set_offline(True)
    field(page).fill("Skrivet utan nät")
    expect(unsaved).to_be_visible()
    page.context.set_offline(False)
    expect(unsaved).to_have_count(0)
    house.until(lambda: _draft(house) == "Skrivet utan nät")
    watch.faults[:] = [each for each in watch.faults if "ERR_INTERNET_DISCONNECTED" not in each]


def test_what_is_typed_is_on_the_server_and_follows_to_another_browser(
    visit: Visits, house: WebHouse
) -> None:
    page = visit("/").page
    field(page).fill("Halvskriven fråga")
    house.until(lambda: _draft(house) == "Halvskriven fråga")
    assert "fråga" not in page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    elsewhere = visit("/").page
    expect(field(elsewhere)).to_have_value("Halvskriven fråga")
    ask(elsewhere, "Halvskriven fråga")
    wait_for_answer(elsewhere)
    assert _draft(house) == ""


def test_what_is_typed_a_moment_before_the_page_goes_is_kept(page: Page, house: WebHouse) -> None:
    field(page).fill("I sista stund")
    page.goto("about:blank")
    house.until(lambda: _draft(house) == "I sista stund")


def _draft(house: WebHouse) -> str:
    with house.api() as http:
        return str(http.get("/api/conversations/draft").json()["text"])


def test_ten_thousand_pasted_characters_are_typed_on_at_once(page: Page) -> None:
    text = ("Ett stycke om distansarbete. " * 400)[:10_000]
    field(page).focus()
    page.evaluate("text => document.execCommand('insertText', false, text)", text)
    expect(field(page)).to_have_value(text)
    began = time.monotonic()
    page.keyboard.type(" och mer", delay=0)
    expect(field(page)).to_have_value(text + " och mer")
    assert time.monotonic() - began < 5


def test_enter_sends_shift_enter_is_a_line_and_composed_letters_are_left_alone(page: Page) -> None:
    field(page).fill("En rad")
    field(page).press("Shift+Enter")
    expect(field(page)).to_have_value("En rad\n")
    page.evaluate("""() => document.activeElement.dispatchEvent(
      new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true, isComposing: true}))""")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vad vill du veta?")
    field(page).press("Enter")
    expect(page.locator(".question")).to_be_visible()


def test_a_task_writes_a_question_with_its_blank_marked_and_sends_nothing(
    page: Page, house: WebHouse
) -> None:
    page.get_by_role("button", name=re.compile("Hitta i våra styrdokument")).click()
    expect(field(page)).to_have_value("Vad säger våra styrdokument om [ämne]?")
    page.keyboard.type("resor")
    expect(field(page)).to_have_value("Vad säger våra styrdokument om resor?")
    assert house.asked == []


def test_a_personal_number_is_asked_about_and_hidden_by_the_safe_choice(page: Page, house: WebHouse) -> None:
    field(page).fill("Gäller det 811218-9876?")
    field(page).press("Enter")
    dialog = page.get_by_role("dialog", name="Det ser ut att stå ett personnummer i frågan")
    expect(dialog.get_by_role("button", name="Dölj och skicka")).to_be_focused()
    dialog.get_by_role("button", name="Avbryt").last.click()
    expect(field(page)).to_have_value("Gäller det 811218-9876?")
    assert house.asked == []
    field(page).press("Enter")
    dialog.get_by_role("button", name="Dölj och skicka").click()
    expect(page.locator(".question > p")).to_have_text("Gäller det [personnummer]?")
    wait_for_answer(page)
    assert "811218" not in str(house.asked)
    field(page).fill("Nu då, 811218-9876?")
    field(page).press("Enter")
    dialog.get_by_role("button", name="Skicka ändå").click()
    expect(page.locator(".question > p").last).to_have_text("Nu då, 811218-9876?")


def test_a_question_that_is_not_taken_stays_in_the_field_with_the_reason(
    visit: Visits, house: WebHouse
) -> None:
    watch = visit("/")
    watch.expected_statuses.add(400)
    page = watch.page
    field(page).fill("x" * 33_000)
    page.get_by_role("button", name="Fråga", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("högst 32000 tecken")
    expect(field(page)).to_have_value("x" * 33_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Vad vill du veta?")
