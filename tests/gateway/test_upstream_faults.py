"""A model server that is down, slow, full, cut off or says no: the right status, and the outcome on record."""

import json

import anyio
import pytest

from gateway.app import compose
from gateway.secrets import derived
from inference.salt import TenantSalts
from inference.upstream import Models
from inference.wire import Deadlines
from tests.gateway import sockets
from tests.gateway.fakes import at_once, with_models
from tests.gateway.house import things_of
from tests.gateway.people import HERE, THERE
from tests.gateway.routes import CHAT
from tests.gateway.serving import client, served
from tests.inference.upstream import after, answer, chat, cut, events, events_then, hang, piece, raw, refusal

pytestmark = pytest.mark.anyio

PATH = "/v1/chat/completions"
STREAM = {**CHAT, "stream": True}
QUESTION = {"question": "What is this?", "model": "skrivare"}


async def ended(house, answer_, status):
    """The call stands as ended in this way, once."""
    intent, outcome = await house.until_records(
        ["call.intent", "call.outcome"], call=answer_.headers["x-request-id"]
    )
    assert outcome["outcome"]["status"] == status
    assert outcome["ref"] == intent["seq"]
    return outcome


FAULTS = [
    (refusal(400, "your prompt was: hemligt"), 400, "model_refused", "blocked"),
    (refusal(422, "hemligt"), 400, "model_refused", "blocked"),
    (refusal(429, "hemligt"), 429, "model_overloaded", "blocked"),
    (refusal(500, "hemligt"), 502, "model_failed", "failed"),
    (refusal(503, "hemligt"), 503, "model_unavailable", "failed"),
    (refusal(404, "hemligt"), 502, "model_failed", "failed"),
    (answer({"not": "an answer"}), 502, "model_failed", "failed"),
    (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"), 502, "model_failed", "failed"),
    (raw(b"hemligt"), 502, "model_failed", "failed"),
    (cut, 502, "model_failed", "failed"),
]


@pytest.mark.parametrize("body", [CHAT, STREAM])
@pytest.mark.parametrize(("script", "status", "code", "outcome"), FAULTS)
async def test_a_fault_before_the_first_piece_is_a_status_of_its_own(
    house, script, status, code, outcome, body
):
    house.chat.answer(PATH, script)
    async with await house.programme() as programme:
        told = await programme.post(PATH, json=body)
    assert (told.status_code, told.json()["error"]["code"]) == (status, code)
    assert "hemligt" not in told.text
    recorded = await ended(house, told, outcome)
    assert recorded["detail"] == {"reason": code, "status": status}
    assert recorded["outcome"]["released"] == 0


@pytest.mark.parametrize(("script", "status", "code", "outcome"), FAULTS[:5])
async def test_the_workspace_is_told_the_same_in_its_own_dialect(house, script, status, code, outcome):
    house.chat.answer(PATH, script)
    async with await house.person() as person:
        told = await person.post("/api/answers", json=QUESTION)
    assert (told.status_code, told.json()["slug"]) == (status, code)
    assert told.headers["content-type"] == "application/problem+json"
    await ended(house, told, outcome)


async def test_a_server_that_is_down_is_told_and_asked_again_when_it_is_back(house):
    body = {**CHAT, "model": "ostadig"}
    async with await house.programme() as programme:
        await house.unsteady.stop()
        try:
            for _ in range(2):
                told = await programme.post(PATH, json=body)
                assert (told.status_code, told.json()["error"]["code"]) == (503, "model_unavailable")
                await ended(house, told, "failed")
        finally:
            await house.unsteady.__aenter__()
        assert (await programme.post(PATH, json=body)).status_code == 200


async def test_a_server_that_is_too_slow_is_given_up(house):
    hasty = Deadlines(first_byte=0.2, idle=0.2, total=0.4)
    salt = TenantSalts(derived(house.settings, "cache salt"))
    models = Models(house.lab.catalogue, salt=salt, deadlines=hasty)
    house.chat.answer(PATH, after(5, chat("för sent")))
    async with (
        served(compose(with_models(house.lab, models))) as url,
        client(url, await house.key()) as programme,
    ):
        for body in (CHAT, STREAM):
            told = await programme.post(PATH, json=body)
            assert (told.status_code, told.json()["error"]["code"]) == (504, "model_timed_out")
            await ended(house, told, "failed")
        await house.chat.until(lambda server: server.left == 2, within=5)
        house.chat.answer(PATH, events_then(hang, piece("början")))
        told = await programme.post(PATH, json=STREAM)
        assert events_of(told.text)[-1]["error"]["code"] == "model_timed_out"
    await models.close()


async def test_a_full_queue_is_told_with_a_wait(house):
    house.unsteady.answer(PATH, hang)
    body = {**CHAT, "model": "ostadig"}
    key = await house.key()
    async with (
        sockets.asked(house.url, PATH, body, key),
        sockets.asked(house.url, PATH, body, key),
        client(house.url, key) as programme,
    ):
        route = house.lab.catalogue.route("ostadig")
        with anyio.fail_after(5):
            while house.lab.models.load(route).waiting < 1:
                await anyio.sleep(0.01)
        told = await programme.post(PATH, json=body)
    assert (told.status_code, told.json()["error"]["code"]) == (429, "model_overloaded")
    assert int(told.headers["retry-after"]) >= 1
    await ended(house, told, "blocked")


CUT_OFF = [
    events_then(cut, piece("bör"), piece("jan")),
    events_then(raw(b"5\r\nno en"), piece("bör"), piece("jan")),
    events_then(raw(b"zz\r\n"), piece("bör"), piece("jan")),
    at_once(
        events(piece("bör"), piece("jan"), {"error": {"message": "x", "type": "x", "code": 500}}, "[DONE]")
    ),
]


@pytest.mark.parametrize("script", CUT_OFF)
async def test_a_stream_that_breaks_off_says_so_and_is_not_done(house, script):
    house.chat.answer(PATH, script)
    async with await house.programme() as programme:
        told = await programme.post(PATH, json=STREAM)
    assert told.status_code == 200
    assert "[DONE]" not in told.text
    *pieces, last = events_of(told.text)
    assert "".join(each["choices"][0]["delta"].get("content") or "" for each in pieces) == "början"
    assert last["error"]["code"] == "model_failed"
    assert last["request_id"] == told.headers["x-request-id"]
    recorded = await ended(house, told, "failed")
    assert recorded["outcome"]["released"] <= len(told.content)
    assert recorded["outcome"]["released"] > 0


async def test_an_error_that_the_engine_says_in_mid_stream_is_told_without_its_words(house):
    said = {"error": {"message": "hemligt", "type": "x", "code": 500}}
    house.chat.answer(PATH, events_then(hang, piece("bör"), said))
    async with await house.programme() as programme:
        told = await programme.post(PATH, json=STREAM)
    assert "hemligt" not in told.text
    assert events_of(told.text)[-1]["error"]["code"] == "model_failed"
    await ended(house, told, "failed")


async def test_a_stream_without_its_end_mark_is_not_done(house):
    house.chat.answer(PATH, events_then(raw(b"0\r\n\r\n"), piece("bör")))
    async with await house.programme() as programme:
        told = await programme.post(PATH, json=STREAM)
    assert "[DONE]" not in told.text
    await ended(house, told, "failed")


async def test_the_workspaces_stream_that_breaks_off_ends_with_a_problem(house):
    house.chat.answer(PATH, CUT_OFF[0])
    async with await house.person() as person:
        told = await person.post("/api/answers", json=QUESTION, headers={"accept-language": "en"})
    assert "event: done" not in told.text
    name, data = told.text.strip().split("\n\n")[-1].split("\n")
    assert name == "event: error"
    problem = json.loads(data.removeprefix("data: "))
    assert (problem["slug"], problem["status"]) == ("model_failed", 502)
    await ended(house, told, "failed")


async def test_retrieval_whose_vectors_fail_is_told_and_the_call_is_on_record(house, shared_things):
    house.vectors.answer("/v1/embeddings", refusal(500))
    async with await house.person() as person:
        told = await person.post("/api/answers", json={"question": "Hur?", "model": "citat"})
    assert (told.status_code, told.json()["slug"]) == (503, "retrieval_unavailable")
    await ended(house, told, "failed")


def events_of(text):
    said = [block.removeprefix("data: ") for block in text.strip().split("\n\n")]
    return [json.loads(each) for each in said if each != "[DONE]"]


async def test_an_organisations_documents_and_questions_are_embedded_in_its_own_turn_and_salt(house):
    salts = {}
    for tenant in (HERE, THERE):
        house.vectors.asked.clear()
        things = await things_of(house, tenant)
        async with await house.programme(tenant) as programme:
            answer = await programme.post(
                f"/v1/vector_stores/{things.collection}/search", json={"query": "distansarbete"}
            )
            await programme.post("/v1/embeddings", json={"model": "vektorer", "input": "hej"})
        assert answer.json()["data"]
        salts[tenant] = {asked.json["cache_salt"] for asked in house.vectors.asked}
    assert [len(each) for each in salts.values()] == [1, 1]
    assert salts[HERE] != salts[THERE]
