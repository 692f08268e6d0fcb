"""A page that broke is on record under the number that its reader is shown, and with nothing of theirs."""

from dataclasses import replace

import pytest

from gateway.app import compose
from gateway.limits import Budget
from tests.gateway.browsing import Browser, person
from tests.gateway.people import username
from tests.gateway.serving import client, served

pytestmark = pytest.mark.anyio

FAULT = {"route": "/dokument/$document", "build": "BqqIh91b", "error": "TypeError"}


@pytest.fixture
async def employee(house):
    browser = Browser(house.url, person(username("employee")))
    await browser.log_in()
    await browser.close()
    lab = replace(house.lab, page_faults=Budget("page", per_minute=6, clock=lambda: 0.0))
    async with served(compose(lab)) as url:
        browser.http = client(url)
        yield browser
        await browser.close()
    await browser.person.close()


async def test_a_fault_is_found_by_the_number_that_is_shown(house, employee):
    answer = await employee.post("/api/faults", csrf=await employee.csrf(), json=FAULT)
    shown = answer.json()["id"]
    async with await house.person("security-officer") as officer:
        found = (await officer.get("/api/audit/records", params={"call": shown})).json()["items"]
    (record,) = [each["record"] for each in found]
    assert record["type"] == "page.failed"
    assert record["detail"] == {"page": "/dokument/$document", "build": "BqqIh91b", "error": "TypeError"}
    assert record["actor"]["kind"] == "user"


@pytest.mark.parametrize(
    "change",
    [
        {"route": "/dokument/Anna Andersson"},
        {"route": "/" + "a" * 80},
        {"build": "what I wrote"},
        {"error": "TypeError: Anna"},
        {"message": "the text that broke it"},
    ],
)
async def test_nothing_but_a_pattern_a_build_and_a_class_is_taken(house, employee, change):
    answer = await employee.post("/api/faults", csrf=await employee.csrf(), json={**FAULT, **change})
    assert answer.status_code == 400
    assert "Anna" not in str(await house.records_of(answer))


async def test_who_has_no_session_or_no_csrf_header_is_refused_before_the_body_is_read(house, employee):
    async with client(house.url) as nobody:
        assert (await nobody.post("/api/faults", content=b"{no json")).status_code == 401
    assert (await employee.post("/api/faults", json=FAULT)).status_code == 401


async def test_a_page_that_breaks_again_and_again_is_told_to_wait(employee):
    csrf = await employee.csrf()
    statuses = [(await employee.post("/api/faults", csrf=csrf, json=FAULT)).status_code for _ in range(7)]
    assert statuses == [200] * 6 + [429]
