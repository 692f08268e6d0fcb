"""The ledger as the gateway sees it: open, append, status, close."""

import asyncio
import os
from pathlib import Path

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
from audit.waiting import WaitingRoom
from audit.writer import Pending, Waiter

log = structlog.get_logger()


class Ledger:
    """Appends return when the record is durable; nothing is ever changed or taken away."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._writer = parts.writer
        self._waiting = WaitingRoom(parts.writer, parts.limits, pressed=self._pressed)
        self._origins: dict[LogName, str] = {}
        self._closed = False

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
        writer_thread: bool = True,
    ) -> "Ledger":
        """Recovers what a crash left, closes the calls that it cut off, and starts.

        ``writer_thread``: whether the disk is waited for in a thread of its own, or on the loop.

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
            lambda: assemble(
                layout,
                keys,
                limits or Limits(),
                (clock or Clock(), entropy),
                loop,
                writer_thread=writer_thread,
            )
        )
        ledger = cls(parts)
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
        return await self._waiting.put(self._origin(log), draft)

    def submit(self, log: LogName, draft: Draft, waiter: Waiter) -> None:
        """As ``append``, for who does not wait: the waiter is told what came of the draft.

        Raises:
            LedgerUnavailable: nothing will come of it.
        """
        self._waiting.enter(Pending(self._origin(log), draft, waiter), waiter)

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
        reason = self._waiting.refusal()
        return LedgerStatus(reason is None, reason, self._writer.failed, self._waiting.count, tuple(logs))

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
        self._waiting.close()
        await anyio.to_thread.run_sync(self._shut)

    async def _begin(self) -> None:
        found = self._parts.found
        self._writer.start(self._waiting.settle)
        await self.append(INSTALLATION, Draft(EventType.LEDGER_START, detail={"pid": os.getpid()}))
        left = [
            (name, seq, call)
            for name, calls in found.forest.calls.items()
            for seq, call in calls.calls.items()
        ]
        if not found.stopped:
            counts = {"replayed": len(found.entries), "cut_bytes": found.cut, "interrupted": len(left)}
            await self.append(INSTALLATION, Draft(EventType.LEDGER_RECOVERED, detail=counts))
        endings = [(name, interrupted(seq, call, why="stopped")) for name, seq, call in left]
        await asyncio.gather(*(self._waiting.put_at_any_time(name, ending) for name, ending in endings))
        await anyio.to_thread.run_sync(self._settle)
        self._parts.integrator.start()

    def _pressed(self) -> Unavailable | None:
        if self._parts.reserve.low:
            return Unavailable.DISK_LOW
        if self._parts.integrator.behind > self._parts.limits.behind:
            return Unavailable.LAGGING
        return None

    def _origin(self, log: LogName) -> str:
        known = self._origins.get(log)
        if known is None:
            known = self._origins[log] = self._parts.layout.origin_of(log)
        return known

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
        if self._writer.failed is None and not parts.integrator.behind:
            for path in parts.layout.wal.glob("*.wal"):
                path.unlink()
        parts.indexes.close()
        parts.pseudonyms.close()
        parts.content_keys.close()
        os.close(parts.lock)
