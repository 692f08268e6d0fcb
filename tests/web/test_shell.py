"""The frame of every page: where one lands, what outlives the session, what is chosen, what is said when it breaks."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from gateway.app import compose
from gateway.catalogues import read_catalogues
from tests.gateway.people import HERE, IN_TWO, THERE
from tests.gateway.serving import served
from tests.web.house import WebHouse
from tests.web.visiting import Visits, log_out, show_credentials

pytestmark = pytest.mark.browser

PUBLIC = {
    "/om": "Om Valv",
    "/integritet": "Personuppgifter i Valv",
    "/tillganglighet": "Tillgänglighets\u00adredogörelse",  # broken there where the window is narrow
}


def heading(page: Page) -> Any:
    return page.get_by_role("heading", level=1)


# Where one lands.


def test_who_may_not_ask_does_not_land_on_a_page_that_refuses_them(visit: Visits) -> None:
    page = visit("/", role="security-officer").page
    expect(heading(page)).not_to_have_text("Vad vill du veta?")
    expect(
        page.get_by_role("navigation", name="Valvs delar").get_by_role("link", name="Fråga")
    ).to_have_count(0)


@pytest.mark.parametrize(("role", "place"), [("security-officer", "/granskning"), ("operator", "/drift")])
def test_each_begins_at_the_first_page_that_is_theirs(
    visit: Visits, house: WebHouse, role: str, place: str
) -> None:
    page = visit("/", role=role).page
    page.wait_for_url(f"{house.url}{place}")
    expect(heading(page)).not_to_have_text("Det här får du inte göra")
    expect(page.locator(".way-here")).to_have_count(1)


def test_the_navigation_shows_what_one_may_do_and_where_one_is(visit: Visits) -> None:
    page = visit("/installningar").page
    ask = page.get_by_role("navigation", name="Valvs delar").get_by_role("link", name="Fråga")
    assert ask.get_attribute("aria-current") is None
    ask.click()
    expect(heading(page)).to_be_focused()
    expect(ask).to_have_attribute("aria-current", "page")
    expect(page).to_have_title("Fråga – Valv")


def test_on_a_phone_the_navigation_is_a_list_behind_a_button(visit: Visits) -> None:
    page = visit("/installningar", viewport={"width": 360, "height": 740}).page
    button = page.get_by_role("button", name="Meny")
    link = page.get_by_role("navigation", name="Valvs delar").get_by_role("link", name="Fråga")
    expect(link).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    link.click()
    expect(heading(page)).to_have_text("Vad vill du veta?")
    expect(link).to_be_hidden()


def test_the_first_stop_of_the_keyboard_leads_past_the_header(visit: Visits) -> None:
    page = visit("/installningar").page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Hoppa till innehållet")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


# What outlives the session.


def test_a_session_that_ends_takes_nothing_that_was_typed(visit: Visits, house: WebHouse) -> None:
    watch = visit("/", own_login=True)
    watch.expected_statuses.add(401)
    page = watch.page
    page.get_by_role("textbox").fill("Hur länge sparas ett protokoll?")
    house.end_sessions()
    refocus(page)
    dialog = page.get_by_role("dialog", name="Du är inte längre inloggad")
    expect(dialog).to_be_visible()
    assert page.url == f"{house.url}/"
    dialog.get_by_role("button", name="Stanna och läs").click()
    expect(page.get_by_role("region", name="Du är inte längre inloggad")).to_be_visible()
    page.get_by_role("region", name="Du är inte längre inloggad").get_by_role(
        "link", name="Logga in igen"
    ).click()
    show_credentials_if_asked(page)
    expect(page.get_by_text("Ekdalens kommun")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_value("Hur länge sparas ett protokoll?")
    expect(page.get_by_text("Du är inte längre inloggad")).to_have_count(0)


def show_credentials_if_asked(page: Page) -> None:
    if page.locator("#username").count():
        show_credentials(page, f"medarbetare@{HERE}.example")


def test_who_logs_in_again_in_another_tab_goes_on_in_the_first(visit: Visits, house: WebHouse) -> None:
    watch = visit("/installningar", own_login=True)
    watch.expected_statuses.add(401)
    house.end_sessions()
    refocus(watch.page)
    expect(watch.page.get_by_role("dialog", name="Du är inte längre inloggad")).to_be_visible()
    other = watch.page.context.new_page()
    other.goto(f"{house.url}/auth/login")
    show_credentials_if_asked(other)
    expect(other.get_by_text("Ekdalens kommun")).to_be_visible()
    refocus(watch.page)
    expect(watch.page.get_by_text("Du är inte längre inloggad")).to_have_count(0)
    expect(heading(watch.page)).to_have_text("Inställningar")


def refocus(page: Page) -> None:
    page.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")


def test_one_is_warned_before_and_can_stay(visit: Visits) -> None:
    page = visit("/installningar", own_login=True).page
    asked: list[str] = []
    page.clock.install()
    page.reload()
    expect(heading(page)).to_be_visible()
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(26 * 60_000)
    dialog = page.get_by_role("dialog", name="Du loggas snart ut")
    expect(dialog).to_contain_text("Om 4 minuter loggas du ut")
    dialog.get_by_role("button", name="Fortsätt vara inloggad").click()
    expect(dialog).to_have_count(0)
    page.clock.run_for(60_000)
    assert any(url.endswith("/api/me") for url in asked)
    expect(page.get_by_role("dialog")).to_have_count(0)


# What is chosen.


def test_language_and_theme_are_chosen_and_kept(visit: Visits) -> None:
    page = visit("/installningar").page
    page.get_by_role("radio", name="English").click()
    expect(heading(page)).to_have_text("Settings")
    page.get_by_role("radio", name="Dark").click()
    page.reload()
    expect(heading(page)).to_have_text("Settings")
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dataset.theme]") == [
        "en",
        "dark",
    ]
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_language_and_theme_outlive_a_logout(visit: Visits) -> None:
    watch = visit("/installningar", own_login=True)
    watch.expected_statuses.add(401)
    page = watch.page
    page.get_by_role("radio", name="Mörkt").click()
    log_out(page)
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("Object.keys(localStorage)") == ["valv.preferences"]


def test_a_language_of_the_operators_is_found_without_a_rebuild(
    visit: Visits, house: WebHouse, tmp_path: Path
) -> None:
    words = {"language": {"name": "ייִדיש", "label": "שפּראַך"}, "login": {"title": "אַרײַנלאָגירן"}}
    (tmp_path / "yi.json").write_text(json.dumps(words), encoding="utf-8")
    (tmp_path / "sv.json").write_text(
        json.dumps({"login": {"lead": "Ekdalens egen text."}}), encoding="utf-8"
    )
    lab = replace(house.inner.lab, catalogues=read_catalogues(tmp_path))
    serving = served(compose(lab))
    url = house.run(serving.__aenter__())
    page = visit(role=None).page
    page.goto("about:blank")
    visit.watches[-1].origin = url
    page.goto(url)
    expect(page.get_by_text("Ekdalens egen text.")).to_be_visible()
    page.get_by_role("combobox", name="Språk").select_option(label="ייִדיש")
    expect(heading(page)).to_have_text("אַרײַנלאָגירן")
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["yi", "rtl"]
    expect(page.get_by_text("Ekdalens egen text.")).to_be_visible()
    page.reload()
    expect(heading(page)).to_have_text("אַרײַנלאָגירן")
    page.goto("about:blank")
    house.run(serving.__aexit__(None, None, None))


def test_who_changes_organisation_takes_nothing_along(visit: Visits, house: WebHouse) -> None:
    page = visit(role=None).page
    page.goto(f"{house.url}/auth/login?return_to=/installningar")
    show_credentials(page, IN_TWO)
    page.get_by_role("button", name="Ekdalens kommun").click()
    expect(page.locator(".organisation")).to_have_text("Ekdalens kommun")
    page.evaluate("window.formerPage = true")
    page.get_by_role("button", name="Byt till Region Norrskog").click()
    expect(page.locator(".organisation")).to_have_text("Region Norrskog")
    assert page.evaluate("window.formerPage") is None
    assert [each["type"] for each in house.records(THERE, type="auth.login")][-1:] == ["auth.login"]


def test_ones_own_conversations_are_fetched_and_deleted_when_one_has_read_what_goes(
    visit: Visits, house: WebHouse
) -> None:
    house.forget_conversations()
    house.conversation("Hur länge sparas ett protokoll?")
    page = visit("/installningar").page
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Hämta allt som en fil").click()
    assert "Hur länge sparas ett protokoll?" in Path(fetched.value.path()).read_text("utf-8")
    page.get_by_role("button", name="Ta bort allt").click()
    dialog = page.get_by_role("dialog", name="Ta bort alla dina samtal?")
    expect(dialog).to_contain_text("1 samtal tas bort")
    dialog.get_by_role("button", name="Avbryt").last.click()
    assert len(conversations(house)) == 1
    page.get_by_role("button", name="Ta bort allt").click()
    dialog.get_by_role("button", name="Ta bort allt").click()
    expect(page.locator("main").get_by_text("Alla dina samtal är borttagna.")).to_be_visible()
    assert conversations(house) == []


def conversations(house: WebHouse) -> list[object]:
    with house.api() as http:
        return list(http.get("/api/conversations").json()["items"])


# What is said when it breaks, and what everyone may read.


def test_a_page_that_breaks_gives_a_number_that_the_officer_finds(visit: Visits, house: WebHouse) -> None:
    watch = visit("/installningar")
    page = watch.page
    page.route("**/api/collections", broken)
    page.get_by_role("link", name="Fråga", exact=True).click()
    expect(heading(page)).to_have_text("Något gick fel på sidan")
    said = page.get_by_text(re.compile("Ärendenummer: "))
    (record,) = house.records(call=said.inner_text().removeprefix("Ärendenummer: "))
    assert record["type"] == "page.failed"
    assert record["detail"]["page"] == "/"
    assert record["detail"]["error"] == "TypeError"
    assert watch.faults
    watch.faults.clear()


def broken(route: Route) -> None:
    route.fulfill(json={"items": [None]})


@pytest.mark.parametrize("path", PUBLIC)
def test_what_everyone_may_read_is_read_without_logging_in(visit: Visits, path: str) -> None:
    page = visit(path, role=None, viewport={"width": 320, "height": 740}).page
    expect(heading(page)).to_have_text(PUBLIC[path])
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    expect(page).to_have_title(PUBLIC[path].replace("\u00ad", "") + " – Valv")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(heading(page)).not_to_have_text(PUBLIC[path])


def test_the_statement_says_whom_to_turn_to(visit: Visits) -> None:
    page = visit("/tillganglighet", role=None).page
    link = page.get_by_role("link", name="tillganglighet@ekdalen.example")
    expect(link).to_have_attribute("href", "mailto:tillganglighet@ekdalen.example")
