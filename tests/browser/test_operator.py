"""The session of who keeps a running lab going: how its parts are, and nothing of what anybody does in it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.behaviour import callers
from tests.behaviour.labs import RunningLab
from tests.browser.person import QUESTION, PersonAtBrowser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PARTS = {
    "embedded": ["Databasen", "Inloggningstjänsten (Keycloak)"],
    "lab": ["Databasen", "Inloggningstjänsten (Keycloak)", "Vektordatabasen (Chroma)"],
}
MODELS = ("smollm2-135m", "multilingual-e5-small")


def test_an_operator_from_login_to_logout(lab: RunningLab, sit_down: Callable[..., PersonAtBrowser]) -> None:
    reply = callers.person(lab, "medarbetare").ask(QUESTION)
    person = sit_down(lab, "drift@valv.example")
    person.log_in()
    expect(person.page.get_by_role("heading", level=1)).to_have_text("Drift")
    sees_that_every_part_and_model_is_well(person)
    sees_that_the_log_takes_records(person)
    sees_nothing_of_what_people_do(person, [QUESTION, *(each["name"] for each in reply.citations)])
    person.log_out()


def sees_that_every_part_and_model_is_well(person: PersonAtBrowser) -> None:
    page = person.page
    for name in ("Loggen", *PARTS[person.lab.described.flavour], *(f"Modellen {each}" for each in MODELS)):
        part = page.locator(".part-row").filter(has=page.get_by_text(name, exact=True))
        expect(part.locator(".state-well")).to_have_text("Svarar")
    expect(page.locator(".part-advice")).to_have_count(0)
    for name in MODELS:
        model = page.locator(".model").filter(has_text=name)
        expect(model.locator(".servers .state-well")).to_have_text("Svarar")
        expect(model).to_contain_text(re.compile(r"\d+ av högst \d+"))


def sees_that_the_log_takes_records(person: PersonAtBrowser) -> None:
    """Each log in counts, by its origin."""
    page = person.page
    expect(page.get_by_text("Tar emot poster")).to_be_visible()
    log = page.locator(".figures tbody tr").filter(has_text="ekdalen")
    expect(log.locator("td").first).to_have_text(re.compile(r"[1-9]"))
    expect(log.locator("time")).to_be_visible()


def sees_nothing_of_what_people_do(person: PersonAtBrowser, theirs: list[str]) -> None:
    """Not on the page, not by its navigation, and not by asking for it."""
    page = person.page
    expect(page.get_by_role("navigation", name="Valvs delar").get_by_role("link")).to_have_text(["Drift"])
    said = page.locator("body").inner_text()
    assert [
        each for each in [*theirs, "Ekdalens kommun", "Styrande dokument", "medarbetare@"] if each in said
    ] == []
    for place in ("collections", "conversations", "members", "audit/records", "usage", "keys"):
        assert page.request.get(f"{person.lab.described.url}/api/{place}").status == 403, place
