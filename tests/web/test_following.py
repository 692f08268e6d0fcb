"""An answer in a real browser while it comes: followed, stopped, left and picked up where it broke."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.web.house import WebHouse
from tests.web.talking import (
    answers,
    ask,
    assert_whole,
    conversation_of,
    field,
    numbered,
    wait_for_answer,
    without_documents,
)
from tests.web.visiting import Visits

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200), pytest.mark.usefixtures("nothing_said")]


def test_until_the_first_word_the_page_says_no_more_than_that_an_answer_is_worked_on(
    page: Page, house: WebHouse
) -> None:
    house.hangs()
    without_documents(page)
    ask(page, "Hur många dagar?")
    expect(answers(page).locator(".working")).to_have_text("Arbetar på ett svar …")


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
    house.writes(*numbered(120), gap=0.05)
    ask(page, "Skriv länge")
    expect(page.locator(".prose")).to_contain_text("ord5 ")
    page.get_by_role("link", name="Nytt samtal").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vad vill du veta?")
    page.get_by_role("link", name=re.compile("Skriv länge")).click()
    expect(answers(page)).to_have_attribute("aria-busy", "true")
    wait_for_answer(page)
    assert_whole(page, 120)


def test_a_reload_in_mid_stream_loses_nothing_and_repeats_nothing(page: Page, house: WebHouse) -> None:
    house.writes(*numbered(60), gap=0.05)
    ask(page, "Skriv länge")
    expect(page.locator(".prose")).to_contain_text("ord5 ")
    page.reload()
    wait_for_answer(page)
    assert_whole(page, 60)


def test_who_asks_on_before_the_page_has_fetched_the_answer_as_it_is_kept_still_sees_it(
    page: Page, house: WebHouse
) -> None:
    held: list[Route] = []
    is_slow = True
    page.route(
        re.compile("/api/conversations/[0-9a-f]{24}$"),
        lambda route: held.append(route) if is_slow else route.continue_(),
    )
    house.writes("Det första svaret.")
    ask(page, "Den första")
    wait_for_answer(page)
    house.writes(*numbered(60), gap=0.05)
    ask(page, "Den andra")
    expect(page.locator(".prose").last).to_contain_text("ord5 ")
    expect(page.locator(".prose").first).to_have_text("Det första svaret.")
    assert held
    is_slow = False
    wait_for_answer(page)
    expect(page.locator(".prose").first).to_have_text("Det första svaret.")
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
    at_the_newest = page.evaluate("scrollY")
    page.mouse.wheel(0, -2_000)
    page.wait_for_function("newest => scrollY < newest", arg=at_the_newest)
    left = _at_rest(page)
    expect(page.locator(".prose").last).to_contain_text("rad 80")
    assert page.evaluate("scrollY") == left
    expect(newest).to_be_visible()


def _at_rest(page: Page) -> float:
    """Where the page stands when it has stood there for ten frames."""
    rest = """() => new Promise(resolve => {
      let before = -1, frames = 0;
      const look = () => {
        frames = scrollY === before ? frames + 1 : 0;
        before = scrollY;
        frames < 10 ? requestAnimationFrame(look) : resolve(before);
      };
      look();
    })"""
    return float(page.evaluate(rest))


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


def test_on_a_phone_what_leads_to_the_newest_leaves_the_answer_and_its_sources_to_be_pressed(
    visit: Visits, house: WebHouse
) -> None:
    house.writes(*[f"rad {number}\n\n" for number in range(60)])
    begun = house.conversation("En lång fråga")
    page = visit(f"/c/{begun}", viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True).page
    newest = page.get_by_role("button", name="Till det senaste")
    box = newest.bounding_box()
    assert box is not None
    assert box["x"] > 360 * 0.8
    assert min(box["width"], box["height"]) >= 44
    newest.tap()
    expect(page.locator(".prose p").last).to_be_in_viewport()
    expect(newest).to_have_count(0)


def _top(seen: Locator) -> float:
    box = seen.bounding_box()
    assert box is not None
    return float(box["y"])
