"""One HTTP/1.1 connection to a model server: one exchange at a time, kept alive between them."""

import asyncio
from collections.abc import Callable
from typing import cast

import httptools

from inference.errors import Stage
from inference.wire import (
    ConnectionLost,
    Garbled,
    Head,
    Limits,
    TooLarge,
    Window,
    WireError,
    WireTimedOut,
)


class Connection(asyncio.Protocol):
    """Bytes of a request go out, a response comes in; whatever goes wrong closes the connection at once.

    The parser calls the ``on_…`` methods, the loop calls ``data_received`` and its like.
    """

    __slots__ = (
        "_answered",
        "_begun",
        "_chunks",
        "_complete",
        "_due_at",
        "_error",
        "_framed",
        "_head",
        "_heard",
        "_loop",
        "_lost",
        "_on_lost",
        "_parser",
        "_paused",
        "_reads",
        "_retry_after",
        "_reusable",
        "_size",
        "_timer",
        "_transport",
        "_waiter",
        "_whole_up_to",
        "_window",
        "idle_since",
        "limits",
        "on_body",
    )

    def __init__(self, limits: Limits, on_lost: Callable[["Connection"], None]) -> None:
        self.limits = limits
        self.idle_since = 0.0
        self._on_lost = on_lost
        self._loop = asyncio.get_running_loop()
        self._chunks: list[bytes] = []
        # A stream comes in many small chunks, and the parser calls this for each of them.
        self.on_body = self._chunks.append
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._due_at = 0.0
        self._waiter: asyncio.Future[None] | None = None
        self._window = Window(0.0, 0.0, 0.0)
        self._lost = False
        self._heard = 0.0
        self._reset()
        self._complete = True

    def _reset(self) -> None:
        self._whole_up_to: int | None = None
        self._chunks.clear()
        self._size = 0
        self._reads = 0
        self._head: Head | None = None
        self._retry_after: int | None = None
        self._framed = False
        self._answered = False
        self._begun = False
        self._complete = False
        self._reusable = False
        self._paused = False
        self._error: WireError | None = None

    @property
    def reusable(self) -> bool:
        """Whether another exchange may follow."""
        return self._reusable and self._complete and not self._lost

    @property
    def at_end(self) -> bool:
        """Whether the response is whole and nothing of it is left to be read."""
        return self._complete and not self._chunks

    @property
    def lost(self) -> bool:
        """Whether the connection has ended."""
        return self._lost

    async def open(self, request: bytes, window: Window) -> Head:
        """Send a request and wait for the head of the response; its body is read with ``whole`` or ``more``.

        Raises:
            WireError: and the connection is closed.
        """
        self._begin(request, window)
        while self._head is None and self._error is None:
            await self._wait()
        if self._head is None:
            raise self._error or ConnectionLost(answered=self._answered)
        return self._head

    async def whole(self, limit: int) -> bytes:
        """The body, of at most ``limit`` bytes.

        Raises:
            WireError: and the connection is closed.
        """
        self._whole_up_to = limit
        self._resume()
        while not self._complete and self._error is None and self._size <= limit:
            await self._wait()
        if self._error is not None:
            raise self._error
        if self._size > limit:
            self.abort()
            raise TooLarge
        return self._take()

    async def more(self) -> bytes:
        """What has come of the body since the last time, waiting for at least a byte; empty at its end.

        Raises:
            WireError: and the connection is closed.
        """
        while not self._chunks and not self._complete and self._error is None:
            await self._wait()
        if self._chunks:
            return self._take()
        if self._error is not None:
            raise self._error
        return b""

    def abort(self) -> None:
        """Close at once: what is unsent stays unsent, and the server sees the end."""
        self._stop_timer()
        self._reusable = False
        if self._transport is not None:
            self._transport.abort()

    def _take(self) -> bytes:
        taken = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        self._chunks.clear()
        self._size = 0
        self._resume()
        return taken

    def _resume(self) -> None:
        if self._paused and self._transport is not None:
            self._paused = False
            self._heard = self._loop.time()
            self._transport.resume_reading()
            if not self._complete:
                self._look_at(self._due()[0])

    def _begin(self, request: bytes, window: Window) -> None:
        if self._transport is None or self._lost:
            raise ConnectionLost(answered=False)
        self._reset()
        self._window = window
        self._heard = self._loop.time()
        self._look_at(min(window.ends, self._heard + window.first_byte))
        self._transport.write(request)

    async def _wait(self) -> None:
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        waiter = self._waiter
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    def _fail(self, error: WireError) -> None:
        if self._error is None and not self._complete:
            self._error = error
        self.abort()
        self._wake()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look_at(self, due: float) -> None:
        """Look at the clock then, at the latest: one timer for many exchanges, made anew where it is too late."""
        if self._timer is not None:
            if self._due_at <= due:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(due, self._tick)
        self._due_at = due

    def _tick(self) -> None:
        self._timer = None
        if self._complete:
            return
        due, stage = self._due()
        if self._loop.time() >= due:
            self._fail(WireTimedOut(stage))
        else:
            self._look_at(due)

    def _due(self) -> tuple[float, Stage]:
        ends = self._window.ends
        if self._paused:
            return ends, Stage.TOTAL
        wait, stage = (
            (self._window.idle, Stage.IDLE) if self._begun else (self._window.first_byte, Stage.FIRST_BYTE)
        )
        due = self._heard + wait
        return (due, stage) if due < ends else (ends, Stage.TOTAL)

    # The loop calls these.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # A cast, since uvloop's transports do not inherit from asyncio's.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if self._complete:
            # Nobody asked: the next response could not be told from this one.
            self.abort()
            return
        self._answered = True
        self._heard = self._loop.time()
        if self._head is None:
            self._reads += len(data)
        before = len(self._chunks)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail(self._error or Garbled())
            return
        if self._head is None and self._reads > self.limits.head:
            self._fail(TooLarge())
        if len(self._chunks) > before:
            self._weigh(sum(map(len, self._chunks[before:])))
            self._begin_body()

    def _begin_body(self) -> None:
        # The head says nothing: engines send it at once, and only then read the prompt.
        if not self._begun and not self._complete:
            self._begun = True
            self._look_at(self._due()[0])

    def _weigh(self, came: int) -> None:
        """Hold the server back, or give up, where more has come than may wait here."""
        self._size += came
        if self._whole_up_to is not None:
            if self._size > self._whole_up_to:
                self._fail(TooLarge())
            return
        if self._size > self.limits.unread and not self._paused and not self._complete and self._transport:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost = True
        self._stop_timer()
        self._end_unframed(exc)
        if not self._complete and self._error is None:
            self._error = ConnectionLost(answered=self._answered)
        self._wake()
        self._on_lost(self)

    def _end_unframed(self, exc: Exception | None) -> None:
        """RFC 9112, section 6.3: a body with neither length nor chunks ends where the connection ends."""
        if exc is None and self._head is not None and not self._framed and self._error is None:
            self._complete = True

    # The parser calls these.

    def on_message_begin(self) -> None:
        if self._complete:
            # A second response to one request. The parser turns this into an error of its own.
            raise Garbled

    def on_header(self, name: bytes, value: bytes) -> None:
        field = name.lower()
        if field in (b"content-length", b"transfer-encoding"):
            self._framed = True
        elif field == b"retry-after" and value.isdigit() and len(value) < 6:
            self._retry_after = int(value)

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < 200:
            return
        self._head = Head(status, self._retry_after)
        self._wake()

    def on_message_complete(self) -> None:
        if self._head is None:
            return
        self._complete = True
        self._reusable = self._error is None and self._parser.should_keep_alive()
        self._wake()
