"""The ledger as the gateway sees it: open, append, status, close."""

import asyncio
import os
from collections import deque
from pathlib import Path
from typing import Final

import anyio.to_thread
import structlog

from audit.assembly import Parts, assemble
from audit.clock import Clock, second_of
from audit.entries import interrupted
from audit.envelope import Opened, Place, open_file
from audit.errors import AuditError, LedgerUnavailable, Unavailable
from audit.keys import Entropy, LedgerKeys
from audit.layout import Layout
from audit.reader import LogReader
from audit.records import INSTALLATION, Actor, Draft, EventType, LogName, Receipt
from audit.spool import Owner, Spool, open_spool
from audit.status import LedgerStatus, Limits, LogStatus
from audit.writer import Pending

FINISHING: Final = frozenset(
    {
        EventType.CALL_OUTCOME,
        EventType.CALL_INTERRUPTED,
        *(kind for kind in EventType if kind.startswith("ledger.")),
    }
)

log = structlog.get_logger()


class Ledger:
    """Appends return when the record is durable; nothing is ever changed or taken away."""

    def __init__(self, parts: Parts, loop: asyncio.AbstractEventLoop) -> None:
        self._parts = parts
        self._loop = loop
        self._writer = parts.writer
        self._limits = parts.limits
        self._waiting = 0
        self._closed = False
        self._deadlines: deque[tuple[float, asyncio.Future[Receipt]]] = deque()
        self._sweeping: asyncio.TimerHandle | None = None
        self._origins: dict[LogName, str] = {}

    @classmethod
    async def open(
        cls,
        folder: Path,
        *,
        origin: str,
        keys: LedgerKeys,
        limits: Limits | None = None,
        clock: Clock | None = None,
        entropy: Entropy = os.urandom,
    ) -> "Ledger":
        """Recovers what a crash left, closes the calls that it cut off, and starts.

        Raises:
            LedgerBusy: another writer holds the folder.
            LedgerDamaged: what is stored contradicts itself.
            KeysFault: the keys lie inside the folder.
            TreeFault: a file of a tree is missing or malformed.
            LedgerUnavailable: the start could not be put on record.
        """
        loop = asyncio.get_running_loop()
        layout = Layout(folder, origin)
        parts = await anyio.to_thread.run_sync(
            lambda: assemble(layout, keys, limits or Limits(), (clock or Clock(), entropy), loop)
        )
        ledger = cls(parts, loop)
        try:
            await ledger._begin()
        except AuditError:
            await anyio.to_thread.run_sync(ledger._shut)
            raise
        return ledger

    async def append(self, log: LogName, draft: Draft) -> Receipt:
        """Puts the draft on record; it is durable when this returns.

        Raises:
            LedgerUnavailable: it is not on record, or nobody can know; do not act.
            RecordRefused: it can't become a record.
        """
        self._admit(draft.type)
        future: asyncio.Future[Receipt] = self._loop.create_future()
        pending = Pending(self._origin(log), draft, future)
        self._waiting += 1
        self._writer.submit(pending)
        self._deadlines.append((self._loop.time() + self._limits.deadline_s, future))
        if self._sweeping is None:
            self._sweeping = self._loop.call_later(self._limits.deadline_s, self._sweep)
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled() and future.exception() is None:
                self._disown(pending)  # it was settled in the moment in which its caller was cancelled
            raise

    def reader(self, log: LogName) -> LogReader:
        """The read side of one log; its methods do file I/O and belong in a thread."""
        origin = self._origin(log)
        parts = self._parts
        return LogReader(
            parts.layout.log_folder(origin),
            origin=origin,
            key=parts.keys.vkey(origin),
            index=parts.indexes.of(origin),
            settle=self._settle,
            pseudonyms=parts.pseudonyms,
        )

    def status(self) -> LedgerStatus:
        signed = self._parts.found.forest.signed
        logs = []
        for name, head in sorted(self._parts.found.heads.copy().items()):
            newest = signed.get(name)
            size, moment = (newest.size, newest.at) if newest else (0, None)
            logs.append(LogStatus(name, head.next, size, moment))
        reason = self._unwell()
        return LedgerStatus(reason is None, reason, self._writer.failed, self._waiting, tuple(logs))

    def checkpoint(self, log: LogName) -> bytes | None:
        """The newest signed checkpoint of a log, to be kept elsewhere."""
        newest = self._parts.found.forest.signed.get(self._origin(log))
        return newest.note if newest else None

    def root_checkpoint(self) -> bytes | None:
        """The newest signed checkpoint of the root log, which covers every log; to be kept elsewhere."""
        newest = self._parts.found.forest.signed.get(self._parts.layout.root_origin)
        return newest.note if newest else None

    def vkey(self, log: LogName | None = None) -> str:
        """The verifier key of the installation, or of one log under its own name."""
        origin = self._parts.layout.origin if log is None else self._origin(log)
        return str(self._parts.keys.vkey(origin))

    async def spool(self, log: LogName, receipt: Receipt, *, subject: str, classification: str) -> Spool:
        """A sealed capture for a call whose intent is durable (strict capture).

        Raises:
            LedgerUnavailable: the content can't be captured; release nothing.
        """
        parts, origin = self._parts, self._origin(log)
        pid = await anyio.to_thread.run_sync(parts.pseudonyms.pid, origin, subject)
        month = second_of(parts.clock.wall_ns())[:7]
        return await open_spool(
            parts.layout.content_folder(origin),
            parts.content_keys,
            Place(origin, receipt.call or "", receipt.seq),
            Owner(pid, month),
            classification=classification,
            entropy=parts.entropy,
            failed=self._writer.fail,
        )

    def open_content(self, log: LogName, call: str, seq: int, *, cm: str | None = None) -> Opened:
        """The captured content of the call whose intent is ``seq``; put the opening on record first. Blocks.

        With ``cm``, the commitment on the outcome's record, it must be whole and exactly what was recorded.

        Raises:
            ContentUnavailable: missing, shredded, changed, or not what was recorded.
        """
        place = Place(self._origin(log), call, seq)
        path = self._parts.layout.content_folder(place.log) / f"{place.blob}.sealed"
        return open_file(path, self._parts.content_keys, place, cm=cm)

    async def shred(
        self, log: LogName, subject: str, *, decision_ref: str, actor: Actor | None = None
    ) -> Receipt | None:
        """Erases a person from a log: pseudonym and content keys, after ``key.shred`` is on record.

        ``None`` where the log does not know the person. Every proof stays valid.

        Raises:
            LedgerUnavailable: the erasure could not be put on record, and did not happen.
        """
        parts, origin = self._parts, self._origin(log)
        pid = await anyio.to_thread.run_sync(parts.pseudonyms.find, origin, subject)
        if pid is None:
            return None
        detail = {"decision_ref": decision_ref, "pid": pid}
        receipt = await self.append(log, Draft(EventType.KEY_SHRED, actor=actor, detail=detail))
        await anyio.to_thread.run_sync(parts.content_keys.shred, origin, pid)
        await anyio.to_thread.run_sync(parts.pseudonyms.forget, origin, subject)
        return receipt

    async def close(self) -> None:
        """Puts the stop on record, signs the last checkpoints and gives the folder free."""
        if self._closed:
            return
        try:
            await self.append(INSTALLATION, Draft(EventType.LEDGER_STOP))
        except LedgerUnavailable as unavailable:
            log.warning("ledger.stop_unrecorded", reason=unavailable.reason.value)
        self._closed = True
        if self._sweeping is not None:
            self._sweeping.cancel()
        await anyio.to_thread.run_sync(self._shut)

    async def _begin(self) -> None:
        found = self._parts.found
        self._writer.start(self._settled)
        await self.append(INSTALLATION, Draft(EventType.LEDGER_START, detail={"pid": os.getpid()}))
        left = [
            (name, seq, call)
            for name, calls in found.forest.calls.items()
            for seq, call in calls.calls.items()
        ]
        if not found.stopped:
            counts = {"replayed": len(found.entries), "cut_bytes": found.cut, "interrupted": len(left)}
            await self.append(INSTALLATION, Draft(EventType.LEDGER_RECOVERED, detail=counts))
        for name, seq, call in left:
            await self._append_to(name, interrupted(seq, call, why="stopped"))
        await anyio.to_thread.run_sync(self._settle)
        self._parts.integrator.start()

    async def _append_to(self, origin: str, draft: Draft) -> Receipt:
        future: asyncio.Future[Receipt] = self._loop.create_future()
        self._waiting += 1
        self._writer.submit(Pending(origin, draft, future))
        return await future

    def _admit(self, kind: EventType) -> None:
        finishing = kind in FINISHING
        if self._closed:
            raise LedgerUnavailable(Unavailable.CLOSED)
        if self._writer.failed is not None:
            raise LedgerUnavailable(Unavailable.FAILED)
        if self._waiting >= self._limits.queue * (2 if finishing else 1):
            raise LedgerUnavailable(Unavailable.QUEUE_FULL)
        if finishing:
            return
        if self._parts.reserve.low:
            raise LedgerUnavailable(Unavailable.DISK_LOW)
        if self._parts.integrator.behind > self._limits.behind:
            raise LedgerUnavailable(Unavailable.LAGGING)

    def _unwell(self) -> Unavailable | None:
        try:
            self._admit(EventType.CALL_INTENT)
        except LedgerUnavailable as unavailable:
            return unavailable.reason
        return None

    def _origin(self, log: LogName) -> str:
        known = self._origins.get(log)
        if known is None:
            known = self._origins[log] = self._parts.layout.origin_of(log)
        return known

    def _settled(self, batch: list[Pending]) -> None:
        """On the loop, once per batch."""
        for pending in batch:
            future = pending.future
            if future is None:
                continue
            self._waiting -= 1
            if future.done():
                self._disown(pending)
            elif pending.receipt is not None:
                future.set_result(pending.receipt)
            else:
                future.set_exception(pending.fault or LedgerUnavailable(Unavailable.FAILED))
        while self._deadlines and self._deadlines[0][1].done():
            self._deadlines.popleft()

    def _disown(self, pending: Pending) -> None:
        """An intent that became durable after its caller had gone is closed, for nobody else will."""
        receipt = pending.receipt
        if receipt is None or receipt.call is None or pending.draft.type is not EventType.CALL_INTENT:
            return
        self._writer.submit(
            Pending(pending.log, interrupted(receipt.seq, receipt.call, why="unacknowledged"))
        )

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

    def _settle(self) -> None:
        """Brings everything durable under a checkpoint. Blocks."""
        if self._writer.failed is not None:
            return
        try:
            self._parts.integrator.integrate()
        except (OSError, AuditError) as fault:
            self._writer.fail(f"tree: {fault}")

    def _shut(self) -> None:
        parts = self._parts
        parts.integrator.stop()
        parts.writer.stop()
        self._settle()
        if self._writer.failed is None:
            for path in parts.layout.wal.glob("*.wal"):
                path.unlink()
        parts.indexes.close()
        parts.pseudonyms.close()
        parts.content_keys.close()
        os.close(parts.lock)
