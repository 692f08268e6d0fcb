"""A whole session of each role by keyboard alone, from the login page to the logout."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.auth.providers import password_of
from tests.web.house import WebHouse, login_name
from tests.web.keyboard import Keys
from tests.web.talking import QUOTED, RULE, wait_for_answer
from tests.web.visiting import Visits

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

FILE = "riktlinje.txt"
IN_SIGHT = "node => { const {top, bottom} = node.getBoundingClientRect(); return top >= 0 && bottom <= innerHeight; }"


def test_a_stop_that_can_not_be_seen_is_found(browser_page: Page) -> None:
    browser_page.set_content("""
      <style>.bare { outline: none; box-shadow: 0 0 9px } a, p { position: fixed; inset: 4rem 0 auto; margin: 0 }</style>
      <button>Syns</button> <button class="bare">Bar</button>
      <a href="#">Under</a><p>Det som ligger över länken</p>""")
    keys = Keys(browser_page)
    keys.press("Tab", "Tab", "Tab")
    bare, under = keys.faults
    assert bare.endswith("Bar</button> shows no focus")
    assert "is covered by <p>" in under


@pytest.mark.parametrize("is_looking_elsewhere", [False, True])
def test_what_comes_in_late_pushes_nobody_out_of_sight(visit: Visits, is_looking_elsewhere: bool) -> None:
    page = visit("/", role="prototyper").page
    held: list[Route] = []
    is_held = True
    page.route("**/api/models/cards*", lambda route: held.append(route) if is_held else route.continue_())
    page.set_viewport_size({"width": 1366, "height": 600})
    page.get_by_role("link", name="Utveckla").click()
    copy = page.get_by_role("button", name="Kopiera miljövariablerna")
    copy.wait_for()
    while not copy.evaluate("node => node === document.activeElement"):
        page.keyboard.press("Tab")
    if is_looking_elsewhere:
        page.mouse.move(700, 300)
        page.mouse.wheel(0, -5_000)
        expect(copy).not_to_be_in_viewport()
    is_held = False
    for route in held:
        route.continue_()
    page.get_by_role("tab", name="Python").wait_for()
    page.wait_for_timeout(300)
    assert copy.evaluate(IN_SIGHT) is not is_looking_elsewhere


def log_in(visit: Visits, role: str) -> Keys:
    keys = Keys(visit(role=None).page)
    keys.choose(keys.page.get_by_role("link", name="Logga in", exact=True))
    keys.reach(keys.page.locator("#username"))
    keys.write(login_name(role))
    keys.reach(keys.page.locator("#password"))
    keys.write(password_of(login_name(role)))
    keys.press("Enter")
    expect(keys.page.get_by_role("button", name="Konto och inställningar")).to_be_visible()
    return keys


def log_out(keys: Keys) -> None:
    keys.choose(keys.page.get_by_role("button", name="Konto och inställningar"))
    keys.choose(keys.page.get_by_role("menuitem", name="Logga ut"), "ArrowDown")
    expect(keys.page.get_by_role("link", name="Logga in", exact=True)).to_be_visible()
    assert keys.faults == []


def go_to(keys: Keys, part: str) -> None:
    follow(keys, keys.page.get_by_role("navigation", name="Valvs delar").get_by_role("link", name=part))


def follow(keys: Keys, link: Locator, key: str = "Tab") -> None:
    """To another page: its heading has the focus then."""
    keys.choose(link, key)
    expect(heading(keys)).to_be_focused()


def heading(keys: Keys) -> Locator:
    return keys.page.get_by_role("heading", level=1)


def button(keys: Keys, name: str) -> Locator:
    return keys.page.get_by_role("button", name=name)


def test_an_employee_by_keyboard_alone(visit: Visits, house: WebHouse, tmp_path: Path) -> None:
    house.forget_conversations()
    keys = log_in(visit, "employee")
    takes_in_a_document(keys, tmp_path)
    asks_and_reads_the_source(keys)
    renames_the_conversation(keys)
    deletes_the_collection(keys)
    log_out(keys)


def takes_in_a_document(keys: Keys, folder: Path) -> None:
    go_to(keys, "Dokument")
    keys.choose(button(keys, "Ny samling"))
    keys.reach(keys.page.get_by_role("textbox", name="Namn"))
    keys.write("Utan mus")
    keys.press("Enter")
    follow(keys, keys.page.get_by_role("link", name="Utan mus"))
    expect(heading(keys)).to_have_text("Utan mus")
    (folder / FILE).write_text(RULE, encoding="utf-8")
    keys.reach(button(keys, "Välj filer"))
    with keys.page.expect_file_chooser() as chooser:
        keys.press("Enter")
    chooser.value.set_files(folder / FILE)
    expect(keys.page.get_by_role("link", name=FILE)).to_be_visible(timeout=30_000)


def asks_and_reads_the_source(keys: Keys) -> None:
    """Out of that collection and in quotations: the focus is with the source, and comes back from it."""
    page = keys.page
    go_to(keys, "Fråga")
    keys.choose(page.get_by_role("button", name=re.compile("Svarssätt:")))
    keys.choose(page.get_by_role("menuitemradio", name=re.compile("Citat")), "ArrowDown")
    keys.choose(page.get_by_role("button", name=re.compile("Dokument:")))
    keys.choose(page.get_by_role("menuitemcheckbox", name="Utan mus"), "ArrowDown")
    keys.press("Escape")
    keys.reach(page.get_by_role("textbox", name="Din fråga"), "Shift+Tab")
    keys.write(QUOTED)
    keys.press("Enter")
    expect(page.locator(".question > p")).to_have_text(QUOTED)
    wait_for_answer(page)
    source = page.get_by_role("button", name=re.compile("Källa 1 ")).first
    keys.choose(source, "Shift+Tab")
    expect(page.locator(".panel :focus")).to_have_count(1)
    expect(page.locator(".sheet mark")).to_be_in_viewport()
    keys.press("Escape")
    expect(source).to_be_focused()


def renames_the_conversation(keys: Keys) -> None:
    more = button(keys, f"Mer om samtalet {QUOTED}")
    keys.choose(more)
    keys.choose(keys.page.get_by_role("menuitem", name="Byt namn"), "ArrowDown")
    expect(keys.page.get_by_role("textbox", name="Namn")).to_be_focused()
    keys.press("Control+A")
    keys.write("Dagar hemma")
    keys.press("Enter")
    expect(heading(keys)).to_have_text("Dagar hemma")


def deletes_the_collection(keys: Keys) -> None:
    go_to(keys, "Dokument")
    keys.choose(button(keys, "Ta bort Utan mus"))
    keys.choose(button(keys, "Ta bort samlingen"))
    expect(keys.page.get_by_role("link", name="Utan mus")).to_have_count(0)


def test_a_prototyper_by_keyboard_alone(visit: Visits, house: WebHouse) -> None:
    keys = log_in(visit, "prototyper")
    go_to(keys, "Utveckla")
    follow(keys, keys.page.get_by_role("link", name="Nycklar"))
    makes_a_key(keys)
    reads_the_usage(keys, house)
    revokes_the_key(keys)
    log_out(keys)


def makes_a_key(keys: Keys) -> None:
    page, dialog = keys.page, keys.page.get_by_role("dialog")
    keys.choose(button(keys, "Skapa nyckel"))
    keys.reach(dialog.get_by_label("Namn"))
    keys.write("Utan mus")
    keys.press("Enter")
    keys.reach(dialog.get_by_label("Jag har sparat nyckeln"))
    keys.press("Space")
    keys.choose(dialog.get_by_role("button", name="Klar"))
    expect(page.get_by_role("button", name="Skapa nyckel")).to_be_focused()


def reads_the_usage(keys: Keys, house: WebHouse) -> None:
    """The table's room is a stop, so that it can be scrolled."""
    page = keys.page
    house.conversation("Hur många dagar?", role="prototyper")
    follow(keys, page.get_by_role("link", name="Användning"), "Shift+Tab")
    keys.choose(button(keys, "Visa som tabell"))
    keys.reach(page.get_by_role("region", name="Användning per dygn, nyckel och modell"))


def revokes_the_key(keys: Keys) -> None:
    page, name = keys.page, "Återkalla Utan mus"
    follow(keys, page.get_by_role("link", name="Nycklar"), "Shift+Tab")
    keys.choose(button(keys, name))
    keys.choose(page.get_by_role("alertdialog").get_by_role("button", name=name))
    expect(button(keys, name)).to_have_count(0)
    expect(page.get_by_role("heading", name="Nycklar som gäller")).to_be_focused()


def test_an_officer_by_keyboard_alone(visit: Visits, house: WebHouse) -> None:
    house.conversation("Hur många dagar på distans?")
    call = str(house.records(type="call.outcome")[-1]["call"])
    keys = log_in(visit, "security-officer")
    filters_the_log(keys, call)
    checks_a_record(keys)
    verifies_the_log(keys)
    fetches_a_package(keys)
    log_out(keys)


def filters_the_log(keys: Keys, call: str) -> None:
    page = keys.page
    keys.reach(page.get_by_label("Ärendenummer"))
    keys.write(call)
    keys.press("Enter")
    expect(page.locator(".record-way")).to_have_count(2)
    keys.choose(page.get_by_role("link", name="Visa bara Svar från en modell"))
    expect(page.locator(".record-way")).to_have_count(1)


def checks_a_record(keys: Keys) -> None:
    page = keys.page
    follow(keys, page.locator(".record-way"), "Shift+Tab")
    keys.choose(button(keys, "Kontrollera i webbläsaren"))
    expect(page.locator(".checker .note-good")).to_be_visible()


def verifies_the_log(keys: Keys) -> None:
    page = keys.page
    follow(keys, page.get_by_role("link", name="Kontroll", exact=True), "Shift+Tab")
    page.locator("#runs").wait_for()
    before = page.locator(".runs > li").count()
    keys.choose(button(keys, "Kontrollera hela loggen"))
    expect(page.locator(".runs > li")).to_have_count(before + 1)


def fetches_a_package(keys: Keys) -> None:
    page = keys.page
    follow(keys, page.get_by_role("link", name="Händelser", exact=True), "Shift+Tab")
    follow(keys, page.get_by_role("link", name="Exportera dessa"))
    keys.choose(button(keys, "Gör ett paket"))
    way = page.get_by_role("link", name=re.compile("Ladda ner")).first
    keys.reach(way)
    with page.expect_download() as download:
        keys.press("Enter")
    assert download.value.suggested_filename.endswith(".zip")


def test_an_administrator_by_keyboard_alone(visit: Visits, house: WebHouse) -> None:
    email = "utan-mus@ekdalen.example"
    house.run(house.inner.member(email, "employee"))
    keys = log_in(visit, "tenant-admin")
    go_to(keys, "Administration")
    finds_a_member(keys, email)
    for roles in (["Medarbetare", "Prototypare"], ["Medarbetare"]):
        changes_the_role_of_prototyper(keys)
        expect(keys.page.locator(".member .tag")).to_have_text(roles)
    tells_everyone(keys, "Kaffet är slut.")
    expect(keys.page.locator(".banner")).to_have_text("Kaffet är slut.")
    tells_everyone(keys, "")
    expect(keys.page.locator(".banner")).to_have_count(0)
    log_out(keys)


def finds_a_member(keys: Keys, email: str) -> None:
    keys.reach(keys.page.get_by_role("searchbox"))
    keys.write(email)
    keys.press("Enter")
    expect(keys.page.locator(".member")).to_have_count(1)


def changes_the_role_of_prototyper(keys: Keys) -> None:
    page = keys.page
    way = button(keys, "Ändra roller")
    keys.choose(way)
    keys.reach(page.get_by_role("checkbox", name="Prototypare"))
    keys.press("Space")
    keys.choose(button(keys, "Spara rollerna"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(way).to_be_focused()


def tells_everyone(keys: Keys, words: str) -> None:
    keys.reach(keys.page.get_by_label("På svenska"))
    keys.press("Control+A", "Delete")
    keys.write(words)
    keys.choose(button(keys, "Spara meddelandet"))


def test_an_operator_by_keyboard_alone(visit: Visits) -> None:
    keys = log_in(visit, "operator")
    keys.choose(button(keys, "Läs av igen"))
    expect(keys.page.get_by_role("status").filter(has_text="Avläst.")).to_have_count(1)
    keys.reach(keys.page.get_by_role("region", name="Loggarna i siffror"))
    keys.reach(keys.page.get_by_role("link", name="Tillgänglighet"))
    log_out(keys)
