"""A person's conversations in a real browser: found again, renamed, deleted, and nobody else's."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.house import WebHouse
from tests.web.talking import (
    conversation_of,
    field,
)
from tests.web.visiting import Visits, log_out

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200), pytest.mark.usefixtures("nothing_said")]


def test_history_is_searched_opened_at_the_words_renamed_and_deleted_by_name(
    page: Page, house: WebHouse
) -> None:
    house.writes("Svaret nämner **blåbärsplockning** i skogen.")
    first = house.conversation("Vad gör vi i höst?")
    house.writes("Nej.")
    house.conversation("Något helt annat?")
    page.reload()
    page.get_by_role("searchbox", name="Sök i dina samtal").fill("BLÅBÄRS")
    hit = page.get_by_role("link", name=re.compile("Vad gör vi i höst"))
    expect(hit.locator("mark")).to_have_text("blåbärs")
    expect(page.get_by_role("status")).to_have_text("1 samtal hittades.")
    hit.click()
    expect(page.locator(".answer.sought")).to_be_in_viewport()
    page.wait_for_function("[...CSS.highlights.get('found') ?? []].map(String)[0] === 'blåbärs'")
    assert "blåbär" not in page.url.lower()
    assert conversation_of(page) == first

    page.get_by_role("searchbox").fill("")
    page.get_by_role("button", name="Mer om samtalet Vad gör vi i höst?").first.click()
    page.get_by_role("menuitem", name="Byt namn").click()
    page.get_by_role("textbox", name="Namn").fill("Höstens plockning")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Höstens plockning")
    page.get_by_role("button", name="Mer om samtalet Höstens plockning").first.click()
    page.get_by_role("menuitem", name="Ta bort").click()
    dialog = page.get_by_role("dialog", name="Ta bort ”Höstens plockning”?")
    expect(dialog.get_by_role("button", name="Behåll")).to_be_focused()
    dialog.get_by_role("button", name="Ta bort").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vad vill du veta?")
    expect(page.locator(".history-list .history-title")).to_have_text(["Något helt annat?"])
    with house.api() as http:
        assert http.get(f"/api/conversations/{first}").status_code == 404


def test_a_long_history_is_fetched_a_page_at_a_time(page: Page, house: WebHouse) -> None:
    for number in range(33):
        house.conversation(f"Samtal {number}")
    page.reload()
    entries = page.locator(".history-list li")
    expect(entries).to_have_count(30)
    page.get_by_role("button", name="Visa fler").click()
    expect(entries).to_have_count(33)
    expect(page.get_by_role("button", name="Visa fler")).to_have_count(0)


def test_on_a_phone_the_history_is_a_page_of_its_own(visit: Visits, house: WebHouse) -> None:
    made = house.conversation("Från datorn")
    page = visit("/", viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True).page
    page.get_by_role("link", name="Alla samtal").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dina samtal")
    page.get_by_role("link", name=re.compile("Från datorn")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Från datorn")
    assert conversation_of(page) == made
    field(page).fill("En rad")
    field(page).press("Enter")
    expect(field(page)).to_have_value("En rad\n")


def test_another_persons_conversation_does_not_exist(visit: Visits, house: WebHouse) -> None:
    made = house.conversation("Bara min", role="prototyper")
    watch = visit("/")
    watch.expected_statuses.add(404)
    watch.page.goto(f"{house.url}/c/{made}")
    expect(watch.page.get_by_role("heading", level=1)).to_have_text("Samtalet finns inte")


def test_logging_out_leaves_nothing_in_the_browser(visit: Visits, house: WebHouse) -> None:
    watch = visit("/", own_login=True)
    watch.expected_statuses.add(401)
    page = watch.page
    field(page).fill("Halvskriven fråga")
    log_out(page)
    assert page.evaluate("sessionStorage.length") == 0
    assert "fråga" not in page.evaluate("JSON.stringify({...localStorage})")
