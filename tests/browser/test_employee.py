"""An employee's session on a running lab: a question, its sources, the conversation again, a document of their own."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.behaviour.labs import RunningLab
from tests.browser.person import QUESTION, PersonAtBrowser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

SHELF, FILE = "Fikarummets regler", "fika.txt"
RULE = "Kaffemaskinen på tredje våningen avkalkas varje torsdag av den som har vecka."
OF_IT = "När avkalkas kaffemaskinen på tredje våningen?"


def test_an_employee_from_login_to_logout(
    lab: RunningLab, sit_down: Callable[..., PersonAtBrowser], tmp_path: Path
) -> None:
    person = sit_down(lab)
    person.log_in()
    expect(person.page.get_by_text("Du pratar med en AI")).to_be_visible()
    person.ask()
    finds_every_quotation_marked_in_its_page(person)
    finds_the_conversation_again_and_renames_it(person)
    takes_in_a_document(person, tmp_path)
    asks_of_it(person)
    deletes_it(person)
    person.log_out()


def finds_every_quotation_marked_in_its_page(person: PersonAtBrowser) -> None:
    page = person.page
    quotations = page.locator(".quotes blockquote").all_inner_texts()
    assert quotations, "no answer in quotations"
    assert "arbeta på distans" in " ".join(quotations)
    for number, quotation in enumerate(quotations, start=1):
        person.open_source(number)
        marked = "".join(page.locator(".sheet mark").all_inner_texts())
        assert squeezed(quotation) in squeezed(marked), (quotation, marked)
        page.keyboard.press("Escape")


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def finds_the_conversation_again_and_renames_it(person: PersonAtBrowser) -> None:
    page = person.page
    here = page.url.removeprefix(person.lab.described.url)
    page.get_by_role("link", name="Nytt samtal").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vad vill du veta?")
    page.get_by_role("searchbox", name="Sök i dina samtal").fill("DISTANS")
    page.locator(f'.history-list a[href^="{here}"]').click()
    expect(page.get_by_role("heading", level=1)).to_have_text(QUESTION)
    expect(page.locator(".quotes blockquote").first).to_be_visible()
    page.get_by_role("searchbox").fill("")
    entry = page.locator(".history-list li").filter(has=page.locator(f'a[href^="{here}"]'))
    entry.get_by_role("button", name="Mer om samtalet").click()
    page.get_by_role("menuitem", name="Byt namn").click()
    page.get_by_role("textbox", name="Namn").fill("Dagar hemma")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dagar hemma")
    page.reload()
    expect(entry).to_contain_text("Dagar hemma")


def takes_in_a_document(person: PersonAtBrowser, folder: Path) -> None:
    page = person.page
    person.go_to("Dokument")
    page.get_by_role("button", name="Ny samling").click()
    page.get_by_role("textbox", name="Namn").fill(SHELF)
    page.get_by_role("button", name="Skapa samlingen").click()
    page.get_by_role("link", name=SHELF).click()
    expect(page.get_by_text("Samlingen är tom")).to_be_visible()
    (folder / FILE).write_text(RULE, encoding="utf-8")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Välj filer").click()
    chooser.value.set_files(folder / FILE)
    expect(person.told(f"{FILE} är klart och går att fråga om.")).to_have_count(1, timeout=120_000)
    expect(document(person).get_by_role("link", name=FILE)).to_be_visible()


def document(person: PersonAtBrowser) -> Locator:
    return person.page.get_by_role("listitem").filter(has_text=FILE)


def asks_of_it(person: PersonAtBrowser) -> None:
    page = person.page
    person.go_to("Fråga")
    page.get_by_role("button", name=re.compile("Dokument:")).click()
    page.get_by_role("menuitemcheckbox", name=SHELF).click()
    page.keyboard.press("Escape")
    person.ask(OF_IT)
    expect(page.locator(".quotes blockquote").first).to_have_text(RULE)
    person.open_source()
    expect(page.locator(".panel")).to_contain_text(FILE)
    page.keyboard.press("Escape")


def deletes_it(person: PersonAtBrowser) -> None:
    """The document, and then its collection."""
    page = person.page
    person.go_to("Dokument")
    page.get_by_role("link", name=SHELF).click()
    page.get_by_role("button", name=f"Ta bort {FILE}").click()
    page.get_by_role("button", name="Ta bort dokumentet").click()
    expect(document(person)).to_have_count(0)
    expect(page.get_by_text("Samlingen är tom")).to_be_visible()
    page.get_by_role("link", name="Alla samlingar").click()
    page.get_by_role("button", name=f"Ta bort {SHELF}").click()
    page.get_by_role("button", name="Ta bort samlingen").click()
    expect(page.get_by_role("link", name=SHELF)).to_have_count(0)
