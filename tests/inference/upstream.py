"""A scripted model server on loopback: it answers as told, and remembers what it was asked.

    async with Upstream() as upstream:
        upstream.answer("/v1/chat/completions", chat_stream("Hej", " du"))
        ...
        assert upstream.asked[0].json["stream"]

Scripts for one path are used in order; the last one stays. Without a script for a path, ``*`` is looked up.
"""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came, and on which connection (counted from 0)."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    connection: int

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class HungUp(Exception):
    """The script wants the connection closed at once."""


@dataclass(slots=True)
class Wire:
    """What a script can do with the connection."""

    writer: asyncio.StreamWriter
    chunked: bool = field(default=False)

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def respond(self, status: int, body: bytes, **headers: str) -> None:
        lines = [
            f"HTTP/1.1 {status} Status",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        ]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        await self.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    async def begin_stream(self) -> None:
        await self.send(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        )

    async def chunk(self, data: bytes) -> None:
        await self.send(b"%x\r\n%b\r\n" % (len(data), data))

    async def event(self, value: object) -> None:
        data = value if isinstance(value, str) else json.dumps(value)
        await self.chunk(f"data: {data}\n\n".encode())

    async def end_stream(self) -> None:
        await self.send(b"0\r\n\r\n")


Script = Callable[[Asked, Wire], Awaitable[None]]


def answer(value: object, status: int = 200, **headers: str) -> Script:
    """A JSON answer."""

    async def script(_asked: Asked, wire: Wire) -> None:
        await wire.respond(status, json.dumps(value).encode(), **headers)

    return script


def raw(data: bytes) -> Script:
    """Bytes as they are, then the connection is closed."""

    async def script(_asked: Asked, wire: Wire) -> None:
        await wire.send(data)
        raise HungUp

    return script


def refusal(
    status: int, message: str = "no", param: str | None = None, kind: str = "BadRequestError"
) -> Script:
    """An error object as the engines write it."""
    return answer({"error": {"message": message, "type": kind, "param": param, "code": status}}, status)


def usage(prompt: int = 5, completion: int = 2) -> dict[str, Any]:
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def chat(text: str, finish: str = "stop") -> Script:
    """A whole chat answer."""
    message = {"role": "assistant", "content": text}
    return answer({"choices": [{"index": 0, "message": message, "finish_reason": finish}], "usage": usage()})


def piece(
    text: str | None, *, finish: str | None = None, role: str | None = None, index: int = 0
) -> dict[str, Any]:
    """One chat event."""
    delta = {key: value for key, value in (("role", role), ("content", text)) if value is not None}
    return {"choices": [{"index": index, "delta": delta, "finish_reason": finish}]}


def chat_stream(*texts: str, gap: float = 0.0, finish: str = "stop") -> Script:
    """A chat stream: the role, each text after ``gap`` seconds, how it ended, the usage, ``[DONE]``."""

    async def script(_asked: Asked, wire: Wire) -> None:
        await wire.begin_stream()
        await wire.event(piece("", role="assistant"))
        for text in texts:
            await asyncio.sleep(gap)
            await wire.event(piece(text))
        await wire.event(piece(None, finish=finish))
        await wire.event({"choices": [], "usage": usage(completion=len(texts))})
        await wire.event("[DONE]")
        await wire.end_stream()

    return script


def events(*values: object) -> Script:
    """A stream of just these events, properly ended; ``"[DONE]"`` only where it is given."""

    async def script(_asked: Asked, wire: Wire) -> None:
        await wire.begin_stream()
        for value in values:
            await wire.event(value)
        await wire.end_stream()

    return script


def events_then(last: Script, *values: object) -> Script:
    """The beginning of a stream, and then what ``last`` does: ``cut``, ``hang``…"""

    async def script(asked: Asked, wire: Wire) -> None:
        await wire.begin_stream()
        for value in values:
            await wire.event(value)
        await last(asked, wire)

    return script


def embeddings(dimensions: int = 3) -> Script:
    """A vector for each input: the input's length, then zeros."""

    async def script(asked: Asked, wire: Wire) -> None:
        inputs = asked.json["input"]
        data = [
            {
                "object": "embedding",
                "index": place,
                "embedding": [float(len(text))] + [0.0] * (dimensions - 1),
            }
            for place, text in enumerate(inputs)
        ]
        await wire.respond(200, json.dumps({"data": data, "usage": usage(completion=0)}).encode())

    return script


def after(seconds: float, then: Script) -> Script:
    """The same, later."""

    async def script(asked: Asked, wire: Wire) -> None:
        await asyncio.sleep(seconds)
        await then(asked, wire)

    return script


async def cut(_asked: Asked, _wire: Wire) -> None:
    """Close the connection where it stands."""
    raise HungUp


async def hang(_asked: Asked, _wire: Wire) -> None:
    """Say nothing more until the other side leaves."""
    await asyncio.Event().wait()


def closing(then: Script) -> Script:
    """The same, then the server closes the connection without having said so."""

    async def script(asked: Asked, wire: Wire) -> None:
        await then(asked, wire)
        raise HungUp

    return script


class Upstream:
    """``asked`` are the requests, ``left`` counts the answers that the other side did not wait for."""

    def __init__(self, port: int = 0) -> None:
        self.asked: list[Asked] = []
        self.left = 0
        self.connections = 0
        self._port = port
        # Which text is cut how is known to no script but one for it.
        self._scripts: dict[str, deque[Script]] = {
            "/health": deque([answer({"status": "ok"})]),
            "/tokenize": deque([refusal(404)]),
        }
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._changed = asyncio.Condition()

    def answer(self, path: str, *scripts: Script) -> None:
        """From now on ``path`` is answered by these scripts."""
        self._scripts[path] = deque(scripts)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def open(self) -> int:
        """Connections that are open now."""
        return len(self._tasks)

    async def until(self, seen: Callable[["Upstream"], bool], within: float = 5.0) -> None:
        """Wait until something has been seen here."""
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(lambda: seen(self))

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        """Refuse new connections and cut those that are open; can be entered again, on the same port."""
        if self._server is not None:
            self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()
        await asyncio.sleep(0)  # the loop closes their sockets in its next round

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Known from here on: a task that is cancelled before its first step closes nothing.
        self._writers.add(writer)
        task = asyncio.create_task(self._serve(reader, writer, self.connections))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.connections += 1

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> None:
        try:
            begun: bytes | None = b""
            while begun is not None:
                begun = await self._answer_one(begun, reader, writer, number)
        except (HungUp, ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._forget(writer)
            async with self._changed:
                self._changed.notify_all()

    def _forget(self, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.discard(task)
        self._writers.discard(writer)
        writer.transport.abort()

    async def _answer_one(
        self, begun: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int
    ) -> bytes | None:
        """Answer a request whose ``begun`` was read; returns what was read of the next, none at the end."""
        asked = await _read(begun, reader, number)
        async with self._changed:
            self.asked.append(asked)
            self._changed.notify_all()
        scripts = self._scripts.get(asked.path) or self._scripts["*"]
        script = scripts.popleft() if len(scripts) > 1 else scripts[0]
        # Somebody who waits for an answer sends nothing: an end means that they have left.
        leaving = asyncio.create_task(reader.read(1))
        talking = asyncio.ensure_future(script(asked, Wire(writer)))
        try:
            await asyncio.wait({leaving, talking}, return_when=asyncio.FIRST_COMPLETED)
            if not talking.done():
                self.left += 1
                return None
            talking.result()
            await asyncio.sleep(0)
            return (leaving.result() or None) if leaving.done() else b""
        finally:
            talking.cancel()
            leaving.cancel()
            await asyncio.gather(leaving, talking, return_exceptions=True)


async def _read(begun: bytes, reader: asyncio.StreamReader, number: int) -> Asked:
    head = (begun + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, path, _version = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method, path, headers, body, number)
