"""The outermost layer: binds a request id, and sees to it that nothing is answered unrecorded.

Pure ASGI, because an audit write awaited in a streaming generator's ``finally`` is lost when the client
hangs up.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from typing import Any

import structlog

from audit.clock import RandomPool
from audit.errors import LedgerUnavailable
from gateway import calls, problems
from gateway.calls import Call
from gateway.metrics import Metrics
from gateway.problems import Problem
from gateway.scribe import Scribe

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

log = structlog.get_logger()

Rendered = tuple[bytes, list[tuple[bytes, bytes]]]
Render = Callable[[Scope, Problem, Call], Rendered]


class Recorder:
    """Wraps the whole application; one ``Call`` a request."""

    def __init__(self, inner: Application, *, scribe: Scribe, metrics: Metrics, render: Render) -> None:
        """``render`` tells a problem in the dialect of the path."""
        self._inner = inner
        self._render = render
        self._scribe = scribe
        self._metrics = metrics
        self._entropy = RandomPool(os.urandom)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        call = calls.begin(scope, entropy=self._entropy)
        scope[calls.SCOPE_KEY] = call
        try:
            await self._inner(scope, receive, _Answer(call, send, self._scribe, partial(self._render, scope)))
        finally:
            if call.intent is not None and not call.settled:
                await asyncio.shield(self._close(call))
            self._metrics.observe(call)

    async def _close(self, call: Call) -> None:
        """The end that no one else wrote: the client is gone, or the work broke off in mid-stream."""
        call.gone = call.gone or call.problem is None
        try:
            await self._scribe.settle(call)
        except LedgerUnavailable:
            log.exception("ledger.outcome_lost", call=call.id)


class _Answer:
    """The way out: the record that is owed is durable before the first byte."""

    __slots__ = ("_call", "_render", "_replaced", "_scribe", "_send")

    def __init__(
        self, call: Call, send: Send, scribe: Scribe, render: Callable[[Problem, Call], Rendered]
    ) -> None:
        self._call = call
        self._send = send
        self._render = render
        self._scribe = scribe
        self._replaced = False

    async def __call__(self, message: Message) -> None:
        if self._replaced:
            return
        if message["type"] == "http.response.start":
            await self._start(message)
            return
        if self._call.streaming and not self._call.settled:
            self._call.released += len(message.get("body", b""))
        await self._send(message)

    async def _start(self, message: Message) -> None:
        call = self._call
        if not call.settled and not call.streaming:
            try:
                await self._scribe.settle(call)
            except LedgerUnavailable as unavailable:
                await self._replace(unavailable)
                return
        call.started = True
        message["headers"] = [*message.get("headers", ()), (b"x-request-id", call.id.encode())]
        await self._send(message)

    async def _replace(self, unavailable: LedgerUnavailable) -> None:
        """What can't be recorded isn't answered."""
        self._replaced = self._call.started = True
        problem = self._call.problem = problems.of(unavailable)
        body, headers = self._render(problem, self._call)
        headers += [(b"content-length", str(len(body)).encode()), (b"x-request-id", self._call.id.encode())]
        await self._send({"type": "http.response.start", "status": problem.status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})
