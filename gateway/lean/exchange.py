"""One request on the call path: its body, its answer, and whether its client is still there."""

import asyncio
from collections import deque
from collections.abc import Sequence
from types import TracebackType
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


# A call that is over sooner need not be watched.
_PATIENCE: Final = 0.1


class ClientGone(Exception):
    """The client hung up; nobody is left to be told anything."""


class Exchange:
    """A request and the way to answer it."""

    __slots__ = ("_head", "_patience", "_receive", "_send", "call", "scope")

    def __init__(self, scope: Scope, receive: Receive, send: Send, call: Call, patience: "Patience") -> None:
        self.scope = scope
        self.call = call
        self._patience = patience
        self._receive = receive
        self._send = send
        self._head: list[Header] = []

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
            part = message["body"]
            size += len(part)
            if size > limit_bytes:
                raise BodyTooLarge(limit_bytes)
            parts.append(part)
            if not message.get("more_body"):
                return parts[0] if len(parts) == 1 else b"".join(parts)

    def watched(self) -> "Watch":
        """The work inside is cancelled within a tenth of a second of the client's hanging up.

        Raises:
            ClientGone: it did.
        """
        return Watch(self._receive, self.call, self._patience)

    async def answer(self, body: bytes, headers: Sequence[Header] = ()) -> None:
        """Answer 200 with a JSON body; what is owed to the ledger is durable before its first byte."""
        self.call.released = len(body)
        if self.call.spool is not None:
            await self.call.spool.write(body)
        length = (b"content-length", str(len(body)).encode())
        await self._send({"type": "http.response.start", "status": 200, "headers": [JSON, length, *headers]})
        await self._send({"type": "http.response.body", "body": body})

    def start_stream(self, headers: Sequence[Header] = ()) -> None:
        """Answer 200 with an event stream, from its first piece on; its end waits for the ledger, not its start."""
        self._head = [*EVENTS, *headers]

    async def piece(self, body: bytes) -> None:
        """A piece of the stream; under strict capture it is kept before it leaves."""
        if self.call.spool is not None:
            await self.call.spool.write(body)
        if self._head:
            await self._begin()
        await self._send({"type": "http.response.body", "body": body, "more_body": True})

    async def end_stream(self, body: bytes, scribe: Scribe) -> None:
        """The last piece, which leaves when the call's outcome is durable, and counts there as released.

        Raises:
            LedgerUnavailable: it is not, and the stream stays without its end, or without a beginning.
        """
        if self.call.spool is not None:
            await self.call.spool.write(body)
        self.call.released += len(body)
        await scribe.settle(self.call)
        if self._head:
            await self._begin()
        await self._send({"type": "http.response.body", "body": body})

    async def _begin(self) -> None:
        head, self._head = self._head, []
        self.call.streaming = True
        await self._send({"type": "http.response.start", "status": 200, "headers": head})


class Patience:
    """Begins watches whose calls have lasted for a tenth of a second: one timer for all, none while nothing runs."""

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: deque[tuple[float, Watch]] = deque()

    def have_with(self, watch: "Watch") -> None:
        """Begin the watch in a tenth of a second, unless it is over by then."""
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_later(_PATIENCE, self._look)
        self._waiting.append((loop.time() + _PATIENCE, watch))

    def _look(self) -> None:
        loop, waiting = asyncio.get_running_loop(), self._waiting
        while waiting and (waiting[0][1].over or waiting[0][0] <= loop.time()):
            waiting.popleft()[1].begin()
        if waiting:
            loop.call_at(waiting[0][0], self._look)


class Watch:
    """Looks after one task: ``with watch:`` ends with ``ClientGone`` when the client hangs up."""

    __slots__ = ("_call", "_patience", "_receive", "_task", "_watcher", "over")

    def __init__(self, receive: Receive, call: Call, patience: Patience) -> None:
        self._receive = receive
        self._call = call
        self._patience = patience
        self._watcher: asyncio.Task[None] | None = None
        self.over = False

    def __enter__(self) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("no task")
        self._task = task
        self._patience.have_with(self)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over = True
        if self._watcher is not None:
            self._watcher.cancel()
        if isinstance(error, asyncio.CancelledError) and self._call.gone and self._task.uncancel() == 0:
            raise ClientGone from None

    def begin(self) -> None:
        """Look, unless the work is over."""
        if self.over:
            return
        self._watcher = asyncio.get_running_loop().create_task(self._watch())

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            continue
        if not self._call.settled:
            self._call.gone = True
            self._task.cancel()
