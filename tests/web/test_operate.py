"""The operator in the browser: how the installation is, and nothing of any organisation's work."""

import pytest
from playwright.sync_api import expect

from tests.inference.upstream import refusal
from tests.web.house import WebHouse
from tests.web.visiting import Visits, log_out

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


def test_an_operator_begins_at_the_installation_and_sees_how_it_is(visit: Visits, house: WebHouse) -> None:
    watch = visit("/", role="operator", own_login=True)
    page = watch.page
    expect(page.get_by_role("heading", level=1, name="Drift")).to_be_visible()
    assert page.url == f"{house.url}/drift"
    ways = page.get_by_role("navigation", name="Valvs delar").get_by_role("link")
    expect(ways).to_have_text(["Drift"])
    for name in ("Loggen", "Databasen", "Inloggningstjänsten (Keycloak)", "Modellen skrivare"):
        row = page.locator(".part-row").filter(has_text=name).first
        expect(row).to_contain_text("Svarar")
    expect(page.locator(".figures")).to_contain_text("valv.local/audit/installation")
    watch.expected_statuses.add(401)
    log_out(page)


def test_nothing_of_what_people_do_is_on_the_page(visit: Visits, house: WebHouse) -> None:
    collection = house.collection("Hemlig samling")
    house.document(collection, "avtal.txt", "Ett avtal om tystnad.")
    house.conversation("Vad säger avtalet?", collections=[collection])
    page = visit("/drift", role="operator").page
    expect(page.locator(".figures tbody tr").first).to_be_visible()
    said = page.locator("body").inner_text()
    for theirs in ("Hemlig", "avtal", "Ekdalens kommun", "medarbetare@", "Medarbetare"):
        assert theirs not in said
    with house.api("operator") as http:
        for place in ("collections", "conversations", "members", "audit/records"):
            assert http.get(f"/api/{place}").status_code == 403, place


def test_a_model_server_that_is_away_is_seen_with_what_to_do(visit: Visits, house: WebHouse) -> None:
    house.inner.chat.answer("/health", refusal(503))
    try:
        page = visit("/drift", role="operator").page
        row = page.locator(".part-row").filter(has_text="Modellen skrivare")
        expect(row).to_contain_text("Svarar inte")
        expect(row.locator(".part-advice")).to_have_text(
            "Om Valv startades med valv up startas modellservern om av sig själv. "
            "Annars: valv models serve skrivare"
        )
        house.inner.chat.answer("/health", refusal(200))
        page.get_by_role("button", name="Läs av igen").click()
        expect(row.locator(".part-advice")).to_have_count(0)
        expect(page.locator(".model").filter(has_text="skrivare").first).to_contain_text(
            "sedan Valv startade, senast"
        )
    finally:
        house.inner.chat.answer("/health", refusal(200))


def test_the_room_is_the_operators_alone(visit: Visits) -> None:
    for role in ("employee", "tenant-admin"):
        page = visit("/drift", role=role).page
        expect(page.get_by_role("heading", level=1)).to_have_text("Det här får du inte göra")
