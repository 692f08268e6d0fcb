"""An answer while it is being written."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Generic, Self, TypeVar

from auth.identity import TenantId
from inference.client import Call
from inference.errors import Failure, ModelFailed, RouteError
from inference.sse import EventSplitter, EventTooLarge

D = TypeVar("D")

_DONE = b"[DONE]"
_FAREWELL = 1.0


class DeltaStream(Generic[D]):
    """The deltas of one answer, in order: ``async with`` waits for the first, ``async for`` gives them all.

    Whoever leaves before the end stops the engine. Errors are those of ``RouteError``: before the first delta
    they come from ``async with``, after it from ``async for``, behind every delta that came before them.
    """

    __slots__ = (
        "_call",
        "_done",
        "_fault",
        "_first_byte",
        "_read",
        "_ready",
        "_route",
        "_splitter",
        "_tenant",
    )

    def __init__(
        self,
        call: Call,
        *,
        route: str,
        tenant: TenantId,
        read: Callable[[str, Sequence[bytes]], Iterable[D]],
        first_byte: float,
        max_event: int,
    ) -> None:
        self._call = call
        self._route = route
        self._tenant = tenant
        self._read = read
        self._first_byte = first_byte
        self._splitter = EventSplitter(max_event)
        self._ready: deque[D] = deque()
        self._done = False
        self._fault: RouteError | None = None

    async def __aenter__(self) -> Self:
        try:
            await self._begin()
        except BaseException:
            self._call.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._call.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> D:
        if self._ready or await self._fill():
            return self._ready.popleft()
        raise StopAsyncIteration

    async def some(self) -> list[D]:
        """Every delta that has come by now, at least one; empty at the end. For writing many in one go.

        Raises:
            RouteError: the engine broke or was too slow.
        """
        if not self._ready:
            await self._fill()
        taken = list(self._ready)
        self._ready.clear()
        return taken

    @property
    def over(self) -> bool:
        """Whether the answer is whole: what was taken so far is all of it."""
        return self._done and not self._ready and self._fault is None

    async def _begin(self) -> None:
        await self._call.wait_for_turn(self._tenant)
        await self._call.open(self._first_byte)
        if not await self._fill():
            raise ModelFailed(self._route, how=Failure.ANSWER)

    async def _fill(self) -> bool:
        """Wait until a delta is ready; whether there is one."""
        while not self._ready:
            if self._fault is not None:
                raise self._fault
            if self._done:
                await self._read_out()
                return False
            chunk = await self._call.more()
            if not chunk:
                raise ModelFailed(self._route, how=Failure.CLOSED)
            self._take(chunk)
        return True

    def _take(self, chunk: bytes) -> None:
        events: list[bytes] = []
        try:
            events.extend(self._splitter.feed(chunk))  # what came before a fault stays
        except EventTooLarge:
            self._fault = ModelFailed(self._route, how=Failure.TOO_LARGE)
        if _DONE in events:
            self._done, self._fault = True, None
            del events[events.index(_DONE) :]
        if b"" in events:
            events = [event for event in events if event]
        self._understand(events)

    def _understand(self, events: list[bytes]) -> None:
        """Many events are read in one go; where one is no good, each by itself, so that those before it count."""
        try:
            self._ready.extend(self._read(self._route, events))
        except RouteError as fault:
            if len(events) > 1:
                self._each(events)
            else:
                self._fault = fault

    def _each(self, events: list[bytes]) -> None:
        try:
            for event in events:
                self._ready.extend(self._read(self._route, [event]))
        except RouteError as fault:
            self._fault = fault

    async def _read_out(self) -> None:
        """Take the end of the body, so that the connection can be used again; the answer is whole already."""
        if self._call.at_end:
            return
        with suppress(RouteError, TimeoutError):
            async with asyncio.timeout(_FAREWELL):
                while await self._call.more():
                    continue
