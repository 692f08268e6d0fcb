"""The ledger as the gateway sees it: open, append, status, close."""

import asyncio
import fcntl
import os
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import anyio.to_thread
import structlog

from audit.branch import signer
from audit.clock import Clock, RandomPool, ulid
from audit.composer import Composer
from audit.durable import make_folder, sync_folder, write_file
from audit.entries import interrupted
from audit.errors import AuditError, LedgerBusy, LedgerUnavailable, Unavailable
from audit.index import Indexes
from audit.integrator import Duties, Integrator
from audit.keys import Entropy, LedgerKeys, check_apart
from audit.layout import Layout
from audit.pseudonyms import Pseudonyms
from audit.reader import LogReader
from audit.records import INSTALLATION, Draft, EventType, LogName, Receipt
from audit.recovery import Found, recover
from audit.reserve import Reserve
from audit.writer import Pending, Workplace, Writer

FINISHING: Final = frozenset(
    {
        EventType.CALL_OUTCOME,
        EventType.CALL_INTERRUPTED,
        *(kind for kind in EventType if kind.startswith("ledger.")),
    }
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may wait, how long, and how much room the disk must have.

    Attributes:
        queue: records that may wait for the disk; those that finish a call may take as many again.
        behind: durable records that no checkpoint covers yet.
        deadline_s: how long an append may take.
        checkpoint_s: the pause between checkpoints while there is something to sign.
        heartbeat_s: the pause between ``ledger.heartbeat`` records.
        floor: the share of the disk that must be free for new work.
        ballast: the most bytes set aside for work in flight.
    """

    queue: int = 2048
    behind: int = 100_000
    deadline_s: float = 2.0
    checkpoint_s: float = 0.5
    heartbeat_s: float = 60.0
    floor: float = 0.05
    ballast: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LogStatus:
    """One log: its records, those under its newest checkpoint, and when that was signed (epoch seconds)."""

    origin: str
    size: int
    checkpoint_size: int
    checkpoint_at: float | None

    @property
    def lag(self) -> int:
        return self.size - self.checkpoint_size


@dataclass(frozen=True, slots=True)
class LedgerStatus:
    """Whether new work can be put on record, and if not, why."""

    healthy: bool
    reason: Unavailable | None
    fault: str | None
    waiting: int
    logs: tuple[LogStatus, ...]


@dataclass(slots=True)
class _Parts:
    layout: Layout
    keys: LedgerKeys
    limits: Limits
    lock: int
    reserve: Reserve
    pseudonyms: Pseudonyms
    found: Found
    writer: Writer
    integrator: Integrator
    indexes: Indexes


class Ledger:
    """Appends return when the record is durable; nothing is ever changed or taken away."""

    def __init__(self, parts: _Parts, loop: asyncio.AbstractEventLoop) -> None:
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
            lambda: _assemble(layout, keys, limits or Limits(), (clock or Clock(), entropy), loop)
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

    def forget(self, log: LogName, subject: str) -> bool:
        """Cuts the tie between a person and their pseudonym in a log. Whether there was one."""
        return self._parts.pseudonyms.forget(self._origin(log), subject)

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
        os.close(parts.lock)


def _assemble(
    layout: Layout,
    keys: LedgerKeys,
    limits: Limits,
    sources: tuple[Clock, Entropy],
    loop: asyncio.AbstractEventLoop,
) -> _Parts:
    check_apart(keys, layout.folder)
    for folder in (layout.folder, layout.tree, layout.wal, layout.state, layout.index):
        make_folder(folder)
    lock = _lock(layout.folder)
    try:
        return _recovered(layout, keys, limits, sources, (loop, lock))
    except (AuditError, OSError):
        os.close(lock)
        raise


def _recovered(
    layout: Layout,
    keys: LedgerKeys,
    limits: Limits,
    sources: tuple[Clock, Entropy],
    held: tuple[asyncio.AbstractEventLoop, int],
) -> _Parts:
    clock, entropy = sources
    vkey = keys.vkey(layout.origin)
    write_file(layout.folder / "vkey", f"{vkey}\n".encode())
    sync_folder(layout.folder)
    found = recover(layout, vkey, signer(keys.signing), clock)
    reserve = Reserve(layout.folder, floor=limits.floor, ballast=limits.ballast)
    reserve.look()
    pseudonyms = Pseudonyms(layout.pseudonyms, entropy=entropy)
    composer = Composer(keys, pseudonyms, boot=ulid(clock.wall_ns(), entropy(10)))
    indexes = Indexes(layout)
    home = layout.origin_of(INSTALLATION)
    place = Workplace(layout.wal, composer, found.heads, reserve, clock, RandomPool(entropy), home)

    def beat() -> None:
        writer.submit(Pending(home, Draft(EventType.LEDGER_HEARTBEAT)))

    def fail(why: str) -> None:
        writer.submit(Pending(home, Draft(EventType.LEDGER_FAILED, detail={"why": why})))

    duties = Duties(limits.checkpoint_s, limits.heartbeat_s, beat, indexes.feed, fail)
    integrator = Integrator(found.forest, reserve, duties)
    writer = Writer(place, integrator, held[0])
    integrator.take(found.entries)
    for path in found.segments:
        integrator.segment_closed(path)
    integrator.integrate()
    return _Parts(layout, keys, limits, held[1], reserve, pseudonyms, found, writer, integrator, indexes)


def _lock(folder: Path) -> int:
    fd = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as held:
        os.close(fd)
        raise LedgerBusy(folder) from held
    return fd
