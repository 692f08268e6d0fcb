"""Every route is on record before it does anything, or on a short list with the reason why not."""

from dataclasses import replace

import pytest

from audit.records import EventType
from gateway.app import compose
from tests.gateway.fakes import failing, with_ledger
from tests.gateway.people import HERE
from tests.gateway.routes import UNRECORDED, USE_CASE, ask, every_route
from tests.gateway.serving import client, served

pytestmark = pytest.mark.anyio


@pytest.fixture
def routes(house):
    return every_route(house.lab)


@pytest.fixture
def recorded(routes):
    return [replace(route, records=_records(route)) for route in routes if _records(route)]


def _records(route):
    return route.records or USE_CASE.get(str(route))


async def test_every_route_is_recorded_or_on_the_short_list(routes, recorded):
    assert {str(route) for route in routes} - {str(route) for route in recorded} == set(UNRECORDED)


async def test_every_reason_is_given():
    assert all(len(reason) > 20 for reason in UNRECORDED.values())


async def test_what_is_recorded_is_an_event_of_the_ledger(recorded):
    assert {route.records for route in recorded} <= set(EventType)


async def test_each_route_adds_its_record_to_its_callers_log_once(house, recorded):
    for route in recorded:
        things = await _things_for(house, route)
        async with await _someone_who_may(house, route) as person:
            answer = await ask(person, route, things)
        assert answer.is_success, (route, answer.text)
        log = None if route.for_operators else HERE
        records = await house.records_of(answer, log)
        types = [record["type"] for record in records]
        assert types.count(route.records) in {1, 2}, (route, types)
        assert types[0] == route.records, route
        first = records[0]
        assert first["log"] == f"valv.local/audit/{'installation' if log is None else f't/{HERE}'}"
        assert first["op"]["route"] == str(route)
        assert (first["ref"], first["policy"]["decision"]) == (None, "allow"), route
        assert all(later["ref"] == first["seq"] for later in records[1:]), route


async def test_a_record_names_the_thing_that_was_acted_on(house, things):
    async with await house.person("employee") as person:
        answer = await person.get(f"/api/documents/{things.document}/pages/1")
        (record,) = await house.records_of(answer)
        assert record["detail"] == {"document": things.document, "page": "1"}


async def test_what_a_caller_writes_in_the_place_of_an_id_is_not_put_on_record(house):
    async with await house.person("employee") as person:
        answer = await person.get("/api/documents/Anna.Andersson-Ekdal")
    assert answer.status_code == 404
    assert "Andersson" not in str(await house.records_of(answer))


async def test_a_thing_that_is_not_there_is_on_record_as_looked_for_and_not_found(house):
    async with await house.person("employee") as person:
        answer = await person.get("/api/documents/" + "0" * 24)
    looked, found = await house.records_of(answer)
    assert looked["type"] == found["type"] == "doc.view"
    assert (found["ref"], found["outcome"]["status"]) == (looked["seq"], "blocked")
    assert found["detail"] == {"reason": "not_found", "status": 404}


async def test_without_a_ledger_no_route_does_anything(house, recorded):
    lab = with_ledger(house.lab, failing(house.lab.ledger))
    things = await house.things()
    before = await _state(house)
    async with served(compose(lab)) as url:
        for route in recorded:
            async with client(url, await house.people.token(route.role())) as person:
                answer = await ask(person, route, things)
            assert answer.status_code == 503, (route, answer.text)
            assert _code(route, answer) == "audit_unavailable", route
    assert house.chat.asked == []
    assert house.vectors.asked == []
    assert await _state(house) == before


def _code(route, answer):
    body = answer.json()
    if route.openai:
        assert answer.headers["content-type"] == "application/json"
        return body["error"]["code"]
    assert answer.headers["content-type"] == "application/problem+json"
    return body["slug"]


async def _state(house):
    """What the routes could change."""
    shelf = house.lab.library.shelf(house.tenant(HERE))
    collections = await shelf.collections()
    documents = [await shelf.documents(each.id) for each in collections]
    keys = await house.lab.keys.of(house.tenant(HERE)).list()
    async with await house.person() as person:
        talked = (await person.get("/api/conversations/export")).json() | {"exported": None}
    return talked, collections, documents, {(key.key, key.revoked_at) for key in keys}


async def _things_for(house, route):
    """Things of its own for a route that ends them, else those that all share."""
    if str(route) == "DELETE /api/conversations":
        house.shared = None  # it ends those of the shared things too
    return await house.things(fresh=route.method == "DELETE")


async def _someone_who_may(house, route):
    if route.openai:
        return await house.programme()
    return await house.person(route.role())
