"""The page in front of the real gateway: who is let in, where they land, and what is seen when something is wrong."""

from contextlib import suppress

import pytest
from playwright.sync_api import Error, expect

from tests.gateway.people import HERE, THERE
from tests.web.house import WebHouse
from tests.web.visiting import Visits, log_out, show_credentials

pytestmark = pytest.mark.browser


def test_a_person_logs_in_by_the_providers_form_and_out_again(visit: Visits) -> None:
    watch = visit("/", role=None)
    page = watch.page
    page.get_by_role("link", name="Logga in", exact=True).click()
    show_credentials(page, f"medarbetare@{HERE}.example")
    expect(page.get_by_text("Ekdalens kommun")).to_be_visible()
    log_out(page)
    assert page.evaluate("fetch('/api/me').then((answer) => answer.status)") == 401


def test_a_person_of_each_role_is_let_in_at_once_a_second_time(visit: Visits, house: WebHouse) -> None:
    for tenant in (HERE, THERE):
        first, second = visit(tenant=tenant), visit(tenant=tenant)
        name = "Ekdalens kommun" if tenant == HERE else "Region Norrskog"
        for watch in (first, second):
            expect(watch.page.get_by_text(name)).to_be_visible()
    logins = house.records(type="auth.login")
    again = visit(tenant=HERE)
    expect(again.page.get_by_text("Ekdalens kommun")).to_be_visible()
    assert len(house.records(type="auth.login")) == len(logins)


def test_a_session_that_ended_at_the_gateway_is_no_longer_let_in(visit: Visits, house: WebHouse) -> None:
    watch = visit(own_login=True)
    watch.expected_statuses.add(401)
    assert house.end_sessions() > 0
    watch.page.reload()
    expect(watch.page.get_by_role("link", name="Logga in", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("harm", "fault"),
    [
        ("console.error('aj')", "console: aj"),
        ("setTimeout(() => { throw new Error('aj') })", "crash: aj"),
        ("fetch('http://127.0.0.1:9/').catch(() => {})", "connect-src http://127.0.0.1:9/"),
        ("location.assign('http://127.0.0.1:1099/')", "foreign: http://127.0.0.1:1099/"),
        ("document.body.insertAdjacentHTML('beforeend', '<b>aj</b>')", "require-trusted-types-for"),
    ],
)
def test_what_must_never_happen_on_a_page_is_seen(visit: Visits, harm: str, fault: str) -> None:
    page = visit().page
    page.evaluate(f"try {{ {harm} }} catch {{ }}")
    for _ in range(100):
        page.wait_for_timeout(100)
        with suppress(Error):  # the page may just be on its way to another
            if any(fault in each for each in visit.faults()):
                break
    else:
        pytest.fail(f"it was not seen: {visit.faults()}")
    for watch in visit.watches:
        watch.page.close()
    visit.watches.clear()


def test_what_is_seeded_scripted_and_recorded_is_that_of_the_gateway_behind_the_page(house: WebHouse) -> None:
    made = house.collection("Provsamling för gatan")
    document = house.document(made, "gata.txt", "Gatan sopas varje torsdag av kommunens maskiner.")
    with house.api() as http:
        assert http.get(f"/api/documents/{document}").json()["state"] == "ready"
    house.writes("Gatan ", "sopas.", gap=0.01)
    house.conversation("När sopas gatan?")
    assert house.asked[-1]["messages"][-1]["content"] == "När sopas gatan?"
    newest = house.records(type="call.intent")[-1]
    assert newest["op"]["model"] == "skrivare", newest
