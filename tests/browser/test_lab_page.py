"""The page in a real browser, in front of a running lab and the login page of its real identity provider."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from gateway.demo.caller import Caller
from tests.behaviour.labs import RunningLab, until
from tests.browser.person import QUESTION, PersonAtBrowser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

Sit = Callable[..., PersonAtBrowser]

# Notes every length that the answer's text has had; a stream shows as many of them.
GROWTH = """() => {
  window.lengths = [];
  new MutationObserver(() => {
    const answer = document.querySelector('.answer:last-of-type');
    const length = answer ? answer.textContent.length : 0;
    if (window.lengths.at(-1) !== length) window.lengths.push(length);
  }).observe(document.body, {childList: true, subtree: true, characterData: true});
}"""


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_an_employee_logs_in_asks_and_finds_every_quotation_marked_in_its_page(
    lab: RunningLab, sit_down: Sit
) -> None:
    person = sit_down(lab)
    page = person.page
    person.log_in()
    expect(page.get_by_text("Du pratar med en AI")).to_be_visible()
    person.ask()
    quotations = page.locator(".quotes blockquote").all_inner_texts()
    assert quotations, "no answer in quotations"
    assert "arbeta på distans" in " ".join(quotations)
    for number, quotation in enumerate(quotations, start=1):
        person.open_source(number)
        marked = "".join(page.locator(".sheet mark").all_inner_texts())
        assert squeezed(quotation) in squeezed(marked), (quotation, marked)
        page.keyboard.press("Escape")
    person.log_out()


def test_an_answer_that_a_model_writes_streams_in_and_stops_when_told_to(
    lab: RunningLab, sit_down: Sit
) -> None:
    person = sit_down(lab)
    person.watch.may_stop = True
    person.log_in()
    choose_model(person.page, "SmolLM2")
    person.page.evaluate(GROWTH)
    person.send("How many days a week may I work from home?")
    lengths = lambda: person.page.evaluate("window.lengths")  # noqa: E731  asked again and again
    until(
        lambda: len(lengths()) > 8,
        within=180,
        every=0.2,
        otherwise=lambda: f"it came in steps of {lengths()}",
    )
    expect(person.page.locator(".by").last).to_contain_text("AI-genererat med SmolLM2")
    written = person.page.locator(".prose").last
    expect(written).not_to_be_empty()
    person.page.get_by_role("button", name="Stoppa").click()
    expect(person.page.locator(".ending").last).to_have_text("Stoppat")
    expect(written).not_to_be_empty()


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
    assert "eyJ" not in kept
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
    with person.page.expect_response("**/api/answers") as asked:
        person.ask()
    officer = Caller(lab.described, "granskare@ekdalen.example", "ekdalen")
    with officer.http:
        found = officer.get("/api/audit/records", call=asked.value.headers["x-request-id"])["items"]
    assert [each["record"]["type"] for each in found] == ["call.outcome", "call.intent"]
    assert found[0]["record"]["rag"]
    assert QUESTION not in str(found)


def choose_model(page: Page, title: str) -> None:
    page.get_by_role("button", name=re.compile("Svarssätt")).click()
    page.get_by_role("menuitemradio", name=re.compile(title)).click()
