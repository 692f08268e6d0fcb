"""Those who wait for their record to be durable: bounded in number and in time."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

from audit.entries import interrupted
from audit.errors import LedgerUnavailable, Unavailable
from audit.records import Draft, EventType, Receipt
from audit.status import Limits
from audit.writer import Pending, Waiter

FINISHING: Final = frozenset(
    {
        EventType.CALL_OUTCOME,
        EventType.CALL_INTERRUPTED,
        *(kind for kind in EventType if kind.startswith("ledger.")),
    }
)


class Recording(Protocol):
    """Whoever puts drafts on record: the writer, or the line to the process that has it."""

    @property
    def failed(self) -> str | None: ...

    def submit(self, pending: Pending) -> None: ...

    def submit_soon(self, pending: Pending) -> None: ...


class WaitingRoom:
    """Admits drafts, hands them to the writer and settles their futures; lives on the loop."""

    def __init__(
        self, writer: Recording, limits: Limits, *, pressed: Callable[[], Unavailable | None]
    ) -> None:
        """``pressed``: why no new work may begin now, though what has begun may end."""
        self._writer = writer
        self._limits = limits
        self._pressed = pressed
        self._loop = asyncio.get_running_loop()
        self._deadlines: deque[tuple[float, Waiter]] = deque()
        self._sweeping: asyncio.TimerHandle | None = None
        self._closed = False
        self.count = 0

    async def put(self, origin: str, draft: Draft) -> Receipt:
        """Raises: LedgerUnavailable, RecordRefused."""
        future: asyncio.Future[Receipt] = self._loop.create_future()
        pending = Pending(origin, draft, future)
        self.enter(pending, future)
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled() and future.exception() is None:
                self._disown(pending)  # it was settled in the moment in which its caller was cancelled
            raise

    def enter(self, pending: Pending, future: Waiter) -> None:
        """Without waiting: whoever waits is told. Raises: LedgerUnavailable."""
        self._admit(pending.draft.type)
        self.count += 1
        self._writer.submit_soon(pending)
        self._deadlines.append((self._loop.time() + self._limits.deadline_s, future))
        if self._sweeping is None:
            self._sweeping = self._loop.call_later(self._limits.deadline_s, self._sweep)

    async def put_at_any_time(self, origin: str, draft: Draft) -> Receipt:
        """Without bounds, for the ledger's own start. Raises: LedgerUnavailable."""
        future: asyncio.Future[Receipt] = self._loop.create_future()
        self.count += 1
        self._writer.submit(Pending(origin, draft, future))
        return await future

    def refusal(self) -> Unavailable | None:
        """Why new work would be refused now, if it would."""
        try:
            self._admit(EventType.CALL_INTENT)
        except LedgerUnavailable as unavailable:
            return unavailable.reason
        return None

    def settle(self, batch: list[Pending]) -> None:
        """Called once per batch, when its fate is known."""
        for pending in batch:
            future = pending.future
            if future is None:
                continue
            self.count -= 1
            if future.done():
                self._disown(pending)
            elif pending.receipt is not None:
                future.set_result(pending.receipt)
            else:
                future.set_exception(pending.fault or LedgerUnavailable(Unavailable.FAILED))
        while self._deadlines and self._deadlines[0][1].done():
            self._deadlines.popleft()

    def close(self) -> None:
        self._closed = True
        if self._sweeping is not None:
            self._sweeping.cancel()

    def _admit(self, kind: EventType) -> None:
        finishing = kind in FINISHING
        if self._closed:
            raise LedgerUnavailable(Unavailable.CLOSED)
        if self._writer.failed is not None:
            raise LedgerUnavailable(Unavailable.FAILED)
        if self.count >= self._limits.queue * (2 if finishing else 1):
            raise LedgerUnavailable(Unavailable.QUEUE_FULL)
        if finishing:
            return
        pressing = self._pressed()
        if pressing is not None:
            raise LedgerUnavailable(pressing)

    def _disown(self, pending: Pending) -> None:
        """An intent that became durable after its caller had gone is closed, for nobody else will."""
        receipt = pending.receipt
        if receipt is None or receipt.call is None or pending.draft.type is not EventType.CALL_INTENT:
            return
        ending = interrupted(receipt.seq, receipt.call, why="unacknowledged")
        self._writer.submit(Pending(pending.log, ending))

    def _sweep(self) -> None:
        """Ends the waiting of those whose deadline has passed; one timer for all."""
        now = self._loop.time()
        while self._deadlines and (self._deadlines[0][1].done() or self._deadlines[0][0] <= now):
            _, future = self._deadlines.popleft()
            if not future.done():
                future.set_exception(LedgerUnavailable(Unavailable.DEADLINE))
        self._sweeping = None
        if self._deadlines:
            self._sweeping = self._loop.call_later(self._deadlines[0][0] - now, self._sweep)
