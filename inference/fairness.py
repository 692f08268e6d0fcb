"""Fair turns on one route: tenants take turns, however much one of them asks."""

import asyncio
from collections import OrderedDict, deque

from auth.identity import TenantId
from inference.errors import ModelOverloaded

_LONGEST_WAIT = 60
_WEIGHT_OF_THE_LATEST = 0.1


class _PushedOut(Exception):
    """A waiting call lost its place."""


class Turnstile:
    """Lets at most ``parallel`` calls through at a time, and takes those that wait round-robin over tenants.

    At most ``queue`` calls wait, at most half of them of one tenant. When the queue is full, a call of a
    tenant that waits for less than another pushes out the youngest call of the longest line (McKenney,
    Stochastic Fairness Queueing, 1990), so that no set of tenants can fill the queue against another.
    """

    def __init__(self, route: str, *, parallel: int, queue: int, patience: float) -> None:
        self._route = route
        self._parallel = parallel
        self._queue = queue
        self._share = (queue + 1) // 2
        self._patience = patience
        self._free = parallel
        self._waiting = 0
        self._hold = 1.0
        self._lines: OrderedDict[TenantId, deque[asyncio.Future[None]]] = OrderedDict()

    @property
    def running(self) -> int:
        """Calls that have their turn."""
        return self._parallel - self._free

    @property
    def waiting(self) -> int:
        """Calls that wait for a turn."""
        return self._waiting

    @property
    def retry_after(self) -> int:
        """Whole seconds after which the queue as it stands should have emptied, from 1 to 60."""
        return max(1, min(_LONGEST_WAIT, round(self._hold * (self._waiting + 1) / self._parallel)))

    async def enter(self, tenant: TenantId) -> None:
        """Wait for a turn; who got one must ``leave``.

        Raises:
            ModelOverloaded: the queue is full, or the turn did not come in time.
        """
        if self._free and not self._waiting:
            self._free -= 1
            return
        await self._wait(tenant)

    def leave(self, held: float) -> None:
        """Give the turn to the next in line; ``held`` is for how many seconds the call had it."""
        self._hold += (held - self._hold) * _WEIGHT_OF_THE_LATEST
        self._hand_over()

    def _hand_over(self) -> None:
        place = self._next()
        if place is None:
            self._free += 1
        else:
            place.set_result(None)

    def _next(self) -> asyncio.Future[None] | None:
        while self._lines:
            tenant, line = next(iter(self._lines.items()))
            place = line.popleft()
            self._waiting -= 1
            if line:
                self._lines.move_to_end(tenant)
            else:
                del self._lines[tenant]
            if not place.done():
                return place
        return None

    async def _wait(self, tenant: TenantId) -> None:
        self._make_room(tenant)
        loop = asyncio.get_running_loop()
        place: asyncio.Future[None] = loop.create_future()
        self._lines.setdefault(tenant, deque()).append(place)
        self._waiting += 1
        timer = loop.call_later(self._patience, _push_out, place)
        try:
            await place
        except _PushedOut:
            raise ModelOverloaded(self._route, retry_after=self.retry_after) from None
        except asyncio.CancelledError:
            if place.done() and not place.cancelled() and place.exception() is None:
                # The turn came in the same instant as the cancellation.
                self._hand_over()
            raise
        finally:
            timer.cancel()
            self._forget(tenant, place)

    def _make_room(self, tenant: TenantId) -> None:
        mine = len(self._lines.get(tenant, ()))
        if mine >= self._share:
            raise ModelOverloaded(self._route, retry_after=self.retry_after)
        if self._waiting < self._queue:
            return
        longest, line = max(self._lines.items(), key=lambda entry: len(entry[1]))
        if len(line) <= mine + 1:
            raise ModelOverloaded(self._route, retry_after=self.retry_after)
        place = line[-1]
        self._forget(longest, place)
        _push_out(place)

    def _forget(self, tenant: TenantId, place: asyncio.Future[None]) -> None:
        line = self._lines.get(tenant)
        if line is None or place not in line:
            return
        line.remove(place)
        self._waiting -= 1
        if not line:
            del self._lines[tenant]


def _push_out(place: asyncio.Future[None]) -> None:
    if not place.done():
        place.set_exception(_PushedOut())
