"""The call path's side of the HTTP server: an answer leaves in as few writes as it has pieces."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from gateway.recorder import Message

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from uvicorn._types import ASGI3Application, ASGIReceiveCallable, ASGISendCallable
    from uvicorn._types import Scope as ServerScope

PATHS: Final = frozenset({"/v1/chat/completions", "/v1/completions", "/v1/embeddings"})


class CallProtocol(HttpToolsProtocol):
    """One connection; whatever is not the call path is answered as uvicorn does it.

    uvicorn writes the head of an answer by itself, and searches every name and value in it. A write is a system
    call that wakes the client, and the heads of the call path are made by us alone.
    """

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: "ASGI3Application") -> None:
        scope = cycle.scope
        if scope["path"] not in PATHS or scope["method"] != "POST":
            super()._start_asgi_task(cycle, app)
            return

        def lean(
            scope: "ServerScope", receive: "ASGIReceiveCallable", _send: "ASGISendCallable"
        ) -> "Awaitable[None]":
            return app(scope, receive, Gathered(cycle))  # type: ignore[arg-type]  # messages as plain mappings

        super()._start_asgi_task(cycle, lean)


class Gathered:
    """Sends one answer (ASGI); its head leaves together with the first bytes of its body."""

    __slots__ = ("_chunked", "_cycle", "_head")

    def __init__(self, cycle: RequestResponseCycle) -> None:
        self._cycle = cycle
        self._head = b""
        self._chunked = False

    async def __call__(self, message: Message) -> None:
        cycle = self._cycle
        if cycle.flow.write_paused and not cycle.disconnected:
            await cycle.flow.drain()
        if cycle.disconnected:
            return
        if message["type"] == "http.response.start":
            self._begin(message["status"], message["headers"])
        elif message.get("more_body"):
            self._write(message["body"])
        else:
            self._end(message["body"])

    def _begin(self, status: int, headers: Sequence[tuple[bytes, bytes]]) -> None:
        cycle = self._cycle
        cycle.response_started = True
        cycle.waiting_for_100_continue = False
        lines = [STATUS_LINE[status]]
        sized = False
        for name, value in headers:
            sized = sized or name == b"content-length"
            lines += (name, b": ", value, b"\r\n")
        # RFC 9112 section 6.1: no transfer coding for HTTP/1.0, where the end of the connection ends the body.
        self._chunked = not sized and cycle.scope["http_version"] == "1.1"
        if self._chunked:
            lines.append(b"transfer-encoding: chunked\r\n")
        cycle.keep_alive = cycle.keep_alive and (sized or self._chunked)
        lines.append(b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n")
        self._head = b"".join(lines)

    def _write(self, body: bytes) -> None:
        coded = b"%x\r\n%b\r\n" % (len(body), body) if self._chunked and body else body
        self._cycle.transport.write(self._head + coded)
        self._head = b""

    def _end(self, body: bytes) -> None:
        cycle = self._cycle
        if self._chunked:
            body = (b"%x\r\n%b\r\n" % (len(body), body) if body else b"") + b"0\r\n\r\n"
        cycle.transport.write(self._head + body)
        cycle.response_complete = True
        cycle.message_event.set()
        if not cycle.keep_alive:
            cycle.transport.close()
        cycle.on_response()
