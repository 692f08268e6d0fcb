"""Usage by key, model and day: every call counts once, for its own organisation, and no person is told apart."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.gateway.house import asked
from tests.gateway.people import HERE, THERE
from tests.gateway.routes import CHAT
from tests.gateway.serving import client
from tests.inference.upstream import refusal

pytestmark = pytest.mark.anyio

ASK = "/v1/chat/completions"


@pytest.fixture
async def key(house):
    """A new key: the secret, and the id that usage is counted under."""
    secret = await house.key()
    return secret, secret.split("_")[1]


async def usage(house, tenant=HERE, role="prototyper", **query):
    async with await house.person(role, tenant) as person:
        answer = await person.get("/api/usage", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def of_key(house, key, tenant=HERE):
    found = (await usage(house, tenant))["items"]
    return {each["model"]: each for each in found if each["key"] == key}


async def ask(house, secret, path=ASK, **body):
    async with client(house.url, secret) as programme:
        return await programme.post(path, json=CHAT | body)


async def test_a_call_is_counted_for_its_key_model_and_day_with_its_tokens(house, key):
    secret, name = key
    for stream in (False, False, True):
        answered = await ask(house, secret, stream=stream)
        assert answered.status_code == 200
    assert "[DONE]" in answered.text
    row = (await of_key(house, name))["skrivare"]
    assert row["day"] == datetime.now(UTC).date().isoformat()
    assert (row["calls"], row["ok"], row["failed"], row["blocked"], row["client_aborted"]) == (3, 3, 0, 0, 0)
    assert (row["tokens_in"], row["tokens_out"]) == (5 + 5 + 5, 2 + 2 + 1)


async def test_embeddings_and_completions_count_too_each_under_its_model(house, key):
    secret, name = key
    async with client(house.url, secret) as programme:
        await programme.post("/v1/embeddings", json={"model": "vektorer", "input": "hej"})
        await programme.post("/v1/completions", json={"model": "skrivare", "prompt": "hej"})
    found = await of_key(house, name)
    assert {model: row["ok"] for model, row in found.items()} == {"skrivare": 1, "vektorer": 1}


async def test_a_model_that_fails_is_counted_as_that(house, key):
    secret, name = key
    house.chat.answer(ASK, refusal(500))
    assert (await ask(house, secret)).status_code == 502
    row = (await of_key(house, name))["skrivare"]
    assert (row["calls"], row["ok"], row["failed"]) == (1, 0, 1)


async def test_what_people_ask_is_counted_for_the_workspace_as_a_whole(house):
    def workspace(found):
        return sum(row["calls"] for row in found["items"] if row["key"] is None and row["model"] == "citat")

    before = workspace(await usage(house))
    for role in ("employee", "prototyper"):
        async with await house.person(role) as person:
            answer = await person.post("/api/answers", json={"question": "Hur?", "model": "citat"})
            assert answer.status_code == 200
    found = await usage(house)
    assert workspace(found) == before + 2
    assert "subject" not in str(found)


async def test_an_answer_in_a_conversation_counts_once(house):
    def quoted(found):
        return sum(row["ok"] for row in found["items"] if row["key"] is None and row["model"] == "citat")

    before = quoted(await usage(house))
    await asked(house, "Hur många dagar på distans?")
    assert quoted(await usage(house)) == before + 1


async def test_an_organisation_sees_its_own_usage_and_no_others(house, key):
    secret, name = key
    await ask(house, secret)
    assert await of_key(house, name, HERE)
    assert not await of_key(house, name, THERE)


async def test_days_can_be_chosen_and_days_that_are_none_are_refused(house, key):
    secret, name = key
    await ask(house, secret)
    today = datetime.now(UTC).date()
    yesterday = str(today - timedelta(days=1))
    found = await usage(house, **{"from": yesterday, "to": yesterday})
    assert (found["first"], found["last"]) == (yesterday, yesterday)
    assert name not in {row["key"] for row in found["items"]}
    found = await usage(house)
    assert date.fromisoformat(found["last"]) - date.fromisoformat(found["first"]) == timedelta(days=29)
    async with await house.person("prototyper") as person:
        for wrong in (
            {"from": "i går"},
            {"to": "2026-02-30"},
            {"from": "0001-01-01"},
            {"from": str(today), "to": yesterday},
            {"from": "2020-01-01", "to": "2026-01-01"},
        ):
            answer = await person.get("/api/usage", params=wrong)
            assert (answer.status_code, answer.json()["slug"]) == (400, "bad_value"), wrong


async def test_looking_at_usage_is_on_record(house):
    async with await house.person("prototyper") as person:
        (record,) = await house.records_of(await person.get("/api/usage"))
    assert (record["type"], record["op"]["name"]) == ("api.read", "usage:read")


async def test_what_is_left_is_told_and_asking_takes_nothing(house, key):
    secret, name = key
    async with await house.person("prototyper") as person:
        before = (await person.get("/api/limits")).json()
        limit = house.settings.limits.key_requests_per_minute
        mine = next(each for each in before["keys"] if each["key"] == name)
        assert (mine["left"]["limit"], mine["left"]["remaining"]) == (limit, limit)
        answered = await ask(house, secret)
        after = (await person.get("/api/limits")).json()
    assert answered.headers["x-ratelimit-limit-requests"] == str(limit)
    mine = next(each for each in after["keys"] if each["key"] == name)
    assert mine["left"]["remaining"] >= limit - 1
    assert 0 <= after["organisation"]["reset_seconds"] < 60


async def test_keys_that_have_ended_and_those_who_may_not_list_keys_get_no_keys_limits(house, key):
    _, name = key
    async with await house.person("employee") as person:
        assert (await person.get("/api/limits")).json()["keys"] == []
    await house.lab.keys.of(house.tenant()).revoke(name)
    async with await house.person("prototyper") as person:
        assert name not in {each["key"] for each in (await person.get("/api/limits")).json()["keys"]}


async def test_a_card_tells_what_a_programme_needs_of_a_model(house):
    async with await house.person("prototyper") as person:
        cards = {card["name"]: card for card in (await person.get("/api/models/cards")).json()["items"]}
    assert list(cards) == ["skrivare", "ostadig", "citat", "vektorer"]
    writer = cards["skrivare"]
    assert (writer["context_length"], writer["ceiling"], writer["fits"]) == (4096, "internal", True)
    assert writer["digest"] == "sha256:" + "1" * 64
    assert writer["paths"] == ["/v1/chat/completions", "/v1/completions"]
    assert (cards["vektorer"]["kind"], cards["vektorer"]["paths"]) == ("embedding", ["/v1/embeddings"])
    assert cards["citat"]["up"]


async def test_a_model_that_can_not_be_reached_is_told_as_that(house, key):
    secret, _ = key
    assert (await ask(house, secret)).status_code == 200  # whoever has answered is up
    await house.unsteady.stop()
    try:
        assert (await ask(house, secret, model="ostadig")).status_code == 503
        async with await house.person("prototyper") as person:
            cards = (await person.get("/api/models/cards")).json()["items"]
    finally:
        await house.unsteady.__aenter__()
    assert [card["name"] for card in cards if not card["up"]] == ["ostadig"]


async def test_the_errors_are_told_as_they_arrive_with_cause_and_fix(house):
    async with await house.person("prototyper") as person:
        told = {each["code"]: each for each in (await person.get("/api/problems")).json()["items"]}
    async with client(house.url, await house.key()) as programme:
        met = await programme.post(ASK, json=CHAT | {"model": "gpt-hemlig"})
    error = met.json()["error"]
    known = told[error["code"]]
    assert (known["status"], known["type"]) == (met.status_code, error["type"])
    assert known["message"] == error["message"]
    assert known["cause"]
    assert known["fix"]
