"""The call path on the wire: few writes, kept connections, old clients, proxies on this machine."""

import asyncio
import json
import socket
import time
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
import uvicorn

from gateway.lean.protocol import CallProtocol
from tests.gateway.fakes import says
from tests.gateway.routes import CHAT
from tests.gateway.sockets import asked, rest, until

pytestmark = pytest.mark.anyio

PATH = "/v1/chat/completions"


def request(key, body, *, version="1.1", **headers):
    sent = json.dumps(body).encode()
    said = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return (
        f"POST {PATH} HTTP/{version}\r\nHost: x\r\nContent-Type: application/json\r\n{said}"
        f"Authorization: Bearer {key}\r\nContent-Length: {len(sent)}\r\n\r\n"
    ).encode() + sent


async def connected(house):
    place = urlsplit(house.url)
    return await asyncio.open_connection(place.hostname, place.port)


async def one_answer(reader):
    head = (await until(reader, b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
    return head, await asyncio.wait_for(reader.readexactly(length), 10)


async def test_head_and_body_of_a_whole_answer_leave_in_one_write(house):
    async with asked(house.url, PATH, CHAT, await house.key()) as reader:
        first = await asyncio.wait_for(reader.read(65536), 10)
    head, _, body = first.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert json.loads(body)["choices"][0]["message"]["content"] == "Hej"


async def test_the_head_of_a_stream_leaves_with_its_first_event(house):
    ends = asyncio.Event()
    house.chat.answer(PATH, says("ett", ends=ends))
    async with asked(house.url, PATH, {**CHAT, "stream": True}, await house.key()) as reader:
        first = await asyncio.wait_for(reader.read(65536), 10)
        ends.set()
        everything = first + await until(reader, b"\r\n0\r\n\r\n")
    head, _, body = first.partition(b"\r\n\r\n")
    assert b"transfer-encoding: chunked" in head
    assert b"data: {" in body
    assert everything.endswith(b"data: [DONE]\n\n\r\n0\r\n\r\n")


async def test_a_connection_is_kept_and_pipelined_calls_are_answered_in_their_order(house):
    key = await house.key()
    reader, writer = await connected(house)
    writer.write(request(key, CHAT) + request(key, {**CHAT, "model": "none"}) + request(key, CHAT))
    answers = [await one_answer(reader) for _ in range(3)]
    writer.transport.abort()
    assert [head[9:12] for head, _ in answers] == [b"200", b"404", b"200"]


async def test_a_client_that_wants_no_more_is_told_so_and_let_go(house):
    reader, writer = await connected(house)
    writer.write(request(await house.key(), CHAT, Connection="close"))
    answer = await rest(reader)
    writer.transport.abort()
    assert b"connection: close\r\n" in answer
    assert answer.endswith(b"}")


async def test_a_stream_to_an_old_client_is_not_chunked_and_ends_with_its_connection(house):
    house.chat.answer(PATH, says("ett ", "två"))
    reader, writer = await connected(house)
    writer.write(request(await house.key(), {**CHAT, "stream": True}, version="1.0"))
    head, _, body = (await rest(reader)).partition(b"\r\n\r\n")
    writer.transport.abort()
    assert b"chunked" not in head
    assert body.startswith(b"data: {")
    assert body.endswith(b"data: [DONE]\n\n")


@pytest.mark.parametrize(
    ("sent", "recorded"), [({}, "127.0.0.1"), ({"X_Forwarded_For": "10.1.2.3"}, "10.1.2.3")]
)
async def test_a_proxy_on_this_machine_says_where_the_client_is(house, sent, recorded):
    reader, writer = await connected(house)
    writer.write(request(await house.key(), CHAT, **sent))
    head, _ = await one_answer(reader)
    writer.transport.abort()
    call = head.partition(b"x-request-id: ")[2].partition(b"\r\n")[0].decode().upper()
    records = await house.records(call=call)
    assert records[0]["src"]["ip"] == recorded


async def answers_anything(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ja"})


@asynccontextmanager
async def listening(application, *, kept):
    """A server with our protocol before any application; ``kept``: seconds that it keeps an idle connection."""
    config = uvicorn.Config(
        application, http=CallProtocol, ws="none", lifespan="off", log_config=None, timeout_keep_alive=kept
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as place:
        serving = asyncio.create_task(server._serve([place]))
        while not server.started:
            await asyncio.sleep(0.01)
        yield place.getsockname()[1]
        server.should_exit = True
        await serving


@pytest.mark.parametrize("path", [PATH, "/healthz"])
async def test_an_idle_connection_is_let_go_and_one_in_use_is_not(path):
    sent = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode()
    async with listening(answers_anything, kept=1) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for pause in (0.4, 0.4, 0.4, 0):
            writer.write(sent)
            assert (await until(reader, b"\r\n\r\nja")).startswith(b"HTTP/1.1 200 OK\r\n")
            await asyncio.sleep(pause)
        began = time.monotonic()
        assert await rest(reader) == b""
        assert 0.3 < time.monotonic() - began < 5
        writer.close()


@pytest.mark.parametrize("started", [False, True])
@pytest.mark.parametrize("path", [PATH, "/healthz"])
async def test_an_application_that_breaks_ends_its_connection(path, started, caplog):
    async def breaks(scope, receive, send):
        if started:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"halv", "more_body": True})
        raise ValueError

    async with listening(breaks, kept=5) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode())
        answer = await rest(reader)
        writer.close()
    assert answer.startswith(b"HTTP/1.1 200 OK" if started else b"HTTP/1.1 500 Internal Server Error")
    assert answer.endswith(b"halv\r\n" if started else b"Internal Server Error")
    assert "Exception in ASGI application" in caplog.text


async def test_a_client_that_waits_to_be_told_sends_its_body_then(house):
    sent = request(await house.key(), CHAT, Expect="100-continue")
    head, _, body = sent.partition(b"\r\n\r\n")
    reader, writer = await connected(house)
    writer.write(head + b"\r\n\r\n")
    assert await until(reader, b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(body)
    answer, _ = await one_answer(reader)
    writer.transport.abort()
    assert answer.startswith(b"http/1.1 200")


@pytest.mark.parametrize("target", [PATH + "?a=1", "/v1/chat/completion%73", "http://x" + PATH])
async def test_a_target_that_is_written_otherwise_is_answered_all_the_same(house, target):
    sent = request(await house.key(), CHAT).replace(PATH.encode(), target.encode(), 1)
    reader, writer = await connected(house)
    writer.write(sent)
    answer, body = await one_answer(reader)
    writer.transport.abort()
    assert answer.startswith(b"http/1.1 200")
    assert json.loads(body)["choices"]
