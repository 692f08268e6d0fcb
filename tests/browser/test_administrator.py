"""The session of an organisation's administrator on a running lab: what a member may do, and a message to everyone."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.behaviour import callers
from tests.behaviour.labs import RunningLab
from tests.browser.person import PersonAtBrowser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

MEMBER = "Medarbetare, Ekdalen"
MESSAGE = "Kaffet är slut till klockan tre."


@pytest.fixture
def _as_before(lab: RunningLab) -> Iterator[None]:
    """Whatever happens, the lab's other people find everything as it was."""
    yield
    admin = callers.person(lab, "administrator").http
    admin.put("/api/banner", json={}).raise_for_status()
    (found,) = admin.get("/api/members", params={"search": "medarbetare@"}).raise_for_status().json()["items"]
    admin.put(f"/api/members/{found['id']}/roles", json={"roles": ["employee"]}).raise_for_status()


@pytest.mark.usefixtures("_as_before")
def test_an_administrator_from_login_to_logout(
    lab: RunningLab, sit_down: Callable[..., PersonAtBrowser]
) -> None:
    member, person = sit_down(lab), sit_down(lab, "administrator")
    member.log_in()
    person.log_in()
    person.go_to("Administration")
    lets_build_and_lets_not(person, member)
    tells_everyone_and_stops(person, member)
    person.log_out()


def lets_build_and_lets_not(person: PersonAtBrowser, member: PersonAtBrowser) -> None:
    """The member feels it with the next click, without a new login."""
    page, way = person.page, member.page.get_by_role("link", name="Utveckla")
    page.get_by_role("searchbox").fill(MEMBER.partition(",")[0])
    page.get_by_role("button", name="Sök").click()
    expect(way).to_have_count(0)
    changes_the_role_of_prototyper(person)
    expect(standing(person)).to_have_text(["Medarbetare", "Prototypare"])
    member.page.reload()
    way.click()
    expect(member.page.get_by_role("heading", level=1)).to_have_text("Snabbstart")
    changes_the_role_of_prototyper(person)
    expect(standing(person)).to_have_text(["Medarbetare"])
    member.page.reload()
    expect(member.page.get_by_role("heading", level=1)).to_have_text("Det här får du inte göra")
    expect(way).to_have_count(0)


def row(person: PersonAtBrowser) -> Locator:
    return person.page.locator(".member").filter(has_text=MEMBER)


def standing(person: PersonAtBrowser) -> Locator:
    return row(person).locator(".tag")


def changes_the_role_of_prototyper(person: PersonAtBrowser) -> None:
    page = person.page
    row(person).get_by_role("button", name="Ändra roller").click()
    page.get_by_role("dialog").get_by_text("Prototypare", exact=True).click()
    page.get_by_role("button", name="Spara rollerna").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(person.told(f"Rollerna för {MEMBER} är ändrade.")).to_have_count(1)


def tells_everyone_and_stops(person: PersonAtBrowser, member: PersonAtBrowser) -> None:
    page, banner = person.page, member.page.get_by_role("region", name="Meddelande från din organisation")
    page.get_by_label("På svenska").fill(MESSAGE)
    page.get_by_role("button", name="Spara meddelandet").click()
    expect(person.told("Meddelandet visas nu för alla.")).to_have_count(1)
    member.page.reload()
    expect(banner).to_have_text(MESSAGE)
    page.get_by_label("På svenska").fill("")
    page.get_by_role("button", name="Spara meddelandet").click()
    expect(person.told("Inget meddelande visas.")).to_have_count(1)
    member.page.reload()
    expect(member.page.get_by_role("heading", level=1)).to_be_visible()
    expect(banner).to_have_count(0)
