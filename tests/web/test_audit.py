"""The officer's room: from login to evidence that verifies offline, links that colleagues open, and checks of one's own."""

import base64
import io
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from audit.__main__ import main
from audit.records import Draft, EventType, Operation
from auth.identity import TenantId
from tests.gateway.fakes import HeldLedger
from tests.gateway.people import HERE
from tests.web.house import WebHouse
from tests.web.keyboard import Keys
from tests.web.visiting import Visits, log_out

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

OFFICER = "security-officer"


@pytest.fixture(scope="module")
def call(the_house: WebHouse) -> str:
    """The reference number of a question that an employee asked."""
    the_house.conversation("Hur många dagar på distans?")
    return str(the_house.records(type="call.outcome")[-1]["call"])


def numbers(page: Page) -> list[str]:
    """The numbers of the records on the page."""
    page.locator(".records tbody tr").first.wait_for()
    return page.locator(".records tbody .record-seq").all_inner_texts()


def check_in_browser(page: Page) -> None:
    page.get_by_role("button", name="Kontrollera i webbläsaren").click()


def test_an_officer_goes_from_login_to_a_package_that_verifies_offline(
    visit: Visits, house: WebHouse, call: str, tmp_path: Path
) -> None:
    watch = visit("/granskning", role=OFFICER, own_login=True)
    page = watch.page
    expect(page.locator(".records tbody tr").first).to_contain_text("Sökning i loggen")
    expect(page.get_by_text("Det du gör här antecknas också")).to_be_visible()

    page.get_by_label("Ärendenummer").fill(call)
    page.get_by_role("button", name="Sök").click()
    expect(page.locator(".record-way")).to_have_text(["Svar från en modell", "Fråga till en modell"])
    page.get_by_role("link", name="Svar från en modell", exact=True).click()
    check_in_browser(page)
    expect(
        page.get_by_text("Posten stämmer: hash, väg och signatur är omräknade och riktiga.")
    ).to_be_visible()
    with page.expect_download() as proof:
        page.get_by_role("button", name="Ladda ner bevis").click()
    said = io.StringIO()
    command = ["check", str(proof.value.path()), "--vkey", house.inner.lab.ledger.vkey(TenantId(HERE))]
    assert main(command, said, said) == 0, said.getvalue()

    page.get_by_role("link", name="Kontroll", exact=True).click()
    page.get_by_role("button", name="Kontrollera hela loggen").click()
    line = page.get_by_role("region", name="Loggens äkthet")
    expect(line).to_contain_text(re.compile(r"Verifierad till händelse .*\d\d:\d\d"))
    page.get_by_role("link", name="Händelser", exact=True).click()
    expect(page.get_by_label("Ärendenummer")).to_have_value(call)

    page.get_by_role("link", name="Exportera dessa").click()
    expect(page.get_by_text(f"Sökt: {call}").first).to_be_visible()
    page.get_by_role("button", name="Gör ett paket").click()
    with page.expect_download() as package:
        page.get_by_role("link", name=re.compile("Ladda ner")).first.click()
    bundle = tmp_path / "bundle.zip"
    package.value.save_as(bundle)
    said = io.StringIO()
    assert main(["verify", str(bundle), "--vkey", house.inner.lab.ledger.vkey()], said, said) == 0, (
        said.getvalue()
    )
    types = [record["type"] for record in house.records(type="audit.")]
    assert {"audit.search", "audit.view", "audit.verify", "audit.export"} <= set(types)
    watch.expected_statuses.add(401)
    log_out(page)


def test_the_address_shows_a_colleague_the_same(visit: Visits, house: WebHouse, call: str) -> None:
    watch = visit("/granskning?action=call.&outcome=ok", role=OFFICER)
    page = watch.page
    mine = numbers(page)
    assert mine
    page.get_by_role("link", name=re.compile("Visa bara Svar från en modell")).click()
    expect(page.get_by_role("link", name="Ta bort filtret Händelse: Svar från en modell")).to_be_visible()
    expect(page.locator(".record-way", has_text="Fråga till en modell")).to_have_count(0)
    narrowed = numbers(page)
    assert narrowed
    assert narrowed != mine
    address = page.url.removeprefix(house.url)
    other = visit.tab(watch, address).page
    assert numbers(other) == narrowed
    other.get_by_role("link", name="Ta bort filtret Utfall: Klart").click()
    other.wait_for_url(lambda url: "outcome=ok" not in url)
    expect(other.get_by_role("link", name="Ta bort filtret Händelse: Svar från en modell")).to_be_visible()


def test_an_address_that_makes_no_sense_shows_the_log(visit: Visits) -> None:
    page = visit("/granskning?from=igår&cursor=x&after=-3&q=Anna+Andersson&actor=", role=OFFICER).page
    assert numbers(page)
    expect(page.get_by_role("alert")).to_contain_text("Det går att söka på ett ärendenummer")


def test_pages_lead_to_older_events_and_back(visit: Visits, house: WebHouse) -> None:
    for _ in range(60):
        house.run(house.inner.lab.ledger.append(TenantId(HERE), Draft(EventType.API_READ, call="bläddring")))
    page = visit("/granskning?action=api.read", role=OFFICER).page
    first = numbers(page)
    page.get_by_role("link", name="Äldre", exact=True).click()
    page.wait_for_url("**cursor=**")
    expect(page.locator(".records tbody .record-seq").first).not_to_have_text(first[0])
    second = numbers(page)
    assert int(second[0]) < int(first[-1])
    page.get_by_role("link", name="Nyare", exact=True).click()
    page.wait_for_url("**after=**")
    expect(page.locator(".records tbody .record-seq").first).to_have_text(first[0])
    assert numbers(page) == first


def test_one_altered_byte_fails_the_check_in_the_browser(visit: Visits, house: WebHouse, call: str) -> None:
    seq = house.records(call=call)[0]["seq"]
    page = visit("/granskning", role=OFFICER).page

    def alter(route: Route) -> None:
        answer = route.fetch()
        told = answer.json()
        body = bytearray(base64.b64decode(told["body"]))
        body[len(body) // 2] ^= 1
        route.fulfill(response=answer, body=json.dumps(told | {"body": base64.b64encode(body).decode()}))

    page.route(f"**/api/audit/records/{seq}", alter)
    page.get_by_label("Ärendenummer").fill(str(seq))
    page.get_by_role("button", name="Sök").click()
    check_in_browser(page)
    expect(page.get_by_text("Posten är ändrad: dess byte ger en annan hash.")).to_be_visible()


def test_another_key_than_the_logs_fails_the_check_in_the_browser(
    visit: Visits, house: WebHouse, call: str
) -> None:
    seq = house.records(call=call)[0]["seq"]
    page = visit(f"/granskning/{seq}", role=OFFICER).page
    field = page.get_by_label("Nyckel att kontrollera mot")
    name, number, _ = field.input_value().split("+", 2)
    # the public key of RFC 8032, 7.1, test 1
    other = bytes.fromhex("01d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    field.fill(f"{name}+{number}+{base64.b64encode(other).decode()}")
    check_in_browser(page)
    expect(page.get_by_text("Signaturen är inte gjord med den nyckeln.")).to_be_visible()


def test_what_happens_meanwhile_moves_nothing(visit: Visits, house: WebHouse) -> None:
    page = visit("/granskning", role=OFFICER).page
    before = numbers(page)
    for _ in range(3):
        house.run(house.inner.lab.ledger.append(TenantId(HERE), Draft(EventType.API_READ)))
    page.evaluate("window.dispatchEvent(new Event('visibilitychange'))")
    fresh = page.get_by_role("button", name=re.compile(r"^[3-9] nya i loggen$"))
    expect(fresh).to_be_visible()
    assert numbers(page) == before
    fresh.click()
    expect(page.locator(".records tbody .record-seq").first).not_to_have_text(before[0])


def test_the_log_is_read_with_keys_alone(visit: Visits, house: WebHouse, call: str) -> None:
    page = visit("/granskning?action=call.", role=OFFICER).page
    shown = numbers(page)
    keys = Keys(page)
    keys.reach(page.locator(".record-way").first)
    keys.press("j", "j", "k", "ArrowDown", "Home", "End", "Home", "j")
    keys.press("Enter")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(f"Post {shown[1]}")
    expect(heading).to_be_focused()
    page.get_by_text("Alla fält").wait_for()
    keys.press("Alt+ArrowUp")
    expect(heading).to_have_text(f"Post {shown[0]}")
    assert keys.faults == []


def test_what_others_wrote_is_shown_as_text_with_the_unseen_written_out(
    visit: Visits, house: WebHouse
) -> None:
    trap = '<img src=x onerror="alert(1)">\u202emoc.live\u200b'
    operation = Operation(trap, trap, model=trap)
    made = house.run(house.inner.lab.ledger.append(TenantId(HERE), Draft(EventType.API_READ, op=operation)))
    page = visit("/granskning", role=OFFICER).page

    def forge(route: Route) -> None:
        """The ledger has written the unseen out already; whoever forges a record would not."""
        answer = route.fetch()
        route.fulfill(
            response=answer, body=answer.text().replace("\\\\u202e", "\u202e").replace("\\\\u200b", "\u200b")
        )

    page.route(f"**/api/audit/records/{made.seq}", forge)
    page.get_by_label("Ärendenummer").fill(str(made.seq))
    page.get_by_role("button", name="Sök").click()
    page.get_by_text("Visa posten som JSON").click()
    assert page.locator("main img").count() == 0
    assert page.locator("mark.unseen", has_text="U+202E").count() >= 6
    assert "\u202e" not in page.locator("main").inner_text()
    assert "\u200b" not in page.locator("main").inner_text()


@pytest.fixture
def held(house: WebHouse) -> Iterator[None]:
    """Verifications stop at 512 of 2048 records, until they are cancelled."""
    office, let_go = house.inner.lab.office, threading.Event()
    before = office._tools
    office._tools = replace(before, ledger=HeldLedger(before.ledger, let_go))
    yield
    let_go.set()
    office._tools = before


@pytest.mark.usefixtures("held")
def test_a_verification_goes_on_when_its_page_is_left_and_can_be_cancelled(visit: Visits) -> None:
    page = visit("/granskning/verifiering", role=OFFICER).page
    page.get_by_role("button", name="Kontrollera hela loggen").click()
    expect(page.get_by_text("512 av 2 048 poster")).to_be_visible()
    page.get_by_role("link", name="Händelser", exact=True).click()
    expect(page.get_by_role("region", name="Loggens äkthet")).to_contain_text("Kontroll pågår: 512 av 2 048")
    page.get_by_role("link", name="Kontroll", exact=True).click()
    page.get_by_role("button", name="Avbryt").click()
    expect(page.locator(".runs > li").first.get_by_role("heading")).to_have_text("Avbruten")
    expect(page.get_by_role("button", name="Kontrollera hela loggen")).to_be_enabled()


def test_an_employee_is_told_that_the_log_is_not_theirs(visit: Visits) -> None:
    watch = visit("/granskning", role="employee")
    expect(watch.page.get_by_role("heading", level=1)).to_have_text("Det här får du inte göra")
    assert watch.page.get_by_role("link", name="Granskning").count() == 0
