"""The organisation's administration in the browser: members, roles, the message to everyone, and what is kept."""

import itertools
import re

import pytest
from playwright.sync_api import Page, expect

from tests.gateway.people import HERE, username
from tests.web.house import WebHouse
from tests.web.keyboard import Keys
from tests.web.visiting import Visits, show_credentials

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

_COUNT = itertools.count(1)


def newcomer(house: WebHouse, *roles: str, outside: bool = False) -> tuple[str, str]:
    """The address and the name of someone new; with roles a member, else only known to the provider."""
    email = f"webb-{next(_COUNT)}@{HERE}.example"
    house.run(house.inner.member(email, *roles, tenant=None if outside else HERE))
    return email, f"{email.partition('@')[0].capitalize()}, Ny"


def shown(page: Page, name: str):
    """The row of that member, found by the search."""
    page.get_by_role("searchbox").fill(name.partition(",")[0])
    page.get_by_role("button", name="Sök").click()
    row = page.get_by_role("listitem").filter(has_text=name)
    expect(row).to_have_count(1)
    return row


def at_the_desk(visit: Visits, house: WebHouse, email: str) -> Page:
    page = visit("/", role=None).page
    page.get_by_role("link", name="Logga in", exact=True).click()
    show_credentials(page, email)
    page.wait_for_url(re.compile(re.escape(house.url)))
    return page


def roles_of(page: Page) -> list[str]:
    return page.evaluate("fetch('/api/me').then((answer) => answer.json()).then((me) => me.roles)")


def save_roles(page: Page, row, *names: str) -> None:
    row.get_by_role("button", name=re.compile("Ändra roller")).click()
    for name in names:
        page.get_by_role("checkbox", name=name).click(force=True)
    page.get_by_role("button", name="Spara rollerna").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_role_that_is_given_opens_its_room_and_one_that_is_taken_closes_it(
    visit: Visits, house: WebHouse
) -> None:
    email, name = newcomer(house, "employee")
    theirs = at_the_desk(visit, house, email)
    ways = theirs.get_by_role("navigation", name="Valvs delar")
    expect(ways.get_by_role("link", name="Fråga")).to_be_visible()
    expect(ways.get_by_role("link", name="Utveckla")).to_have_count(0)

    page = visit("/administration", role="tenant-admin").page
    row = shown(page, name)
    save_roles(page, row, "Prototypare")
    expect(row.locator(".tag")).to_have_text(["Medarbetare", "Prototypare"])
    expect(page.get_by_role("status").filter(has_text=f"Rollerna för {name} är ändrade.")).to_have_count(1)
    theirs.reload()
    expect(ways.get_by_role("link", name="Utveckla")).to_be_visible()
    assert roles_of(theirs) == ["employee", "prototyper"]

    save_roles(page, row, "Prototypare", "Administratör")
    theirs.reload()
    expect(ways.get_by_role("link", name="Administration")).to_be_visible()
    save_roles(page, row, "Administratör")
    theirs.reload()
    expect(ways.get_by_role("link", name="Fråga")).to_be_visible()
    for name in ("Administration", "Utveckla"):
        expect(ways.get_by_role("link", name=name)).to_have_count(0)

    given = house.records(type="admin.roles_change")[-3:]
    assert [each["detail"].get("given") for each in given] == ["prototyper", "tenant-admin", None]
    assert email not in str(given)


def test_officer_and_administrator_together_can_t_be_chosen(visit: Visits, house: WebHouse) -> None:
    _, name = newcomer(house, "employee")
    page = visit("/administration", role="tenant-admin").page
    shown(page, name).get_by_role("button", name=re.compile("Ändra roller")).click()
    for role in ("Granskare", "Administratör"):
        page.get_by_role("checkbox", name=role).click(force=True)
    expect(page.get_by_text("Ingen kan vara både granskare och administratör.")).to_be_visible()
    expect(page.get_by_role("button", name="Spara rollerna")).to_be_disabled()


def test_the_last_administrator_is_told_what_to_do_first(visit: Visits) -> None:
    watch = visit("/administration", role="tenant-admin")
    page = watch.page
    watch.expected_statuses.add(409)
    row = shown(page, "Administratör, Ekdalen")
    row.get_by_role("button", name=re.compile("Ändra roller")).click()
    page.get_by_role("checkbox", name="Administratör").click(force=True)
    page.get_by_role("button", name="Spara rollerna").click()
    expect(page.get_by_role("alert")).to_contain_text("sista administratör")


def test_someone_is_taken_in_and_let_go_by_keyboard_alone(visit: Visits, house: WebHouse) -> None:
    email, name = newcomer(house, outside=True)
    page = visit("/administration", role="tenant-admin").page
    keys = Keys(page)
    keys.choose(page.get_by_role("button", name="Lägg till medlem"))
    keys.reach(page.get_by_label("E-postadress"))
    keys.write(email)
    keys.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    keys.reach(page.get_by_role("searchbox"))
    keys.write(name.partition(",")[0])
    keys.press("Enter")
    row = page.get_by_role("listitem").filter(has_text=name)
    keys.choose(row.get_by_role("button", name=re.compile("Ta bort")))
    keys.choose(page.get_by_role("button", name="Ta bort ur organisationen"))
    expect(page.get_by_text("Ingen medlem stämmer med sökningen.")).to_be_visible()
    expect(page.get_by_role("heading", name="Medlemmar")).to_be_focused()
    assert [each["type"] for each in house.records(type="admin.member_remove")][-1:] == [
        "admin.member_remove"
    ]
    assert keys.faults == []


def test_an_address_of_somebody_elses_is_refused_in_words(visit: Visits) -> None:
    watch = visit("/administration", role="tenant-admin")
    watch.expected_statuses.add(422)
    page = watch.page
    page.get_by_role("button", name="Lägg till medlem").click()
    page.get_by_label("E-postadress").fill("medarbetare@norrskog.example")
    page.get_by_role("button", name="Lägg till", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(
        "organisationens egna domäner läggas till (ekdalen.example)"
    )


def test_a_message_is_shown_to_everyone_as_plain_words_in_their_language(
    visit: Visits, house: WebHouse
) -> None:
    page = visit("/administration", role="tenant-admin").page
    hostile = "<img src=x onerror=alert(1)> Lunch till ett"
    try:
        page.get_by_label("På svenska").fill(hostile)
        page.get_by_role("button", name="Spara meddelandet").click()
        expect(page.locator(".banner")).to_have_text(hostile)
        theirs = visit("/", role="employee", language="en").page
        banner = theirs.get_by_role("region", name="Message from your organisation")
        expect(banner).to_have_text(hostile)
        expect(banner.locator("p")).to_have_attribute("lang", "sv")
        page.get_by_label("På engelska").fill("Lunch until one")
        page.get_by_role("button", name="Spara meddelandet").click()
        expect(page.get_by_role("status").filter(has_text="Meddelandet visas nu för alla.")).to_have_count(1)
        theirs.reload()
        expect(banner).to_have_text("Lunch until one")
    finally:
        with house.api("tenant-admin") as http:
            assert http.put("/api/banner", json={}).is_success
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".banner")).to_have_count(0)


def test_what_is_kept_is_told_and_the_room_is_the_administrators_alone(
    visit: Visits, house: WebHouse
) -> None:
    house.collection("Till förvaltning")
    page = visit("/administration", role="tenant-admin").page
    expect(page.locator(".kept")).to_contain_text("Till förvaltning")
    expect(page.get_by_role("link", name="Till förvaltning")).to_be_visible()
    expect(page.locator(".facts")).to_contain_text("Sparas inte")
    expect(page.locator(".facts")).to_contain_text("30 minuter")
    for role in ("employee", "security-officer"):
        other = visit("/administration", role=role).page
        expect(other.get_by_role("heading", level=1)).to_have_text("Det här får du inte göra")
        expect(other.get_by_text(username("prototyper"))).to_have_count(0)
