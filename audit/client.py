"""The ledger in a process of its own, with the methods that ``Ledger`` has."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Final

import anyio
import anyio.to_thread
import structlog

from audit import tree
from audit.clock import Clock
from audit.door import Door
from audit.envelope import Opened
from audit.errors import AuditError, LedgerLost, LedgerUnavailable, Unavailable
from audit.layout import Layout
from audit.ledger import Ledger
from audit.line import ENDED, Line
from audit.messages import STARTED, AskContent, Close, OpenSpool, Shred, Start, place_of
from audit.note import VerifierKey, parse_vkey
from audit.records import Actor, Draft, LogName, Receipt
from audit.remote import RemoteReader, RemoteSpool
from audit.status import LedgerStatus, Limits
from audit.waiting import WaitingRoom
from audit.wire import Kind, Unpacker, pack

STALE_S: Final = 3.0
_DEAF_S: Final = 10.0
_LONG_S: Final = 30.0
_LEAVING_S: Final = 5.0
_UNKNOWN: Final = LedgerStatus(healthy=False, reason=Unavailable.CLOSED, fault=None, waiting=0, logs=())
_NUMBER: Final[Unpacker[int]] = Unpacker(int)
_RECEIPT: Final[Unpacker[Receipt | None]] = Unpacker(Receipt | None)
_OPENED: Final[Unpacker[Opened]] = Unpacker(Opened)

log = structlog.get_logger()


class LedgerClient:
    """Appends return when the record is durable in the other process; when that ends, nothing is recorded any more."""

    def __init__(self, child: "_Child", layout: Layout, limits: Limits, clock: Clock) -> None:
        self._child = child
        self._layout = layout
        self._limits = limits
        self._clock = clock
        self._line = child.line
        self._door = Door(child.door, self._lives)
        self._room = WaitingRoom(child.line, limits, pressed=_never)
        self._vkey: VerifierKey | None = None
        self._closed = False

    @classmethod
    async def open(
        cls,
        folder: Path,
        *,
        origin: str,
        keys: Path,
        make_keys: bool = False,
        limits: Limits | None = None,
        clock: Clock | None = None,
    ) -> "LedgerClient":
        """Starts the process and waits until it has recovered the ledger.

        From the thread that will live the longest: with it the process ends. ``make_keys``: where there are none.

        Raises:
            LedgerBusy, LedgerDamaged, KeysFault, TreeFault, OSError: as ``Ledger.open``.
            LedgerUnavailable: the start could not be put on record, or the process ended.
        """
        limits, clock = limits or Limits(), clock or Clock()
        child = await _Child.started(clock)
        client = cls(child, Layout(folder, origin), limits, clock)
        start = _starting(client._layout, keys, make_keys, limits)
        try:
            await client._begin(start)
        except BaseException:
            await client._leave(within=_LEAVING_S)
            raise
        return client

    def append(self, log: LogName, draft: Draft) -> Coroutine[Any, Any, Receipt]:
        """Puts the draft on record; it is durable when this returns.

        Raises:
            LedgerUnavailable: it is not on record, or nobody can know; do not act.
            RecordRefused: it can't become a record.
        """
        return self._room.put(place_of(log), draft)

    def reader(self, log: LogName) -> RemoteReader:
        """The read side of one log; its methods block and belong in a thread."""
        return RemoteReader(self._door, place_of(log))

    def status(self) -> LedgerStatus:
        """What the process said last, unless it has fallen silent; from any thread."""
        said = self._line.status or _UNKNOWN
        reason, fault = self._room.refusal(), self._line.failed or said.fault
        if reason is None and not self._heard_within(STALE_S):
            reason, fault = Unavailable.DEADLINE, "The ledger's process is silent"
        reason = reason or said.reason
        return LedgerStatus(reason is None, reason, fault, self._room.count, said.logs)

    def checkpoint(self, log: LogName) -> bytes | None:
        """The newest signed checkpoint of a log, to be kept elsewhere. Reads a file."""
        return self._checkpoint(self._layout.origin_of(log))

    def root_checkpoint(self) -> bytes | None:
        """The newest signed checkpoint of the root log, which covers every log; to be kept elsewhere. Reads a file."""
        return self._checkpoint(self._layout.root_origin)

    def vkey(self, log: LogName | None = None) -> str:
        """The verifier key of the installation, or of one log under its own name."""
        if self._vkey is None:
            raise LedgerUnavailable(Unavailable.CLOSED)
        return str(self._vkey if log is None else self._vkey.under(self._layout.origin_of(log)))

    async def spool(
        self, log: LogName, receipt: Receipt, *, subject: str, classification: str
    ) -> RemoteSpool:
        """A sealed capture for a call whose intent is durable (strict capture).

        Raises:
            LedgerUnavailable: the content can't be captured; release nothing.
        """
        asked = OpenSpool(place_of(log), receipt, subject, classification)
        number = _NUMBER.read(await self._line.ask(asked, within=self._limits.deadline_s))
        return RemoteSpool(self._line, number, self._limits.deadline_s)

    def open_content(self, log: LogName, call: str, seq: int, *, cm: str | None = None) -> Opened:
        """The captured content of the call whose intent is ``seq``; put the opening on record first. Blocks.

        Raises:
            ContentUnavailable: missing, shredded, changed, or not what was recorded.
            LedgerUnavailable: nobody is there to open it.
        """
        return _OPENED.read(self._door.ask(AskContent(place_of(log), call, seq, cm)))

    async def shred(
        self, log: LogName, subject: str, *, decision_ref: str, actor: Actor | None = None
    ) -> Receipt | None:
        """Erases a person from a log, as ``Ledger.shred``.

        Raises:
            LedgerUnavailable: the erasure could not be put on record; DEADLINE or FAILED: nobody can know.
        """
        asked = Shred(place_of(log), subject, decision_ref, actor)
        return _RECEIPT.read(await self._line.ask(asked, within=_LONG_S))

    async def lost(self) -> LedgerLost:
        """Returns when the process is gone: raise it once all is closed, for nothing can be recorded any more."""
        await self._line.lost()
        return LedgerLost(self._line.failed or ENDED)

    async def close(self) -> None:
        """Has the stop put on record and the last checkpoints signed, and waits for the process's end."""
        if self._closed:
            return
        self._closed = True
        with anyio.CancelScope(shield=True):
            within = _LONG_S if self._heard_within(STALE_S) else self._limits.deadline_s
            try:
                await self._line.ask(Close(), within=within)
            except (AuditError, OSError) as fault:
                log.warning("ledger.not_closed", fault=str(fault))
                within = 0.0
            self._room.close()
            await self._leave(within=min(within, _LEAVING_S))

    async def _begin(self, start: Start) -> None:
        self._line.start(self._room.settle)
        answer = STARTED.read(await self._line.answer(Kind.START, pack(start), within=None))
        self._vkey, self._line.status = parse_vkey(answer.vkey), answer.status

    async def _leave(self, *, within: float) -> None:
        """Cuts the line, at which the process ends by itself, and waits for that so many seconds."""
        with anyio.CancelScope(shield=True):
            self._line.cut()
            await self._line.lost()
            await anyio.to_thread.run_sync(self._child.reap, within)
            self._door.close()

    def _heard_within(self, seconds: float) -> bool:
        return self._clock.mono_ns() - self._line.heard_ns < seconds * 1e9

    def _lives(self) -> bool:
        return self._line.failed is None and self._heard_within(_DEAF_S)

    def _checkpoint(self, origin: str) -> bytes | None:
        folder = self._layout.log_folder(origin)
        return tree.read_checkpoint(folder) if (folder / tree.CHECKPOINT).exists() else None


AnyLedger = Ledger | LedgerClient


class _Child:
    """The process, and this side's ends of what leads to it."""

    def __init__(self, process: "subprocess.Popen[bytes]", line: Line, door: socket.socket) -> None:
        self.process = process
        self.line = line
        self.door = door

    @classmethod
    async def started(cls, clock: Clock) -> "_Child":
        ours, theirs = socket.socketpair()
        door, their_door = socket.socketpair()
        with theirs, their_door:
            try:
                process = _spawn(theirs, their_door)
            except OSError:
                ours.close()
                door.close()
                raise
        line = Line(clock.mono_ns)
        await asyncio.get_running_loop().create_unix_connection(lambda: line, sock=ours)
        return cls(process, line, door)

    def reap(self, within: float) -> None:
        """The process has ended when this returns, by itself or not. Blocks."""
        try:
            self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _starting(layout: Layout, keys: Path, make_keys: bool, limits: Limits) -> Start:  # noqa: FBT001  a field
    return Start(str(layout.folder.absolute()), layout.origin, str(keys.absolute()), make_keys, limits)


def _spawn(line: socket.socket, door: socket.socket) -> "subprocess.Popen[bytes]":
    """Nothing of the environment goes along, for secrets may be in it: only where the packages lie."""
    numbers = (line.fileno(), door.fileno())
    places = os.pathsep.join(str(Path(place).resolve()) for place in sys.path)
    return subprocess.Popen(  # noqa: S603  our own module
        [sys.executable, "-P", "-m", "audit.process", *(str(number) for number in numbers)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={"PYTHONPATH": places},
        pass_fds=numbers,
    )


def _never() -> None:
    """The ledger's own process says when disk or trees press; here only the queue counts."""
