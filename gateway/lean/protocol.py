"""The call path's side of the HTTP server: an answer leaves in as few writes as it has pieces."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from gateway.recorder import Message

if TYPE_CHECKING:
    from uvicorn._types import HTTPScope

PATHS: Final = frozenset({"/v1/chat/completions", "/v1/completions", "/v1/embeddings"})
_TARGETS: Final = {path.encode(): path for path in PATHS}


class CallProtocol(HttpToolsProtocol):
    """One connection; whatever is not plainly the call path is read and answered as uvicorn does it.

    uvicorn takes the target of every request apart, writes the head of an answer by itself, searches every name and
    value in it, and has a timer for each pause of a connection. The call path's targets are three, a write is a
    system call that wakes the client, and the heads are made by us alone.
    """

    _idle_since: float | None = None

    def on_headers_complete(self) -> None:
        """The head of a request is there: its call begins, or waits for the one before it (pipelining)."""
        path = _TARGETS.get(self.url)
        parser = self.parser
        if path is None or parser.get_method() != b"POST" or parser.should_upgrade():
            super().on_headers_complete()
            return
        version = parser.get_http_version()
        scope = self.scope
        scope["method"], scope["http_version"] = "POST", version
        scope["path"], scope["raw_path"], scope["query_string"] = path, self.url, b""
        before: RequestResponseCycle | None = self.cycle  # uvicorn's own type leaves the none out
        cycle = self.cycle = CallCycle(
            self, scope, keep_alive=version != "1.0" and parser.should_keep_alive()
        )
        if before is None or before.response_complete:
            self._start_asgi_task(cycle, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((cycle, self.app))

    def on_response_complete(self) -> None:
        """What came behind the request is next; else the connection may be kept for a while."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self._start_asgi_task(cycle, app)
            return
        self._idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._look_in(self.timeout_keep_alive)

    def timeout_keep_alive_handler(self) -> None:
        """One timer for all pauses: it looks how long this one has lasted."""
        self.timeout_keep_alive_task = None
        if self._idle_since is None:
            return
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._look_in(left)
        else:
            super().timeout_keep_alive_handler()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone, or was let go."""
        super().connection_lost(exc)
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
            self.timeout_keep_alive_task = None

    def _look_in(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def _unset_keepalive_if_required(self) -> None:
        self._idle_since = None


class CallCycle(RequestResponseCycle):
    """One call on a connection: ASGI's ``receive`` and ``send``.

    The head of an answer leaves together with the first bytes of its body.
    """

    def __init__(self, protocol: CallProtocol, scope: "HTTPScope", *, keep_alive: bool) -> None:
        # Not what uvicorn's own sets: just what is used of it here, in ``run_asgi`` and in the protocol.
        self.scope = scope
        self.transport = protocol.transport
        self.flow = protocol.flow
        self.logger = protocol.logger
        self.on_response = protocol.on_response_complete
        self.disconnected = False
        self.keep_alive = keep_alive
        self.waiting_for_100_continue = protocol.expect_100_continue
        self.message_event = cast("asyncio.Event", Bell())
        self.body = bytearray()
        self.more_body = True
        self.response_started = False
        self.response_complete = False
        self._head = b""
        self._chunked = False

    async def send(self, message: Message) -> None:  # type: ignore[override]  # messages as plain mappings
        """ASGI's ``send``."""
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if self.disconnected:
            return
        if message["type"] == "http.response.start":
            self._begin(message["status"], message["headers"])
        elif message.get("more_body"):
            self._write(message["body"])
        else:
            self._end(message["body"])

    async def send_500_response(self) -> None:
        """After an error that nobody foresaw, which uvicorn has logged; the connection is not used again."""
        self.keep_alive = False
        await super().send_500_response()

    def _begin(self, status: int, headers: Sequence[tuple[bytes, bytes]]) -> None:
        self.response_started = True
        self.waiting_for_100_continue = False
        lines = [STATUS_LINE[status]]
        sized = False
        for name, value in headers:
            sized = sized or name == b"content-length"
            lines += (name, b": ", value, b"\r\n")
        # RFC 9112 section 6.1: no transfer coding for HTTP/1.0, where the end of the connection ends the body.
        self._chunked = not sized and self.scope["http_version"] == "1.1"
        if self._chunked:
            lines.append(b"transfer-encoding: chunked\r\n")
        self.keep_alive = self.keep_alive and (sized or self._chunked)
        lines.append(b"\r\n" if self.keep_alive else b"connection: close\r\n\r\n")
        self._head = b"".join(lines)

    def _write(self, body: bytes) -> None:
        coded = b"%x\r\n%b\r\n" % (len(body), body) if self._chunked and body else body
        self.transport.write(self._head + coded)
        self._head = b""

    def _end(self, body: bytes) -> None:
        if self._chunked:
            body = (b"%x\r\n%b\r\n" % (len(body), body) if body else b"") + b"0\r\n\r\n"
        self.transport.write(self._head + body)
        self.response_complete = True
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()


class Bell:
    """What is used of an ``asyncio.Event``, for one that waits."""

    __slots__ = ("_rung", "_waiter")

    def __init__(self) -> None:
        self._rung = False
        self._waiter: asyncio.Future[Any] | None = None

    def set(self) -> None:
        """Wake who waits, now or later."""
        self._rung = True
        waiter = self._waiter
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    def clear(self) -> None:
        """From now on one waits again."""
        self._rung = False

    async def wait(self) -> None:
        """Returns when it was rung."""
        while not self._rung:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
