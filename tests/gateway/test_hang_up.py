"""A client that hangs up stops the engine at once, and is on record with what it had been sent."""

import asyncio

import pytest

from gateway.app import compose
from tests.gateway import sockets
from tests.gateway.fakes import held, says, with_ledger
from tests.gateway.routes import CHAT
from tests.gateway.serving import served
from tests.inference.upstream import events_then, hang, piece

pytestmark = pytest.mark.anyio


@pytest.fixture
def house(either_house):
    return either_house


QUESTION = {"question": "What is this?", "model": "skrivare"}
ENDED = ("call.intent", "call.outcome")


def _text(text):
    return {"choices": [{"index": 0, "text": text, "finish_reason": None}]}


def _begins(count, path):
    """A script: so many pieces, then nothing more."""
    make = _text if path == "/v1/completions" else piece
    return events_then(hang, *[make(f"bit {number} ") for number in range(count)])


async def newest(house):
    found = await house.records()
    return found[-1]["seq"] if found else -1


async def begun_after(house, seq):
    """The records of calls that began later; one of an earlier test may still come to its end."""
    records = [record for record in await house.records(type="call.") if record["seq"] > seq]
    return [record for record in records if record["ref"] is None or record["ref"] > seq]


async def outcome_after(house, seq):
    """The outcome of the one call that came after; it was closed once."""
    for _ in range(250):
        found = await begun_after(house, seq)
        if len(found) >= 2:
            break
        await asyncio.sleep(0.02)
    assert tuple(record["type"] for record in found) == ENDED
    await asyncio.sleep(0.1)
    again = await begun_after(house, seq)
    assert len(again) == 2
    assert again[1]["ref"] == again[0]["seq"]
    return again[1]["outcome"]


@pytest.mark.parametrize("count", [1, 2, 7])
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/chat/completions", {**CHAT, "stream": True}),
        ("/v1/completions", {"model": "skrivare", "prompt": "p", "stream": True}),
    ],
)
async def test_leaving_a_stream_stops_the_engine_and_counts_what_was_sent(house, path, body, count):
    house.chat.answer(path, _begins(count, path))
    key = await house.key()
    before = await newest(house)
    async with sockets.asked(house.url, path, body, key) as reader:
        await sockets.until(reader, b"\r\n\r\n")
        received = len(await sockets.events(reader, count))
    await house.chat.until(lambda server: server.left == 1, within=5)
    outcome = await outcome_after(house, before)
    assert outcome["status"] == "client_aborted"
    assert outcome["released"] == received


async def test_leaving_the_workspaces_stream_stops_the_engine_and_counts_what_was_sent(house):
    house.chat.answer("/v1/chat/completions", _begins(3, "/v1/chat/completions"))
    token = await house.people.token()
    before = await newest(house)
    async with sockets.asked(house.url, "/api/answers", QUESTION, token) as reader:
        await sockets.until(reader, b"\r\n\r\n")
        received = len(await sockets.events(reader, 1 + 3))
    await house.chat.until(lambda server: server.left == 1, within=5)
    outcome = await outcome_after(house, before)
    assert (outcome["status"], outcome["released"]) == ("client_aborted", received)


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/chat/completions", CHAT),
        ("/v1/completions", {"model": "skrivare", "prompt": "p"}),
        ("/v1/embeddings", {"model": "vektorer", "input": "x"}),
        ("/api/answers", QUESTION),
    ],
)
async def test_leaving_before_the_first_byte_stops_the_engine_too(house, path, body, stream):
    server = house.vectors if path == "/v1/embeddings" else house.chat
    server.answer("/v1/embeddings", hang)
    server.answer("/v1/chat/completions", hang)
    server.answer("/v1/completions", hang)
    credential = await (house.people.token() if path.startswith("/api") else house.key())
    said = {**body, "stream": True} if stream and "completions" in path else body
    before = await newest(house)
    async with sockets.asked(house.url, path, said, credential):
        await server.until(lambda server: len(server.asked) == 1)
    await server.until(lambda server: server.left == 1, within=5)
    outcome = await outcome_after(house, before)
    assert (outcome["status"], outcome["released"], outcome["finish"]) == ("client_aborted", 0, None)


async def test_leaving_before_the_intent_is_durable_asks_nobody(house):
    durable = asyncio.Event()
    ledger = held(house.lab.ledger, durable, "call.intent")
    async with served(compose(with_ledger(house.lab, ledger))) as url:
        async with sockets.asked(url, "/v1/chat/completions", CHAT, await house.key()) as reader:
            assert await sockets.is_silent(reader, 0.1)
        await asyncio.sleep(0.5)
        durable.set()
        await asyncio.sleep(0.1)
    assert house.chat.asked == []


async def test_leaving_while_the_outcome_is_written_changes_nothing_of_it(house):
    durable, ends = asyncio.Event(), asyncio.Event()
    ledger = held(house.lab.ledger, durable, "call.outcome")
    house.chat.answer("/v1/chat/completions", says("ett", "två", ends=ends))
    before = await newest(house)
    async with served(compose(with_ledger(house.lab, ledger))) as url:
        body = {**CHAT, "stream": True}
        async with sockets.asked(url, "/v1/chat/completions", body, await house.key()) as reader:
            await sockets.until(reader, b"\r\n\r\n")
            received = len(await sockets.events(reader, 2))
            ends.set()
            assert await sockets.is_silent(reader, 0.1)
        await asyncio.sleep(0.1)
        durable.set()
        outcome = await outcome_after(house, before)
    assert outcome["status"] == "ok"
    assert outcome["released"] > received


async def test_leaving_in_the_middle_of_the_body_asks_nobody(house):
    _reader, writer = await asyncio.open_connection("127.0.0.1", int(house.url.rpartition(":")[2]))
    head = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}Authorization: Bearer {await house.key()}\r\nContent-Length: 500\r\n\r\n{{".encode())
    await writer.drain()
    await asyncio.sleep(0.1)
    writer.transport.abort()
    await asyncio.sleep(0.2)
    assert house.chat.asked == []


async def test_the_next_call_finds_its_turn_free_after_many_have_left(house):
    house.unsteady.answer("/v1/chat/completions", hang)
    body = {**CHAT, "model": "ostadig"}
    key = await house.key()
    for number in range(3):
        async with sockets.asked(house.url, "/v1/chat/completions", body, key):
            await house.unsteady.until(lambda server, n=number: len(server.asked) == n + 1)
        await house.unsteady.until(lambda server, n=number: server.left == n + 1, within=5)
    house.unsteady.answer("/v1/chat/completions", says("kvar"))
    async with sockets.asked(house.url, "/v1/chat/completions", body, key) as reader:
        assert b" 200 " in await sockets.until(reader, b"\r\n")
