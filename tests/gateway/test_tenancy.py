"""For every route: no credential 401, a role without the action 403, another organisation's thing 404."""

import pytest

from auth.policy import OPERATOR_ALLOWED
from tests.gateway.people import HERE, OPERATOR, THERE
from tests.gateway.routes import BODIES, OPEN, ask, every_route
from tests.gateway.serving import client

pytestmark = pytest.mark.anyio

# Their names are the installation's, the same for every organisation.
SHARED_NAMES = {"GET /v1/models/{name}"}


@pytest.fixture
def routes(house):
    return every_route(house.lab)


@pytest.fixture
def guarded(routes):
    return [route for route in routes if route.action is not None]


async def test_routes_without_authority_are_on_the_short_list(routes):
    assert {str(route) for route in routes if route.action is None} == set(OPEN)


async def test_every_route_with_a_body_has_a_good_one_here(guarded):
    with_body = {str(route) for route in guarded if route.method in {"POST", "PUT", "PATCH"}}
    assert with_body - set(BODIES) == {
        "POST /api/audit/verifications",
        "POST /api/audit/verifications/{verification}/cancel",
        "POST /api/audit/exports/{export}/cancel",
        "POST /api/conversations/{conversation}/messages/{answer}/stop",
    }
    assert set(BODIES) <= with_body


async def test_without_a_credential_every_route_says_401(house, guarded, shared_things):
    async with client(house.url) as nobody:
        for route in guarded:
            answer = await ask(nobody, route, shared_things)
            assert answer.status_code == 401, route
            assert answer.headers["www-authenticate"] == "Bearer", route


async def test_without_a_credential_no_body_is_read(house, guarded, shared_things):
    async with client(house.url) as nobody:
        for route in guarded:
            if route.method == "POST":
                answer = await nobody.post(shared_things.path(route), content=b"{no json")
                assert answer.status_code == 401, route


async def test_with_a_key_that_nobody_has_every_route_says_401(house, guarded, shared_things):
    async with client(house.url, "valv_abcd1234_" + "x" * 43) as nobody:
        for route in guarded:
            assert (await ask(nobody, route, shared_things)).status_code == 401, route


async def test_a_role_without_the_action_is_refused_by_every_route(house, guarded, shared_things):
    for route in guarded:
        for role in route.roles_without():
            async with await house.person(role) as person:
                answer = await ask(person, route, shared_things)
            assert answer.status_code == 403, (route, role)
            (record,) = await house.records_of(answer)
            assert (record["type"], record["policy"]["decision"]) == ("authz.denied", "deny"), (route, role)


async def test_the_operator_is_refused_by_every_route_of_an_organisation(house, guarded, shared_things):
    async with client(house.url, await house.people.token_of(OPERATOR, "openid")) as operator:
        for route in guarded:
            if route.action not in OPERATOR_ALLOWED:
                assert (await ask(operator, route, shared_things)).status_code == 403, route


async def test_a_key_without_the_scope_is_refused_by_every_route_of_v1(house, guarded, shared_things):
    for route in guarded:
        if route.openai:
            async with await house.programme(scopes=frozenset()) as programme:
                assert (await ask(programme, route, shared_things)).status_code == 403, route


async def test_a_key_opens_nothing_of_the_workspace(house, guarded, shared_things):
    async with await house.programme() as programme:
        for route in guarded:
            if not route.openai:
                assert (await ask(programme, route, shared_things)).status_code == 401, route


async def test_another_organisations_thing_does_not_exist_on_any_route(house, guarded, shared_things):
    for route in guarded:
        if route.has_id and str(route) not in SHARED_NAMES and "{seq}" not in route.path:
            async with await house.person(route.role(), THERE) as stranger:
                answer = await ask(stranger, route, shared_things)
            assert answer.status_code == 404, route
            assert "distans" not in answer.text, route


async def test_after_the_strangers_the_things_are_still_there(house, guarded, things):
    for route in guarded:
        if route.method == "DELETE":
            async with await house.person(route.role(), THERE) as stranger:
                answer = await ask(stranger, route, things)
            # Without an id in it, it ends the stranger's own things.
            assert answer.status_code == (404 if route.has_id else 204), route
    async with await house.person("employee") as employee:
        assert (await employee.get(f"/api/documents/{things.document}/pages/1")).status_code == 200
        assert (await employee.get(f"/api/conversations/{things.conversation}")).status_code == 200
    found = await house.lab.keys.of(house.tenant(HERE)).find(things.key)
    assert found.revoked_at is None


async def test_a_question_can_name_no_collection_of_another_organisation(house, shared_things):
    body = {"question": "Hur många dagar på distans?", "collections": [shared_things.collection]}
    async with await house.person("employee", THERE) as stranger:
        answer = await stranger.post("/api/answers", json=body)
    assert answer.status_code == 404
    chat = {"model": "skrivare", "messages": [{"role": "user", "content": "Distans?"}]}
    async with await house.programme(THERE) as programme:
        answer = await programme.post(
            "/v1/chat/completions", json={**chat, "collections": [shared_things.collection]}
        )
    assert answer.status_code == 404
    assert house.chat.asked == []


async def test_the_same_question_finds_only_ones_own_documents(house, shared_things):
    # What only one of the two organisations has ever been told, and asks about in words of its own.
    fact = "Kaffebudgeten på distans är fyrtioett kronor."
    await house.document(shared_things.collection, "kaffe.txt", fact.encode())
    shown = []
    for tenant in (HERE, THERE):
        # An answer of an earlier test may still be written: the model was asked this by nobody else.
        asked = f"Hur stor är kaffebudgeten i {tenant}?"
        async with await house.person("employee", tenant) as person:
            answer = await person.post("/api/answers", json={"question": asked, "model": "skrivare"})
        assert answer.status_code == 200
        (sent,) = [each.body.decode() for each in house.chat.asked if asked in each.body.decode()]
        shown.append("fyrtioett" in sent)
    assert shown == [True, False]


async def test_an_officer_reads_their_own_organisations_log_alone(house, shared_things):
    async with await house.person("employee", THERE) as stranger:
        theirs = (await stranger.get("/api/collections")).headers["x-request-id"]
    async with await house.person("security-officer") as officer:
        seen = (await officer.get("/api/audit/records", params={"limit": 200})).json()["items"]
        assert {item["record"]["log"] for item in seen} == {f"valv.local/audit/t/{HERE}"}
        assert (await officer.get("/api/audit/records", params={"call": theirs})).json()["items"] == []
    async with await house.person("security-officer", THERE) as officer:
        found = (await officer.get("/api/audit/records", params={"call": theirs})).json()["items"]
        assert len(found) == 1


async def test_a_number_names_a_record_of_ones_own_log(house, shared_things):
    async with await house.person("security-officer", THERE) as officer:
        for seq in (0, shared_things.seq):
            answer = await officer.get(f"/api/audit/records/{seq}")
            own = answer.status_code == 404 or answer.json()["record"]["log"] == f"valv.local/audit/t/{THERE}"
            assert own, seq
        assert (await officer.get("/api/audit/records/99999999")).status_code == 404


async def test_the_package_of_one_organisation_holds_nothing_of_the_other(house, shared_things):
    async with await house.person("security-officer") as officer:
        package = await officer.get(f"/api/audit/exports/{shared_things.export}/file")
    assert package.status_code == 200
    assert f"t/{THERE}".encode() not in package.content
    assert HERE in package.headers["content-disposition"]


async def test_a_person_in_two_organisations_has_each_ones_role_there_alone(house):
    for tenant, status in ((HERE, 200), (THERE, 403)):
        token = await house.people.token_of("delad@ekdalen.example", f"openid organization:{tenant}")
        async with client(house.url, token) as person:
            assert (await person.get("/api/audit/records")).status_code == status, tenant
