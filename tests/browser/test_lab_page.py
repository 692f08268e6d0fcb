"""The page in a real browser, in front of a running lab and the login page of its real identity provider."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from gateway.demo.caller import Caller
from tests.behaviour.labs import RunningLab
from tests.browser.person import QUESTION, PersonAtBrowser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

Sit = Callable[..., PersonAtBrowser]

ENGLISH = "How many days a week may I work from home?"
# Notes every length that the answer's text has had, for a stream shows as many of them, and stops it at the eighth:
# between a look from outside and a press a small model may have said all that it has to say.
STOP_AT_THE_EIGHTH = """() => {
  window.lengths = [];
  new MutationObserver(() => {
    const length = [...document.querySelectorAll('.prose')].at(-1)?.textContent.length ?? 0;
    if (length === 0 || window.lengths.at(-1) === length) return;
    if (window.lengths.push(length) !== 8) return;
    [...document.querySelectorAll('button')].find((each) => each.textContent.includes('Stoppa'))?.click();
  }).observe(document.body, {childList: true, subtree: true, characterData: true});
}"""


def test_an_answer_that_a_model_writes_streams_in_and_stops_when_told_to(
    lab: RunningLab, sit_down: Sit
) -> None:
    person = sit_down(lab)
    person.log_in()
    choose_model(person.page, "SmolLM2")
    person.page.evaluate(STOP_AT_THE_EIGHTH)
    for _ in range(5):  # now and then a model of this size has said it all in fewer pieces
        person.page.evaluate("window.lengths.length = 0")
        person.ask(ENGLISH)
        if person.page.locator(".ending").count():
            break
    expect(person.page.locator(".by").last).to_contain_text("AI-genererat med SmolLM2")
    expect(person.page.locator(".ending").last).to_have_text("Stoppat")
    assert len(person.page.evaluate("window.lengths")) >= 8
    expect(person.page.locator(".prose").last).not_to_be_empty()


def test_the_page_is_read_in_english_too(lab: RunningLab, sit_down: Sit) -> None:
    person = sit_down(lab)
    person.log_in()
    person.page.get_by_role("button", name="English").click()
    expect(person.page.get_by_role("heading", level=1)).to_have_text("What do you want to know?")
    expect(person.page.locator("html")).to_have_attribute("lang", "en")


def test_logging_out_ends_the_login_here_and_at_the_identity_provider(lab: RunningLab, sit_down: Sit) -> None:
    person = sit_down(lab)
    person.log_in()
    person.log_out()
    assert person.page.request.get(f"{lab.described.url}/api/me").status == 401
    person.page.get_by_role("link", name="Logga in").click()
    expect(person.page.locator("#username")).to_be_visible()


def test_the_browser_holds_no_token_and_its_cookie_is_out_of_reach_of_scripts(
    lab: RunningLab, sit_down: Sit
) -> None:
    person = sit_down(lab)
    person.log_in()
    kept = person.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert re.search(r"eyJ[\w-]+\.eyJ", kept) is None
    assert "__Host-" not in kept
    cookies = person.page.context.cookies(lab.described.url)
    session = next(each for each in cookies if each["name"] == "__Host-valv")
    assert (session["httpOnly"], session["secure"], session["sameSite"]) == (True, True, "Lax")
    assert len(session["value"]) < 200


def test_a_question_in_the_page_is_on_the_officers_record_without_its_words(
    lab: RunningLab, sit_down: Sit
) -> None:
    person = sit_down(lab)
    person.log_in()
    with person.page.expect_response("**/api/conversations/*/messages") as asked:
        person.ask()
    officer = Caller(lab.described, "granskare@ekdalen.example", "ekdalen")
    with officer.http:
        found = officer.get("/api/audit/records", call=asked.value.headers["x-request-id"])["items"]
    assert [each["record"]["type"] for each in found] == ["call.outcome", "call.intent"]
    assert found[0]["record"]["rag"]
    assert QUESTION not in str(found)


def test_nothing_scrolls_sideways_at_320_pixels_from_the_login_to_a_source(
    lab: RunningLab, sit_down: Sit
) -> None:
    person = sit_down(lab, viewport={"width": 320, "height": 640})
    widths = {"the way in": width_of(person.page)}
    person.page.get_by_role("link", name="Logga in").click()
    person.page.locator("#username").wait_for()
    widths["the login page"] = width_of(person.page)
    person.show_credentials()
    expect(person.page.locator(".choice")).to_have_count(2)
    widths["the first page"] = width_of(person.page)
    person.ask()
    widths["an answer"] = width_of(person.page)
    person.open_source()
    widths["its source"] = width_of(person.page)
    assert set(widths.values()) == {320}, widths


def width_of(page: Page) -> int:
    """How wide the page is, in CSS pixels; more than the window when it scrolls sideways (WCAG 2.2, 1.4.10)."""
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width


def choose_model(page: Page, title: str) -> None:
    page.get_by_role("button", name=re.compile("Svarssätt")).click()
    page.get_by_role("menuitemradio", name=re.compile(title)).click()
