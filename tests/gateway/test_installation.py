"""What the operator sees: how the installation is, and nothing that anybody asked of it."""

import pytest

from tests.gateway.browsing import Browser, person
from tests.gateway.people import HERE, OPERATOR, THERE, username
from tests.inference.upstream import refusal

pytestmark = pytest.mark.anyio

PLACES = ("/api/installation", "/api/installation/ledger", "/api/installation/organisations")


@pytest.fixture
async def operator(house):
    async with await house.person("operator") as http:
        yield http


async def test_an_operator_is_told_who_they_are_without_an_organisation(house):
    browser = Browser(house.url, person(OPERATOR))
    try:
        await browser.log_in()
        me = (await browser.get("/api/me")).json()
        assert (me["organisation"], me["organisations"], me["banner"]) == (None, [], None)
        assert me["roles"] == ["platform-operator"]
        assert "installation:read" in me["actions"]
        assert not any(
            action.startswith(("chat:", "document:", "member:", "audit:")) for action in me["actions"]
        )
        assert me["csrf"]
    finally:
        await browser.close()
        await browser.person.close()


async def test_every_look_is_in_the_installations_log_and_in_no_organisations(house, operator):
    for place in PLACES:
        answer = await operator.get(place)
        assert answer.status_code == 200, answer.text
        (record,) = await house.records_of(answer, None)
        assert (record["type"], record["op"]["route"]) == ("api.read", f"GET {place}")
        assert record["actor"]["kind"] == "admin"
        assert await house.records_of(answer, HERE) == []


async def test_nobody_of_an_organisation_sees_the_installation(house):
    for role in ("employee", "prototyper", "security-officer", "tenant-admin"):
        async with await house.person(role) as http:
            for place in PLACES:
                assert (await http.get(place)).status_code == 403, (role, place)


async def test_parts_and_models_are_told_with_what_to_do_about_one_that_is_away(house, operator):
    said = (await operator.get("/api/installation")).json()
    ready = {part["name"]: part["ready"] for part in said["parts"]}
    assert (ready["ledger"], ready["database"], ready["identity"], ready["model:skrivare"]) == (True,) * 4
    writer = next(model for model in said["models"] if model["name"] == "skrivare")
    assert (writer["running"], writer["waiting"]) == (0, 0)
    assert writer["servers"][0]["up"] is True
    assert {"valv", "python", "fastapi"} <= {each["name"] for each in said["versions"]}


async def test_a_server_that_was_lost_is_counted_and_its_return_is_seen(house, operator):
    house.chat.answer("/health", refusal(503))
    lost = _server(await operator.get("/api/installation"), "skrivare")
    assert (lost["up"], lost["losses"] >= 1, lost["lost_seconds_ago"]) == (False, True, 0)
    house.quiet()
    house.chat.answer("/health", refusal(200))
    found = _server(await operator.get("/api/installation"), "skrivare")
    assert (found["up"], found["losses"]) == (True, lost["losses"])


def _server(answer, model):
    return next(each for each in answer.json()["models"] if each["name"] == model)["servers"][0]


async def test_the_ledger_is_told_in_counts(house, operator):
    said = (await operator.get("/api/installation/ledger")).json()
    assert (said["healthy"], said["reason"]) == (True, None)
    assert 0 < said["disk_free_percent"] <= 100
    logs = {each["origin"]: each for each in said["logs"]}
    own = logs["valv.local/audit/installation"]
    assert own["records"] > 0
    assert set(own) == {"origin", "records", "unsigned", "signed_at"}


async def test_nothing_of_what_people_do_is_told(house, operator, shared_things):
    said = "".join([(await operator.get(place)).text for place in PLACES])
    for theirs in (
        "distans",
        "Styrdokument",
        shared_things.document,
        shared_things.collection,
        shared_things.key,
        shared_things.conversation,
        username("employee"),
        "Medarbetare",
    ):
        assert theirs not in said


async def test_organisations_are_told_by_alias(house, operator, shared_things):
    async with await house.person("employee", THERE) as stranger:
        await stranger.get("/api/me")
    items = (await operator.get("/api/installation/organisations")).json()["items"]
    assert {HERE, THERE} <= {each["alias"] for each in items}
    assert set(items[0]) == {"alias", "known_since"}
