"""`make pictures`: the README's pictures, taken anew into docs/pictures from a lab on embedded defaults."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from gateway.demo.caller import Caller
from tests.behaviour.labs import ROOT, RunningLab
from tests.browser.person import PersonAtBrowser
from tests.browser.screens import Album, window

pytestmark = [pytest.mark.browser, pytest.mark.lab, pytest.mark.timeout(900)]

FOLDER = ROOT / "docs" / "pictures"
QUESTIONS = ROOT / "deploy" / "demo" / "questions.json"
Sit = Callable[..., PersonAtBrowser]


def test_a_quoted_answer_with_its_source_beside_it(embedded: RunningLab, sit_down: Sit) -> None:
    person = sit_down(embedded, **desk(940))
    person.log_in()
    person.ask()
    person.open_source()
    Album(person, FOLDER).take("answer")


def test_the_same_answer_on_a_phone(embedded: RunningLab, sit_down: Sit) -> None:
    person = sit_down(embedded, **window("light", 360))
    person.log_in()
    person.ask()
    Album(person, FOLDER).take("mobile")


def test_the_officers_log_as_far_as_it_is_verified(embedded: RunningLab, sit_down: Sit) -> None:
    ask_everything(embedded)
    assert verified(embedded) == "fine"
    person = sit_down(embedded, role="granskare", **desk(1240))
    page = person.page
    page.get_by_role("link", name="Logga in").click()
    person.show_credentials()
    page.get_by_role("link", name="Granskning", exact=True).click()
    expect(page.locator(".integrity-fine")).to_contain_text("Verifierad till händelse")
    expect(page.locator(".histogram")).to_be_visible()
    Album(person, FOLDER).take("log")


def desk(height: int) -> dict[str, object]:
    """A window as wide as the other pictures', and as high as what is to be seen."""
    return window("light", 1366) | {"viewport": {"width": 1366, "height": height}}


def ask_everything(lab: RunningLab) -> None:
    """All that the demonstration's documents of one organisation are asked."""
    employee = Caller(lab.described, "medarbetare@ekdalen.example", "ekdalen")
    with employee.http:
        for each in json.loads(QUESTIONS.read_text("utf-8")):
            if each["organisation"] == "ekdalen":
                employee.ask(each["question"])


def verified(lab: RunningLab) -> str:
    """What the officer's check of the whole log finds."""
    officer = Caller(lab.described, "granskare@ekdalen.example", "ekdalen")
    with officer.http:
        return str(officer.wait_for("/api/audit/verifications")["found"]["verdict"])
