"""The employee's conversations in a real browser: asked, followed, stopped, left and picked up, branched, found again."""

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.web.house import WebHouse
from tests.web.talking import (
    QUOTED,
    RULE,
    answers,
    ask,
    assert_whole,
    choose_way,
    conversation_of,
    field,
    numbered,
    wait_for_answer,
    without_documents,
)
from tests.web.visiting import Visits, log_out

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200)]


@pytest.fixture(autouse=True)
def _nothing_said(house: WebHouse) -> None:
    house.forget_conversations()


@pytest.fixture
def page(visit: Visits) -> Page:
    return visit("/").page


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


def test_until_the_first_word_the_page_says_no_more_than_that_an_answer_is_worked_on(
    page: Page, house: WebHouse
) -> None:
    house.hangs()
    without_documents(page)
    ask(page, "Hur många dagar?")
    expect(answers(page).locator(".working")).to_have_text("Arbetar på ett svar …")


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
    expect(page.locator(".quotes")).to_have_count(0)
    with house.api() as http:
        kept = http.get(f"/api/conversations/{conversation_of(page)}").json()
    assert (kept["mode"], kept["collections"]) == ("quotations", [empty])


def test_stop_reaches_the_engine_and_what_was_written_stays(page: Page, house: WebHouse) -> None:
    house.hangs(*numbered(3))
    ask(page, "Stoppa mig")
    assert_whole(page, 3)
    page.get_by_role("button", name="Stoppa", exact=True).click()
    expect(page.locator(".ending")).to_have_text("Stoppat")
    house.until_left()
    expect(field(page)).to_be_focused()
    page.reload()
    assert_whole(page, 3)
    expect(page.locator(".ending")).to_have_text("Stoppat")


def test_escape_stops_and_the_status_is_told_though_the_answer_is_not_live(
    page: Page, house: WebHouse
) -> None:
    house.hangs("Halva")
    ask(page, "Stoppa mig")
    status = page.get_by_role("status")
    expect(status).to_have_text("Assistenten skriver …")
    expect(answers(page)).to_have_attribute("aria-busy", "true")
    assert answers(page).evaluate("node => node.closest('[aria-live]')") is None
    page.keyboard.press("Escape")
    expect(status).to_have_text("Stoppat")
    house.quiet()
    ask(page, "Och nu?")
    wait_for_answer(page)
    expect(status).to_have_text("Svaret är klart.")


def test_who_leaves_finds_the_whole_answer_when_they_come_back(page: Page, house: WebHouse) -> None:
    house.writes(*numbered(60), gap=0.05)
    ask(page, "Skriv länge")
    expect(page.locator(".prose")).to_contain_text("ord5 ")
    page.get_by_role("link", name="Nytt samtal").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vad vill du veta?")
    page.get_by_role("link", name=re.compile("Skriv länge")).click()
    expect(answers(page)).to_have_attribute("aria-busy", "true")
    wait_for_answer(page)
    assert_whole(page, 60)


def test_a_reload_in_mid_stream_loses_nothing_and_repeats_nothing(page: Page, house: WebHouse) -> None:
    house.writes(*numbered(60), gap=0.05)
    ask(page, "Skriv länge")
    expect(page.locator(".prose")).to_contain_text("ord5 ")
    page.reload()
    wait_for_answer(page)
    assert_whole(page, 60)


def test_a_line_that_breaks_is_told_of_and_taken_up_where_it_broke(visit: Visits, house: WebHouse) -> None:
    watch = visit("/")
    page = watch.page
    house.writes(*numbered(60), gap=0.05)
    broken = LineOfFaults()
    page.route("**/events?**", broken)
    ask(page, "Skriv länge")
    expect(page.locator(".offline")).to_contain_text("Ingen kontakt med Valv")
    wait_for_answer(page)
    assert_whole(page, 60)
    assert broken.places == ["0", "5", "5", "5"]
    watch.faults[:] = [each for each in watch.faults if "ERR_INTERNET_DISCONNECTED" not in each]


class LineOfFaults:
    """A network that brings the first word, breaks, is gone twice, and is back."""

    def __init__(self) -> None:
        self.places: list[str] = []

    def __call__(self, route: Route) -> None:
        self.places.append(parse_qs(urlsplit(route.request.url).query)["after"][0])
        if len(self.places) == 1:
            first = 'id: 5\nevent: delta\ndata: {"text": "ord0 "}\n\nid: 10\nevent: del'
            route.fulfill(status=200, content_type="text/event-stream", body=first)
        elif len(self.places) < 4:
            route.abort("internetdisconnected")
        else:
            route.continue_()


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


def test_a_session_that_ends_in_mid_stream_loses_nothing(visit: Visits, house: WebHouse) -> None:
    watch = visit("/", own_login=True)
    watch.expected_statuses.add(401)
    page = watch.page
    house.writes(*numbered(60), gap=0.05)
    ask(page, "Skriv länge")
    expect(page.locator(".prose")).to_contain_text("ord5 ")
    house.end_sessions()
    field(page).fill("Halvskriven fråga")
    expect(page.get_by_text("Det du skriver är inte sparat än")).to_be_visible()
    page.reload()
    page.get_by_role("link", name="Logga in", exact=True).click()
    wait_for_answer(page)
    assert_whole(page, 60)
    expect(field(page)).to_have_value("Halvskriven fråga")


def test_two_tabs_show_the_same(visit: Visits, house: WebHouse) -> None:
    watch = visit("/")
    page = watch.page
    ask(page, "Från den första")
    wait_for_answer(page)
    other = visit.tab(watch, f"/c/{conversation_of(page)}").page
    house.writes(*numbered(30), gap=0.05)
    ask(page, "En fråga till")
    expect(other.locator(".question > p").last).to_have_text("En fråga till")
    for each in (page, other):
        wait_for_answer(each)
        assert_whole(each, 30)


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
    assert time.monotonic() - began < 2


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


def test_the_question_stays_at_the_top_and_the_text_is_followed_only_by_who_wants_to(
    page: Page, house: WebHouse
) -> None:
    house.conversation("Innan", role="employee")
    ask(page, "Den första")
    wait_for_answer(page)
    house.writes(*[f"rad {number}\n\n" for number in range(120)], gap=0.03)
    without_documents(page)
    ask(page, "En lång fråga")
    question = page.locator(".question").last
    newest = page.get_by_role("button", name="Till det senaste")
    newest.wait_for()
    began = _top(question)
    assert 90 < began < 160
    expect(page.locator(".prose").last).to_contain_text("rad 30")
    assert _top(question) == began
    newest.click()
    expect(page.locator(".prose").last).to_contain_text("rad 60")
    expect(newest).to_have_count(0)
    assert _top(question) < 0
    page.mouse.move(700, 300)
    page.mouse.wheel(0, -2_000)
    page.wait_for_timeout(150)
    left = page.evaluate("scrollY")
    expect(page.locator(".prose").last).to_contain_text("rad 80")
    assert page.evaluate("scrollY") == left
    expect(newest).to_be_visible()


def test_what_leads_to_the_newest_comes_and_goes_without_moving_anything(page: Page, house: WebHouse) -> None:
    house.writes(*[f"rad {number}\n\n" for number in range(60)])
    without_documents(page)
    ask(page, "En lång fråga")
    expect(page.locator(".prose p")).to_have_count(60)
    wait_for_answer(page)
    page.evaluate("scrollTo(0, 0)")
    newest = page.get_by_role("button", name="Till det senaste")
    newest.wait_for()
    height = page.evaluate("document.documentElement.scrollHeight")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    expect(newest).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollHeight") == height


def _top(seen: Locator) -> float:
    box = seen.bounding_box()
    assert box is not None
    return float(box["y"])


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


def test_logging_out_leaves_nothing_in_the_browser(visit: Visits, house: WebHouse) -> None:
    watch = visit("/", own_login=True)
    watch.expected_statuses.add(401)
    page = watch.page
    field(page).fill("Halvskriven fråga")
    log_out(page)
    assert page.evaluate("sessionStorage.length") == 0
    assert "fråga" not in page.evaluate("JSON.stringify({...localStorage})")
