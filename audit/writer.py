"""Numbers, chains and stores records, in one thread: many drafts, one ``fdatasync``."""

import errno
import sqlite3
import threading
from asyncio import AbstractEventLoop
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final, Protocol

import msgspec
import structlog

from audit import wal
from audit.clock import Clock
from audit.composer import Composer, Head, Moment
from audit.entries import Entry
from audit.errors import AuditError, LedgerUnavailable, RecordRefused, Unavailable
from audit.keys import Entropy
from audit.merkle import leaf_hash
from audit.records import Draft, EventType, Receipt
from audit.reserve import FULL, Reserve

BATCH: Final = 512
_JUMP_NS: Final = 60_000_000_000

log = structlog.get_logger()


class Waiter(Protocol):
    """Whoever waits for a record, most often an ``asyncio.Future``; all three are called on the loop, bar ``done``."""

    def done(self) -> bool: ...

    def set_result(self, receipt: Receipt, /) -> None: ...

    def set_exception(self, fault: AuditError, /) -> None: ...


class Pending(msgspec.Struct, eq=False):
    """A draft on its way to the disk, and whoever waits for it."""

    log: str
    draft: Draft
    future: Waiter | None = None
    receipt: Receipt | None = None
    fault: AuditError | None = None


class Follower(Protocol):
    """Takes over what has become durable."""

    def take(self, entries: list[Entry]) -> None: ...

    def segment_closed(self, path: Path) -> None: ...


@dataclass(slots=True)
class Workplace:
    """What the writer works with."""

    folder: Path
    composer: Composer
    heads: dict[str, Head]
    reserve: Reserve
    clock: Clock
    entropy: Entropy
    clock_log: str


class Writer:
    """Takes drafts from any thread, stores them, and settles their futures on the loop.

    In a thread of its own the disk keeps nothing else waiting; on the loop, where there is nothing else, a batch is
    spared the way from one thread to the other and back.
    """

    def __init__(
        self, place: Workplace, follower: Follower, loop: AbstractEventLoop, *, own_thread: bool
    ) -> None:
        self._at = place
        self._follower = follower
        self._loop = loop
        self._settled: Callable[[list[Pending]], None] = _ignore
        self._queue: SimpleQueue[list[Pending] | None] = SimpleQueue()
        self._gathered: list[Pending] = []
        self._number = _next_number(place.folder)
        self._segment = wal.Segment(wal.segment_path(place.folder, self._number))
        self._seen = (place.clock.wall_ns(), place.clock.mono_ns())
        self._thread = (
            threading.Thread(target=self._run, name="ledger-writer", daemon=True) if own_thread else None
        )
        self._turn = threading.Lock()
        self._stopped = False
        self.failed: str | None = None

    def start(self, settled: Callable[[list[Pending]], None]) -> None:
        """``settled`` is called on the loop, once per batch."""
        self._settled = settled
        if self._thread is not None:
            self._thread.start()

    def submit(self, pending: Pending) -> None:
        """From any thread."""
        self._queue.put([pending])
        if self._thread is None:
            self._loop.call_soon_threadsafe(self._hand_over)

    def submit_soon(self, pending: Pending) -> None:
        """From the loop: whatever is submitted in one of its rounds is handed over together, and wakes once."""
        if not self._gathered:
            self._loop.call_soon(self._hand_over)
        self._gathered.append(pending)

    def stop(self) -> None:
        """Stores what is queued, and after that nothing more. Blocks."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
        with self._turn:
            self._commit_here(self._queued(), self._report)
            self._stopped = True
            self._segment.close()

    def fail(self, why: str) -> None:
        """Nothing is put on record any more until the ledger is opened anew."""
        if self.failed is None:
            self.failed = why
            log.error("ledger.failed", why=why)

    def _hand_over(self) -> None:
        gathered, self._gathered = self._gathered, []
        if self._thread is not None:
            self._queue.put(gathered)
            return
        with self._turn:
            self._commit_here(gathered + self._queued(), self._settled)

    def _queued(self) -> list[Pending]:
        """What other threads have submitted."""
        found: list[Pending] = []
        with suppress(Empty):
            while True:
                found += self._queue.get_nowait() or ()
        return found

    def _commit_here(self, pending: list[Pending], tell: Callable[[list[Pending]], None]) -> None:
        """Without a thread: whoever waits is told of each batch when it is on record, or refused. Under the lock."""
        for start in range(0, len(pending), BATCH):
            batch = pending[start : start + BATCH]
            try:
                self._commit_or_fail(batch)
            finally:
                tell(batch)

    def _commit_or_fail(self, batch: list[Pending]) -> None:
        if self._stopped:
            _refuse(batch)
            return
        try:
            self._commit(batch)
        except BaseException:
            self.fail("the writer ended")
            _refuse(batch)
            raise

    def _run(self) -> None:
        ended = False
        try:
            self._serve()
            ended = True
        finally:
            if not ended:
                self.fail("the writer ended")

    def _serve(self) -> None:
        going = True
        while going:
            batch, going = self._next_batch()
            if batch:
                self._commit(batch)
                self._report(batch)

    def _next_batch(self) -> tuple[list[Pending], bool]:
        batch: list[Pending] = []
        item = self._queue.get()
        try:
            while item is not None:
                batch += item
                if len(batch) >= BATCH:
                    return batch, True
                item = self._queue.get_nowait()
        except Empty:
            return batch, True
        return batch, False

    def _commit(self, batch: list[Pending]) -> None:
        if self.failed is not None:
            _refuse(batch)
            return
        try:
            self._at.reserve.look()
            self._store(self._with_jump(batch))
            self._latch_after(batch)
        except OSError as fault:
            self.fail(f"write-ahead log: {errno.errorcode.get(fault.errno or 0, 'error')}")
            _refuse(batch)
        except sqlite3.Error as fault:
            self.fail(f"pseudonyms: {fault.sqlite_errorname}")
            _refuse(batch)

    def _latch_after(self, batch: list[Pending]) -> None:
        """A fault of the trees is put on record while that is still possible, and ends the work."""
        for pending in batch:
            if pending.draft.type is EventType.LEDGER_FAILED:
                self.fail(str((pending.draft.detail or {}).get("why", "")))

    def _store(self, batch: list[Pending]) -> None:
        heads: dict[str, Head] = {}
        entries: list[Entry] = []
        frames: list[bytes] = []
        for pending in batch:
            self._place(pending, heads, entries, frames)
        if not frames:
            return
        self._append(b"".join(frames))
        self._segment.sync()
        self._at.heads.update(heads)
        self._follower.take(entries)
        if self._segment.size >= wal.SEGMENT_BYTES:
            self._rotate()

    def _place(
        self, pending: Pending, heads: dict[str, Head], entries: list[Entry], frames: list[bytes]
    ) -> None:
        """Makes the pending draft the next record of its log, unless nobody waits for it any more."""
        name, draft = pending.log, pending.draft
        if draft.type is EventType.CALL_INTENT and pending.future is not None and pending.future.done():
            return
        head = heads.get(name) or self._head(name)
        moment = Moment(self._at.clock.wall_ns(), self._at.clock.mono_ns(), self._at.entropy)
        try:
            body, call = self._at.composer.compose(head, draft, moment)
        except RecordRefused as refused:
            pending.fault = refused
            return
        except (TypeError, AttributeError, ValueError) as wrong:
            pending.fault = RecordRefused("draft", type(wrong).__name__)
            return
        leaf = leaf_hash(body)
        frames += (wal.frame_head(name.encode(), leaf, len(body)), body)
        entries.append(Entry(name, head.next, leaf, body, draft.type, call, draft.ref))
        pending.receipt = Receipt(name, head.next, leaf, call)
        heads[name] = Head(name, head.next + 1, leaf.hex())

    def _head(self, name: str) -> Head:
        return self._at.heads.get(name) or Head(name)

    def _append(self, frames: bytes) -> None:
        try:
            self._segment.append(frames)
        except OSError as fault:
            if fault.errno not in FULL:
                raise
            self._segment.cut_back()
            self._at.reserve.give_up()
            self._at.reserve.low = True
            log.warning("ledger.ballast_given_up")
            self._segment.append(frames)

    def _rotate(self) -> None:
        self._segment.close()
        self._follower.segment_closed(self._segment.path)
        self._number += 1
        self._segment = wal.Segment(wal.segment_path(self._at.folder, self._number))

    def _with_jump(self, batch: list[Pending]) -> list[Pending]:
        """A clock that was set is put on record before anything that carries its time."""
        wall, mono = self._at.clock.wall_ns(), self._at.clock.mono_ns()
        jump = (wall - self._seen[0]) - (mono - self._seen[1])
        self._seen = (wall, mono)
        if abs(jump) < _JUMP_NS:
            return batch
        note = Draft(EventType.LEDGER_CLOCK, detail={"jump_ms": jump // 1_000_000})
        return [Pending(self._at.clock_log, note), *batch]

    def _report(self, batch: list[Pending]) -> None:
        try:
            self._loop.call_soon_threadsafe(self._settled, batch)
        except RuntimeError:
            log.warning("ledger.loop_closed", records=len(batch))


def _refuse(batch: list[Pending]) -> None:
    for pending in batch:
        pending.receipt = None
        pending.fault = LedgerUnavailable(Unavailable.FAILED)


def _ignore(_: list[Pending]) -> None:
    """Before the writer is started nothing can be settled."""


def _next_number(folder: Path) -> int:
    stored = wal.segments(folder)
    return int(stored[-1].stem) + 1 if stored else 1
