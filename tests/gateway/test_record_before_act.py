"""Nothing is asked before it is on record, and nothing is answered before its end is."""

import asyncio
import contextlib

import anyio
import pytest

from audit.keys import create_keys
from audit.ledger import Ledger
from audit.records import EventType
from gateway.app import compose
from tests.gateway import sockets
from tests.gateway.fakes import at_once, failing, held, says, with_ledger
from tests.gateway.routes import CHAT
from tests.gateway.serving import client, served

pytestmark = pytest.mark.anyio


@pytest.fixture
def house(either_house):
    return either_house


TEXT = {"model": "skrivare", "prompt": "hej"}
VECTORS = {"model": "vektorer", "input": "hej"}
CALLS = [
    ("/v1/chat/completions", CHAT),
    ("/v1/chat/completions", {**CHAT, "stream": True}),
    ("/v1/completions", TEXT),
    ("/v1/completions", {**TEXT, "stream": True}),
    ("/v1/embeddings", VECTORS),
]
WHOLE = [call for call in CALLS if "stream" not in call[1]]
STREAMS = [call for call in CALLS if "stream" in call[1]]
QUESTION = {"question": "What is this?", "model": "skrivare"}

calls = pytest.mark.parametrize(("path", "body"), CALLS)
wholes = pytest.mark.parametrize(("path", "body"), WHOLE)
streams = pytest.mark.parametrize(("path", "body"), STREAMS)


@contextlib.asynccontextmanager
async def writing_to(house, ledger):
    async with served(compose(with_ledger(house.lab, ledger))) as url:
        yield url


@calls
async def test_a_call_that_cant_be_recorded_is_not_made(house, path, body):
    ledger = failing(house.lab.ledger, EventType.CALL_INTENT)
    async with writing_to(house, ledger) as url, client(url, await house.key()) as programme:
        answer = await programme.post(path, json=body)
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "audit_unavailable"
    assert house.chat.asked == []
    assert house.vectors.asked == []


@calls
async def test_the_model_is_asked_when_the_intent_is_durable_and_not_before(house, path, body):
    durable = asyncio.Event()
    ledger = held(house.lab.ledger, durable, EventType.CALL_INTENT)
    async with (
        writing_to(house, ledger) as url,
        sockets.asked(url, path, body, await house.key()) as reader,
    ):
        assert await sockets.is_silent(reader)
        assert house.chat.asked + house.vectors.asked == []
        durable.set()
        assert b" 200 " in await sockets.until(reader, b"\r\n")
    assert len(house.chat.asked + house.vectors.asked) == 1


@wholes
async def test_the_first_byte_waits_for_the_outcome(house, path, body):
    durable = asyncio.Event()
    ledger = held(house.lab.ledger, durable, EventType.CALL_OUTCOME)
    async with (
        writing_to(house, ledger) as url,
        sockets.asked(url, path, body, await house.key()) as reader,
    ):
        with anyio.fail_after(10):
            while not house.chat.asked + house.vectors.asked:
                await asyncio.sleep(0.01)
        assert await sockets.is_silent(reader)
        durable.set()
        assert b" 200 " in await sockets.until(reader, b"\r\n")


@wholes
async def test_an_answer_whose_end_cant_be_recorded_is_withheld(house, path, body):
    house.chat.answer(path, says("hemligt svar"))
    ledger = failing(house.lab.ledger, EventType.CALL_OUTCOME)
    async with writing_to(house, ledger) as url, client(url, await house.key()) as programme:
        answer = await programme.post(path, json=body)
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "audit_unavailable"
    assert "hemligt" not in answer.text


@streams
async def test_done_waits_for_the_outcome(house, path, body):
    durable, ends = asyncio.Event(), asyncio.Event()
    house.chat.answer(path, says("ett", "sju", ends=ends))
    ledger = held(house.lab.ledger, durable, EventType.CALL_OUTCOME)
    async with (
        writing_to(house, ledger) as url,
        sockets.asked(url, path, body, await house.key()) as reader,
    ):
        assert b" 200 " in await sockets.until(reader, b"\r\n\r\n")
        assert b"sju" in await sockets.events(reader, 2)
        ends.set()
        assert await sockets.is_silent(reader)
        durable.set()
        last = await sockets.events(reader, 2)
        assert b'"stop"' in last
        assert last.endswith(b"data: [DONE]\n\n")


@streams
async def test_what_comes_with_the_end_waits_for_the_outcome_too(house, path, body):
    durable = asyncio.Event()
    house.chat.answer(path, at_once(says("ett", "sju")))
    ledger = held(house.lab.ledger, durable, EventType.CALL_OUTCOME)
    async with (
        writing_to(house, ledger) as url,
        sockets.asked(url, path, body, await house.key()) as reader,
    ):
        assert await sockets.is_silent(reader)
        durable.set()
        await sockets.until(reader, b"\r\n\r\n")
        everything = await sockets.events(reader, 4)
        assert everything.count(b"sju") == 1
        assert everything.endswith(b"data: [DONE]\n\n")
    outcomes = await house.records(type="call.outcome")
    assert outcomes[-1]["outcome"]["released"] == len(everything)


@streams
async def test_done_never_comes_when_the_outcome_cant_be_recorded(house, path, body):
    ledger, ends = failing(house.lab.ledger, EventType.CALL_OUTCOME), asyncio.Event()
    house.chat.answer(path, says("Hej", ends=ends))
    async with (
        writing_to(house, ledger) as url,
        sockets.asked(url, path, body, await house.key()) as reader,
    ):
        await sockets.until(reader, b"\r\n\r\n")
        assert b"Hej" in await sockets.events(reader, 1)
        ends.set()
        assert await sockets.rest(reader) == b""


@streams
async def test_a_stream_that_came_whole_and_cant_be_recorded_is_refused_as_that(house, path, body):
    house.chat.answer(path, at_once(says("Hej")))
    ledger = failing(house.lab.ledger, EventType.CALL_OUTCOME)
    async with writing_to(house, ledger) as url, client(url, await house.key()) as programme:
        answer = await programme.post(path, json=body)
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "audit_unavailable"


async def test_the_workspaces_answer_isnt_done_before_its_outcome_is_durable(house):
    durable = asyncio.Event()
    ledger = held(house.lab.ledger, durable, EventType.CALL_OUTCOME)
    async with (
        writing_to(house, ledger) as url,
        sockets.asked(url, "/api/answers", QUESTION, await house.people.token()) as reader,
    ):
        await sockets.until(reader, b"\r\n\r\n")
        assert b"Hej" in await sockets.events(reader, 2)
        assert await sockets.is_silent(reader)
        durable.set()
        assert b"event: done" in await sockets.until(reader, b"event: done")


async def test_the_workspaces_answer_is_never_done_when_its_outcome_cant_be_recorded(house):
    ledger = failing(house.lab.ledger, EventType.CALL_OUTCOME)
    async with (
        writing_to(house, ledger) as url,
        sockets.asked(url, "/api/answers", QUESTION, await house.people.token()) as reader,
    ):
        whole = await sockets.rest(reader)
    assert b"Hej" in whole
    assert b"event: done" not in whole


async def test_a_ledger_that_has_stopped_stops_the_calls_and_readiness_says_why(house, tmp_path):
    ledger = await Ledger.open(tmp_path / "ledger", origin="test/audit", keys=create_keys(tmp_path / "keys"))
    await ledger.close()
    async with writing_to(house, ledger) as url, client(url, await house.key()) as programme:
        answer = await programme.post("/v1/chat/completions", json=CHAT)
        ready = await programme.get("/readyz")
        alive = await programme.get("/healthz")
    assert (answer.status_code, ready.status_code, alive.status_code) == (503, 503, 200)
    (part,) = [part for part in ready.json()["parts"] if not part["ready"]]
    assert part["name"] == "ledger"
    assert "closed" in part["advice"]
    assert [asked.path for asked in house.chat.asked] == ["/health"]


async def test_a_refusal_that_cant_be_recorded_is_told_as_that_in_each_dialect(house):
    ledger = failing(house.lab.ledger)
    token = await house.people.token("tenant-admin")
    async with writing_to(house, ledger) as url, client(url, token) as person:
        openai = await person.post("/v1/chat/completions", json=CHAT)
        workspace = await person.post("/api/answers", json=QUESTION)
    assert (openai.status_code, workspace.status_code) == (503, 503)
    assert openai.json()["error"]["code"] == "audit_unavailable"
    assert workspace.headers["content-type"] == "application/problem+json"
    assert workspace.json()["slug"] == "audit_unavailable"
    assert openai.headers["x-request-id"] == openai.json()["request_id"]
