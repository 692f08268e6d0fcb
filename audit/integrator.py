"""The thread that carries durable records into the trees and signs their heads."""

import errno
import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from audit.branch import Branch, Sign
from audit.clock import Clock
from audit.entries import Entry, OpenCalls
from audit.errors import AuditError
from audit.layout import Layout
from audit.merkle import leaf_hash
from audit.reserve import FULL, Reserve
from audit.tiles import Tower

log = structlog.get_logger()

_TICK: Final = 0.1


@dataclass(frozen=True, slots=True)
class Signed:
    """A log's newest checkpoint: how many records it covers, when it was signed (epoch seconds), the note."""

    size: int
    at: float
    note: bytes


@dataclass(slots=True)
class Forest:
    """All the trees of the ledger, with their open calls and newest checkpoints."""

    layout: Layout
    sign: Sign
    clock: Clock
    root: Branch
    branches: dict[str, Branch] = field(default_factory=dict)
    calls: dict[str, OpenCalls] = field(default_factory=dict)
    signed: dict[str, Signed] = field(default_factory=dict)
    unrooted: set[str] = field(default_factory=set)

    def add(self, entry: Entry) -> None:
        branch = self.branches.get(entry.log)
        if branch is None:
            branch = self.branches[entry.log] = Branch(
                self.layout.log_folder(entry.log), entry.log, Tower(), []
            )
        branch.add(entry.body, entry.leaf)
        self.calls.setdefault(entry.log, OpenCalls({})).follow(entry)

    def publish(self) -> list[str]:
        """Signs every log that has grown, then the root log over their checkpoints. The logs that grew.

        Raises:
            LedgerDamaged: a stored file is not what was put on record.
            OSError: a file could not be made durable.
        """
        grown = [name for name, branch in self.branches.items() if branch.size > branch.signed]
        for name in grown:
            note = self.branches[name].publish(self.sign)
            self.signed[name] = Signed(self.branches[name].size, self.clock.wall_ns() / 1e9, note)
            self.unrooted.add(name)
            self._remember(name)
        for name in sorted(self.unrooted):
            note = self.signed[name].note
            self.root.add(note, leaf_hash(note))
        self.unrooted.clear()
        if self.root.size > self.root.signed:
            self.signed[self.root.origin] = Signed(
                self.root.size, self.clock.wall_ns() / 1e9, self.root.publish(self.sign)
            )
        return grown

    def _remember(self, name: str) -> None:
        """Open calls, so that the next start need not read the whole log; losing the file costs only time."""
        path = self.layout.file_for(self.layout.state, name, ".json")
        state = {"size": self.branches[name].size, "open": list(self.calls[name].calls.items())}
        temporary = path.with_suffix(".new")
        temporary.write_text(json.dumps(state))
        temporary.replace(path)


@dataclass(frozen=True, slots=True)
class Duties:
    """What the integrator does besides: ``beat`` every so often, ``after`` with the logs that grew."""

    checkpoint_s: float
    heartbeat_s: float
    beat: Callable[[], None]
    after: Callable[[list[str]], None]
    failed: Callable[[str], None]


class Integrator:
    """Follows the writer; a fault of its own ends the ledger's work, because no head could vouch for it."""

    def __init__(self, forest: Forest, reserve: Reserve, duties: Duties) -> None:
        self._forest = forest
        self._reserve = reserve
        self._duties = duties
        self._inbox: deque[list[Entry] | Path] = deque()
        self._wake = threading.Event()
        self._turn = threading.Lock()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="ledger-integrator", daemon=True)
        self._taken = 0
        self._drained = 0
        self._done = 0
        self._segments: list[Path] = []

    @property
    def behind(self) -> int:
        """Durable records that no checkpoint covers yet."""
        return self._taken - self._done

    def take(self, entries: list[Entry]) -> None:
        self._taken += len(entries)
        self._inbox.append(entries)

    def segment_closed(self, path: Path) -> None:
        self._inbox.append(path)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread; what is left is for :meth:`integrate`. Blocks."""
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def integrate(self) -> None:
        """Takes everything durable so far into signed trees, in whichever thread calls.

        Where the disk is full the ballast is given up, and the records stay in the write-ahead log until next time.

        Raises:
            AuditError: a stored file is not what was put on record.
            OSError: a file could not be made durable.
        """
        with self._turn:
            self._drain()
            try:
                grown = self._forest.publish()
            except OSError as fault:
                if fault.errno not in FULL:
                    raise
                self._reserve.give_up()
                self._reserve.low = True
                log.warning("ledger.trees_wait_for_room", behind=self.behind)
                return
            self._done = self._drained
            while self._segments:
                self._segments.pop().unlink(missing_ok=True)
        if grown:
            self._duties.after(grown)

    @property
    def _waiting(self) -> bool:
        return bool(self._inbox) or self._done < self._drained

    def _drain(self) -> None:
        for _ in range(len(self._inbox)):
            item = self._inbox.popleft()
            if isinstance(item, Path):
                self._segments.append(item)
                continue
            for entry in item:
                self._forest.add(entry)
            self._drained += len(item)

    def _run(self) -> None:
        ended = False
        try:
            self._serve()
            ended = True
        finally:
            if not ended:
                self._duties.failed("tree: the integrator ended")

    def _serve(self) -> None:
        signed = beaten = time.monotonic()
        while not self._stopping:
            self._wake.wait(_TICK)
            now = time.monotonic()
            if now - beaten >= self._duties.heartbeat_s:
                beaten = now
                self._duties.beat()
            if now - signed < self._duties.checkpoint_s or not self._work():
                continue
            signed = time.monotonic()

    def _work(self) -> bool:
        """Whether there is reason to wait before the next turn."""
        try:
            self._reserve.look()
            self._reserve.hold()
            if not self._waiting:
                return False
            self.integrate()
        except (OSError, AuditError) as fault:
            self._duties.failed(_described(fault))
            self._stopping = True
        return True


def _described(fault: OSError | AuditError) -> str:
    if isinstance(fault, OSError):
        return f"tree: {errno.errorcode.get(fault.errno or 0, 'error')}"
    return f"tree: {fault}"
