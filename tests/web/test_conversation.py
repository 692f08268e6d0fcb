"""An employee's conversation in a real browser: asked, answered with its sources, branched, taken along."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.house import WebHouse
from tests.web.talking import (
    QUOTED,
    RULE,
    answers,
    ask,
    choose_way,
    conversation_of,
    field,
    wait_for_answer,
    without_documents,
)
from tests.web.visiting import Visits

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200), pytest.mark.usefixtures("nothing_said")]


def test_a_question_begins_a_conversation_that_remembers_what_was_said(page: Page, house: WebHouse) -> None:
    house.writes("Två dagar.")
    ask(page, "Hur många dagar?")
    wait_for_answer(page)
    expect(page.locator(".prose")).to_have_text("Två dagar.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hur många dagar?")
    expect(page.locator(".by")).to_contain_text("AI-genererat med Skrivare")
    ask(page, "Och i Norge?")
    wait_for_answer(page)
    assert [each["content"] for each in house.asked[-1]["messages"] if each["role"] != "system"][:2] == [
        "Hur många dagar?",
        "Två dagar.",
    ]
    page.reload()
    expect(page.locator(".question > p")).to_have_text(["Hur många dagar?", "Och i Norge?"])
    expect(field(page)).to_have_value("")


def test_a_quotation_opens_its_passage_and_gives_the_focus_back(page: Page, house: WebHouse) -> None:
    house.document(house.collection("Riktlinjer"), "Riktlinje.txt", RULE)
    choose_way(page, "Citat")
    ask(page, QUOTED)
    wait_for_answer(page)
    quotation = page.locator(".quotes blockquote").first
    expect(quotation).to_have_text("En medarbetare får arbeta på distans högst två dagar i veckan.")
    origin = page.get_by_role("button", name=re.compile("Källa 1 ")).first
    origin.click()
    expect(page.locator(".sheet mark")).to_be_in_viewport()
    expect(page.locator(".sheet mark")).to_contain_text(quotation.inner_text())
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_have_count(0)
    expect(origin).to_be_focused()


def test_what_an_answer_does_not_refer_to_is_not_shown_as_its_source(page: Page, house: WebHouse) -> None:
    house.document(house.collection("Underlag"), "Riktlinje.txt", RULE)
    house.writes("Två dagar.")
    ask(page, QUOTED)
    wait_for_answer(page)
    sources = answers(page).last.locator(".sources")
    expect(sources.get_by_role("heading")).to_have_text(["Underlag som modellen fick"])
    expect(sources).to_contain_text("Svaret hänvisar inte till något av det.")
    house.writes("Två dagar [1].")
    page.get_by_role("button", name="Nytt svar").click()
    expect(sources.get_by_role("heading").first).to_have_text("Källor")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Två dagar.", "Svaret har inga källor."),
        ("Två dagar [1].", "Svaret har inga källor. Siffrorna inom hakparentes visar inte till något."),
    ],
)
def test_an_answer_without_sources_says_so(page: Page, house: WebHouse, said: str, told: str) -> None:
    house.writes(said)
    without_documents(page)
    ask(page, "Hur många dagar?")
    wait_for_answer(page)
    expect(answers(page).locator(".ending")).to_have_text(told)


def test_without_support_one_may_look_at_what_lies_nearest(page: Page, house: WebHouse) -> None:
    house.document(house.collection("Det som finns"), "Riktlinje.txt", RULE)
    choose_way(page, "Citat")
    ask(page, "Vem vann fotbollsmatchen i lördags?")
    wait_for_answer(page)
    expect(answers(page).locator(".note-title")).to_have_text(
        "Inga källor i era dokument stöder ett svar på frågan"
    )
    expect(page.locator(".quotes")).to_have_count(0)
    near = answers(page).locator(".sources")
    expect(near.get_by_role("heading")).to_have_text("Närmast i dokumenten")
    expect(near).to_contain_text("Valv hittade inget säkert svar")
    begins = near.locator(".source-quote").first.inner_text()[:20]
    near.get_by_role("button", name=re.compile("Ställe 1 ")).click()
    expect(page.locator(".panel .sheet mark")).to_contain_text(begins)
    page.reload()
    expect(near.get_by_role("button", name=re.compile("Ställe 1 "))).to_be_visible()


def test_an_answer_without_support_says_so_once_and_is_no_quotation(page: Page, house: WebHouse) -> None:
    empty = house.collection("Tom samling")
    page.reload()
    choose_way(page, "Citat")
    page.get_by_role("button", name=re.compile("Dokument:")).click()
    page.get_by_role("menuitemcheckbox", name=re.compile("Tom samling")).first.click()
    page.keyboard.press("Escape")
    ask(page, QUOTED)
    wait_for_answer(page)
    expect(answers(page).locator(".note-title")).to_have_text(
        "Inga källor i era dokument stöder ett svar på frågan"
    )
    expect(page.locator(".quotes, .sources")).to_have_count(0)
    with house.api() as http:
        kept = http.get(f"/api/conversations/{conversation_of(page)}").json()
    assert (kept["mode"], kept["collections"]) == ("quotations", [empty])


def test_another_answer_and_another_question_are_branches_that_last(page: Page, house: WebHouse) -> None:
    house.writes("Första svaret")
    ask(page, "Fråga A")
    wait_for_answer(page)
    house.writes("Andra svaret")
    page.get_by_role("button", name="Nytt svar").click()
    expect(page.locator(".prose")).to_have_text("Andra svaret")
    wait_for_answer(page)
    expect(page.get_by_role("group", name="Svaret, version 2 av 2")).to_contain_text("2/2")
    page.get_by_role("button", name="Föregående version").click()
    expect(page.locator(".prose")).to_have_text("Första svaret")
    page.get_by_role("button", name="Ändra frågan").click()
    page.get_by_role("textbox", name="Fråga på ett annat sätt").fill("Fråga B")
    house.writes("Tredje svaret")
    page.locator(".question-edit").get_by_role("button", name="Fråga").click()
    expect(page.locator(".question > p")).to_have_text("Fråga B")
    wait_for_answer(page)
    expect(page.get_by_role("group", name="Frågan, version 2 av 2")).to_be_visible()
    page.get_by_role("button", name="Föregående version").click()
    expect(page.locator(".question > p")).to_have_text("Fråga A")
    page.reload()
    expect(page.locator(".question > p")).to_have_text("Fråga A")


def test_a_failed_answer_says_what_to_do_and_is_asked_again(page: Page, house: WebHouse) -> None:
    house.breaks("Halva svaret")
    without_documents(page)
    ask(page, "När det brister")
    wait_for_answer(page)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Ärendenummer: ")
    expect(page.locator(".prose")).to_have_text("Halva svaret")
    house.writes("Hela svaret")
    alert.get_by_role("button", name="Fråga igen").click()
    expect(page.locator(".prose")).to_have_text("Hela svaret")


def test_an_answer_is_copied_as_rich_text_and_as_markdown(visit: Visits, house: WebHouse) -> None:
    house.writes("Två **dagar** i veckan.")
    page = visit("/", permissions=["clipboard-read", "clipboard-write"]).page
    without_documents(page)
    ask(page, "Hur många dagar?")
    wait_for_answer(page)
    page.get_by_role("button", name="Kopiera").click()
    expect(page.get_by_role("status")).to_have_text("Kopierat")
    plain, rich = page.evaluate("""async () => {
      const [item] = await navigator.clipboard.read();
      return Promise.all(['text/plain', 'text/html'].map(async (type) => (await item.getType(type)).text()));
    }""")
    assert plain == "Två **dagar** i veckan.\n\nAI-genererat med Skrivare"
    assert "<strong>dagar</strong>" in rich


def test_the_models_card_tells_in_plain_words_what_wrote_the_answer(page: Page) -> None:
    ask(page, "Vem är du?")
    wait_for_answer(page)
    page.get_by_role("button", name="Om svarssättet").click()
    card = page.get_by_role("dialog", name="Skrivare")
    expect(card).to_contain_text("En AI skriver egna meningar")
    expect(card).to_contain_text("svenska")
    foot = page.locator(".ceiling").inner_text()
    expect(card.get_by_role("definition").last).to_have_text(foot.removeprefix("Skriv inget känsligare än: "))


def test_a_long_conversation_says_in_words_what_was_left_out(page: Page, house: WebHouse) -> None:
    house.writes("ja " * 1_200)
    without_documents(page)
    for number in range(4):
        ask(page, f"Fråga {number}")
        wait_for_answer(page)
    expect(page.locator(".forgotten").last).to_contain_text("Samtalet är långt.")


def test_a_question_in_the_page_is_on_record_without_its_words(page: Page, house: WebHouse) -> None:
    ask(page, "Hemliga blåklockor?")
    wait_for_answer(page)
    conversation = conversation_of(page)
    records = [each for each in house.records(type="call.intent") if conversation in str(each)]
    assert len(records) == 1
    assert "blåklockor" not in str(house.records()).lower()
