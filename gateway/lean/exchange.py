"""One request on the call path: its body, its answer, and whether its client is still there."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Final

from gateway.calls import Call
from gateway.recorder import Receive, Scope, Send
from gateway.refusals import BodyTooLarge, WrongMediaType
from gateway.scribe import Scribe

Header = tuple[bytes, bytes]

JSON: Final[Header] = (b"content-type", b"application/json")
EVENTS: Final[tuple[Header, ...]] = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
)


class ClientGone(Exception):
    """The client hung up; nobody is left to be told anything."""


class Exchange:
    """A request and the way to answer it."""

    __slots__ = ("_receive", "_send", "call", "scope")

    def __init__(self, scope: Scope, receive: Receive, send: Send, call: Call) -> None:
        self.scope = scope
        self.call = call
        self._receive = receive
        self._send = send

    async def body(self, limit_bytes: int) -> bytes:
        """The whole body.

        Raises:
            WrongMediaType: it is said to be something else than JSON.
            BodyTooLarge: it is longer than allowed; no more than that was read.
            ClientGone: the client hung up before its end.
        """
        for name, value in self.scope["headers"]:
            if name == b"content-type" and b"json" not in value.lower():
                raise WrongMediaType("application/json")
            if name == b"content-length" and int(value) > limit_bytes:
                raise BodyTooLarge(limit_bytes)
        parts: list[bytes] = []
        size = 0
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            part = message.get("body", b"")
            size += len(part)
            if size > limit_bytes:
                raise BodyTooLarge(limit_bytes)
            parts.append(part)
            if not message.get("more_body"):
                return parts[0] if len(parts) == 1 else b"".join(parts)

    @contextlib.asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """The work inside is cancelled as soon as the client hangs up.

        Raises:
            ClientGone: it did.
        """
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("no task")
        watcher = asyncio.get_running_loop().create_task(self._watch(task))
        try:
            yield
        except asyncio.CancelledError:
            if self.call.gone and task.uncancel() == 0:
                raise ClientGone from None
            raise
        finally:
            watcher.cancel()

    async def _watch(self, task: "asyncio.Task[object]") -> None:
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                break
        if not self.call.settled:
            self.call.gone = True
            task.cancel()

    async def answer(self, body: bytes, headers: Sequence[Header] = ()) -> None:
        """Answer 200 with a JSON body; what is owed to the ledger is durable before its first byte."""
        self.call.released = len(body)
        await self._keep(body)
        length = (b"content-length", str(len(body)).encode())
        await self._send({"type": "http.response.start", "status": 200, "headers": [JSON, length, *headers]})
        await self._send({"type": "http.response.body", "body": body})

    async def start_stream(self, headers: Sequence[Header] = ()) -> None:
        """Answer 200 with an event stream; its end waits for the ledger, its start does not."""
        self.call.streaming = True
        await self._send({"type": "http.response.start", "status": 200, "headers": [*EVENTS, *headers]})

    async def piece(self, body: bytes) -> None:
        """A piece of the stream; under strict capture it is kept before it leaves."""
        await self._keep(body)
        await self._send({"type": "http.response.body", "body": body, "more_body": True})

    async def end_stream(self, body: bytes, scribe: Scribe) -> None:
        """The last piece, which leaves when the call's outcome is durable.

        Raises:
            LedgerUnavailable: it is not, and the stream stays without its end.
        """
        await self._keep(body)
        await scribe.settle(self.call)
        await self._send({"type": "http.response.body", "body": body})

    async def _keep(self, body: bytes) -> None:
        if self.call.spool is not None:
            await self.call.spool.write(body)
