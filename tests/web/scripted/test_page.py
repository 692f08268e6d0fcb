"""The first page in a real browser: asking, reading, checking the source, and what must never happen."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.driver import Watch, ask, wait_for_answer
from tests.web.scripted.gateway import ScriptedGateway
from tests.web.scripted.scripts import TELEWORK

pytestmark = pytest.mark.browser

Visit = Callable[..., Watch]


def choose_model(page: Page, title: str) -> None:
    page.get_by_role("button", name=re.compile("Svarssätt")).click()
    page.get_by_role("menuitemradio", name=re.compile(title)).click()


def test_who_is_not_logged_in_is_shown_the_way_in_and_taken_back(visit: Visit) -> None:
    page = visit("/dokument/policy?sida=3").page
    expect(page).to_have_title("Logga in – Valv")
    page.get_by_role("link", name="Logga in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Policy för distansarbete.pdf")
    assert page.url.endswith("/dokument/policy?sida=3&fran=0&till=0")


def test_an_answer_in_quotes_streams_in_and_each_quote_opens_its_passage(page: Page) -> None:
    ask(page, "Hur ofta får vi arbeta på distans?")
    wait_for_answer(page)
    expect(page.locator(".quotes blockquote").first).to_have_text(TELEWORK)
    page.get_by_role("button", name="Källa 1 Policy för distansarbete.pdf, sidan 3").click()
    mark = page.locator(".sheet mark")
    expect(mark).to_contain_text(TELEWORK)
    expect(mark).to_be_in_viewport()
    expect(page.get_by_role("heading", name="Policy för distansarbete.pdf, sidan 3")).to_be_focused()


def test_escape_closes_the_source_and_gives_the_focus_back(page: Page) -> None:
    ask(page, "Hur ofta?")
    wait_for_answer(page)
    origin = page.get_by_role("button", name=re.compile("Källa 2"))
    origin.click()
    expect(page.locator(".sheet mark")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("complementary")).to_have_count(0)
    expect(origin).to_be_focused()


def test_the_default_way_of_answering_is_left_to_the_gateway(page: Page, gateway: ScriptedGateway) -> None:
    ask(page, "Hur ofta?")
    wait_for_answer(page)
    assert gateway.seen.questions == [{"question": "Hur ofta?", "model": None, "collections": None}]


def test_the_chosen_model_and_collections_are_asked(page: Page, gateway: ScriptedGateway) -> None:
    choose_model(page, "Skribent")
    page.get_by_role("button", name=re.compile("Dokument:")).click()
    page.get_by_role("menuitemcheckbox", name=re.compile("Styrdokument")).click()
    page.keyboard.press("Escape")
    ask(page, "Hur ofta?")
    wait_for_answer(page)
    assert gateway.seen.questions == [{"question": "Hur ofta?", "model": "svensk", "collections": ["styr"]}]


def test_only_markers_with_a_returned_source_become_citations(page: Page) -> None:
    choose_model(page, "Skribent")
    ask(page, "Sammanfatta")
    wait_for_answer(page)
    prose = page.locator(".prose")
    expect(prose.get_by_role("button")).to_have_text(["1", "2"])
    expect(prose).to_contain_text("får ingen länk [9]")
    expect(prose.get_by_role("heading", level=3)).to_have_text("Sammanfattning")
    expect(page.locator(".by")).to_have_text("AI-genererat med Skribent")


def test_a_citation_shows_its_quote_before_it_is_opened(page: Page) -> None:
    choose_model(page, "Skribent")
    ask(page, "Sammanfatta")
    wait_for_answer(page)
    page.mouse.move(5, 400)  # after the keyboard, a first movement tells that a mouse is used
    page.locator(".prose .chip").first.hover()
    expect(page.get_by_role("tooltip")).to_contain_text(TELEWORK)


def test_an_answer_without_support_says_so_once_and_is_no_quotation(page: Page) -> None:
    ask(page, "Något utan stöd")
    wait_for_answer(page)
    answer = page.locator(".answer")
    expect(answer.locator(".note-title")).to_have_text("Inga källor i era dokument stöder ett svar på frågan")
    assert answer.inner_text().count("Inga källor") == 1
    expect(answer.locator(".quotes")).to_have_count(0)
    expect(answer).not_to_contain_text("Ordagranna citat")


def test_where_the_default_model_writes_no_swedish_quotes_are_promised(page: Page) -> None:
    expect(page.get_by_role("button", name="Svarssätt: Automatiskt")).to_be_visible()
    expect(page.get_by_text("Svenska frågor besvaras därför med ordagranna citat")).to_be_visible()


def test_a_model_that_writes_no_swedish_says_so_and_quotes_are_one_press_away(page: Page) -> None:
    choose_model(page, "Liten demomodell")
    expect(page.get_by_text("Den valda modellen skriver inte svenska")).to_be_visible()
    expect(page.get_by_text("Skriv inget känsligare än: K1")).to_be_visible()
    page.get_by_role("button", name="Svara med citat i stället").click()
    expect(page.get_by_text("Den valda modellen skriver inte svenska")).to_have_count(0)
    expect(page.get_by_text("Skriv inget känsligare än: intern information")).to_be_visible()


def test_stop_keeps_what_was_written_and_reaches_the_gateway(visit: Visit, gateway: ScriptedGateway) -> None:
    watch = visit()
    watch.may_stop = True
    page = watch.page
    ask(page, "En långsam fråga")
    expect(page.locator(".prose")).to_contain_text("Ett svar som")
    page.get_by_role("button", name="Stoppa").click()
    expect(page.locator(".ending")).to_have_text("Stoppat")
    expect(page.locator(".prose")).to_contain_text("Ett svar som")
    for _ in range(40):
        if gateway.seen.cancelled:
            break
        page.wait_for_timeout(50)
    assert gateway.seen.cancelled == ["En långsam fråga"]


def test_the_question_stays_at_the_top_while_the_answer_grows(page: Page, gateway: ScriptedGateway) -> None:
    ask(page, "Första")
    wait_for_answer(page)
    gateway.pace = 0.01
    ask(page, "En långsam fråga")
    question = page.locator(".question").last
    expect(page.locator(".answer").last).to_contain_text("ord för ord och aldrig tycks ta slut. Ett svar")
    began = question.bounding_box()
    wait_for_answer(page)
    ended = question.bounding_box()
    assert began is not None
    assert ended is not None
    assert 90 < began["y"] < 140
    assert began["y"] == ended["y"]


def test_the_status_is_announced_and_the_answer_itself_is_not_live(
    visit: Visit, gateway: ScriptedGateway
) -> None:
    watch = visit()
    watch.may_stop = True
    page = watch.page
    gateway.pace = 0.3
    ask(page, "En långsam fråga")
    expect(page.get_by_role("status")).to_have_text("Assistenten skriver …")
    expect(page.locator(".answer")).to_have_attribute("aria-busy", "true")
    assert page.locator(".answer").evaluate("node => node.closest('[aria-live]')") is None
    page.keyboard.press("Escape")
    expect(page.get_by_role("status")).to_have_text("Stoppat")
    ask(page, "Hur ofta?")
    wait_for_answer(page)
    expect(page.get_by_role("status")).to_have_text("Svaret är klart.")


def test_the_answer_is_read_aloud_when_that_is_wanted(page: Page) -> None:
    page.get_by_role("button", name="Konto och inställningar").click()
    page.get_by_role("menuitemcheckbox", name="Läs upp svaret när det är klart").click()
    page.keyboard.press("Escape")
    ask(page, "Hur ofta?")
    wait_for_answer(page)
    expect(page.get_by_role("status")).to_contain_text(f"Svaret är klart. {TELEWORK}")


@pytest.mark.parametrize(
    ("question", "title", "reference"),
    [
        ("Vad står i loggen?", "Loggen går inte att skriva", "Ärendenummer: req-7f3a"),
        ("När modellen brister", "Modellen svarar inte", "Ärendenummer: req-9c"),
        ("När det bryts", "Svaret bröts", None),
    ],
)
def test_a_fault_says_what_happened_what_to_do_and_its_number(
    visit: Visit, question: str, title: str, reference: str | None
) -> None:
    watch = visit()
    watch.expected_statuses.add(503)
    ask(watch.page, question)
    wait_for_answer(watch.page)
    alert = watch.page.get_by_role("alert")
    expect(alert).to_contain_text(title)
    expect(alert.get_by_role("button", name="Fråga igen")).to_be_visible()
    if reference is not None:
        expect(alert).to_contain_text(reference)


def test_a_lost_session_keeps_the_question_until_after_the_login(page: Page) -> None:
    ask(page, "Jag är utloggad nu")
    wait_for_answer(page)
    page.get_by_role("alert").get_by_role("button", name="Logga in igen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vad vill du veta?")
    expect(page.get_by_role("textbox")).to_have_value("Jag är utloggad nu")


def test_a_reload_keeps_the_draft_and_logging_out_leaves_nothing(
    page: Page, gateway: ScriptedGateway
) -> None:
    page.get_by_role("textbox").fill("Halvskriven fråga")
    page.reload()
    expect(page.get_by_role("textbox")).to_have_value("Halvskriven fråga")
    page.get_by_role("button", name="Konto och inställningar").click()
    page.get_by_role("menuitem", name="Logga ut").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")
    assert page.evaluate("sessionStorage.length") == 0
    assert "fråga" not in page.evaluate("JSON.stringify(localStorage)")
    assert gateway.seen.sessions == {}
    assert gateway.seen.without_csrf == []


def test_a_person_in_two_organisations_changes_between_them(page: Page) -> None:
    page.get_by_role("button", name="Konto och inställningar").click()
    page.get_by_role("menuitemradio", name="Region Norr").click()
    expect(page.locator(".organisation")).to_have_text("Region Norr")


def test_a_task_writes_a_question_with_its_blank_marked_and_sends_nothing(
    page: Page, gateway: ScriptedGateway
) -> None:
    page.get_by_role("button", name=re.compile("Hitta i våra styrdokument")).click()
    page.keyboard.type("distansarbete")
    expect(page.get_by_role("textbox")).to_have_value("Vad säger våra styrdokument om distansarbete?")
    assert gateway.seen.questions == []


def test_shift_and_enter_make_a_line_and_ten_thousand_letters_fit(
    page: Page, gateway: ScriptedGateway
) -> None:
    long = "ord " * 2_500
    field = page.get_by_role("textbox")
    field.fill(long)
    field.press("Shift+Enter")
    field.press("End")
    page.keyboard.type("slut")
    field.press("Enter")
    wait_for_answer(page)
    assert gateway.seen.questions[0]["question"] == f"{long}\nslut".strip()


def test_going_to_the_document_and_back_keeps_the_conversation(page: Page) -> None:
    ask(page, "Hur ofta?")
    wait_for_answer(page)
    page.get_by_role("button", name=re.compile("Källa 1")).click()
    page.get_by_role("link", name="Öppna dokumentet").click()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.locator(".sheet mark")).to_contain_text(TELEWORK)
    page.get_by_role("button", name="Tillbaka").click()
    expect(page.locator(".quotes li")).to_have_count(2)


def test_the_notice_is_in_view_wherever_one_is(page: Page) -> None:
    for question in ("Hur ofta?", "Och sedan?", "Och efter det?"):
        ask(page, question)
        wait_for_answer(page)
    page.mouse.wheel(0, 10_000)
    expect(page.get_by_role("region", name="Du pratar med en AI")).to_be_in_viewport()
    page.get_by_role("button", name="Läs mer").click()
    expect(page.get_by_role("dialog")).to_contain_text("Du pratar inte med en människa")
    expect(page.get_by_role("dialog")).to_contain_text("Kortkommandon")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Läs mer")).to_be_focused()


def test_a_phone_is_told_of_no_keys(visit: Visit) -> None:
    page = visit(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True).page
    page.get_by_role("button", name="Läs mer").click()
    expect(page.get_by_role("dialog")).to_contain_text("Du pratar inte med en människa")
    expect(page.get_by_role("dialog")).not_to_contain_text("Kortkommandon")


def test_a_menu_that_opens_has_no_frame_of_its_own(page: Page) -> None:
    for name in (re.compile("Svarssätt"), "Konto och inställningar"):
        page.get_by_role("button", name=name).click()
        menu = page.get_by_role("menu")
        expect(menu).to_be_visible()
        assert menu.evaluate("node => getComputedStyle(node).outlineStyle") == "none"
        page.keyboard.press("Escape")
        expect(menu).to_have_count(0)


def test_nothing_that_one_chooses_by_is_cut_on_a_phone(visit: Visit) -> None:
    page = visit(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True).page
    expect(page.locator(".choice")).to_have_count(2)
    for shown in page.locator(".choice-text, .organisation").all():
        width, room = shown.evaluate("node => [node.scrollWidth, node.clientWidth]")
        assert width <= room, shown.inner_text()


def test_an_unknown_address_says_so(page: Page, gateway: ScriptedGateway) -> None:
    page.goto(f"{gateway.address}/finns/inte")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sidan finns inte")


def test_a_hostile_answer_makes_no_element_no_request_and_no_hidden_link(visit: Visit) -> None:
    page = visit().page
    ask(page, "En fientlig fråga")
    wait_for_answer(page)
    answer = page.locator(".answer")
    expect(answer.locator(".blocked").first).to_be_visible()
    assert answer.locator("img, script, iframe, form, input, meta, a, [onclick], [onerror]").count() == 0
    expect(answer.locator(".prose .chip")).to_have_text(["1", "1", "1"])
    expect(answer.locator(".prose .link-button", has_text=re.compile(r"^1 "))).to_have_count(0)
    answer.locator(".prose").get_by_role("button", name=re.compile(r"Öppna \(evil\.example\)")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".address")).to_contain_text("https://evil.example/?q=xxx")
    expect(dialog).to_contain_text("kan föra med sig uppgifter")
    leave = dialog.get_by_role("link", name="Öppna i ny flik")
    expect(leave).to_have_attribute("rel", "noopener noreferrer nofollow")


def test_a_hostile_document_is_shown_as_its_letters(page: Page) -> None:
    ask(page, "En fientlig fråga")
    wait_for_answer(page)
    page.locator(".origin").click()
    sheet = page.locator(".sheet")
    expect(sheet.locator("mark")).to_contain_text("<script>alert(1)</script>")
    assert sheet.locator("img, script, a").count() == 0
    assert "\u202e" not in page.locator("body").inner_text()
    expect(page.get_by_role("heading", name="avtalfdp.exe")).to_be_visible()


def test_everything_can_be_done_by_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Hoppa till innehållet")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("Hur ofta?")
    page.keyboard.press("Enter")
    wait_for_answer(page)
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(".answer-heading")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".sheet mark")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=re.compile("Källa 1"))).to_be_focused()


def test_english_is_one_press_away_and_stays(page: Page) -> None:
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What do you want to know?")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("What do you want to know?")
    expect(page).to_have_title("Ask – Valv")
