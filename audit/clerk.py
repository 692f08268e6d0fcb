"""In the ledger's process: takes drafts and requests from the line and sends back what came of them."""

import asyncio
import os
import socket
import sqlite3
from pathlib import Path
from typing import Final, NoReturn, cast

import anyio.to_thread
import msgspec
import structlog

from audit.desk import Desk
from audit.errors import AuditError, LedgerBusy, LedgerUnavailable, RecordRefused, Unavailable
from audit.keys import ensured_keys, open_keys
from audit.ledger import Ledger
from audit.messages import (
    DRAFTED,
    REQUEST,
    START,
    AnyRequest,
    Close,
    CloseSpool,
    OpenSpool,
    Places,
    Shred,
    Start,
    Started,
    WriteSpool,
)
from audit.records import Receipt
from audit.spool import Spool
from audit.wire import Frames, Kind, Malformed, frame, pack, pack_fault
from auth.identity import NotATenant

log = structlog.get_logger()

CUT_OFF: Final = 70  # EX_SOFTWARE of sysexits.h: ended without a stop record
_PATIENCE_S: Final = 5.0
_STATUS_S: Final = 0.25


class Clerk(asyncio.Protocol):
    """Serves one gateway, and ends the process with it."""

    def __init__(self, door: socket.socket) -> None:
        self._loop = asyncio.get_running_loop()
        self._door = door
        self._frames = Frames()
        self._places = Places()
        self._ledger: Ledger | None = None
        self._transport: asyncio.Transport | None = None
        self._spools: dict[int, Spool] = {}
        self._receipts: list[tuple[int, Receipt]] = []
        self._faults: list[bytes] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False
        self._ended = asyncio.Event()

    async def ended(self) -> None:
        """Returns when everything is closed in good order; any other end is the process's."""
        await self._ended.wait()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # A cast, since uvloop's transports do not inherit from asyncio's.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        try:
            for kind, number, body in self._frames.taken(data):
                self._take(kind, number, body)
        except (Malformed, msgspec.ValidationError) as wrong:
            _cut_off(f"not understood: {wrong}")

    def connection_lost(self, _: Exception | None) -> None:
        """Without an orderly close nothing is put on record any more: the next start sees where it was cut."""
        if not self._closing:
            _cut_off("the gateway is gone")
        self._ended.set()

    def _take(self, kind: Kind, number: int, body: bytes) -> None:
        if kind is Kind.DRAFT and self._ledger is not None:
            self._submit(self._ledger, number, body)
        elif kind is Kind.REQUEST and self._ledger is not None:
            self._begin(self._serve(self._ledger, number, REQUEST.read(body)))
        elif kind is Kind.START and self._ledger is None:
            self._begin(self._start(number, START.read(body)))
        else:
            raise Malformed(f"a frame of kind {kind.name} out of place")

    def _submit(self, ledger: Ledger, number: int, body: bytes) -> None:
        try:
            drafted = DRAFTED.read(body)
            ledger.submit(self._places.log(drafted.log), drafted.draft, _Sender(self, number))
        except (msgspec.ValidationError, NotATenant) as wrong:
            self.refuse(number, RecordRefused("draft", type(wrong).__name__))
        except LedgerUnavailable as unavailable:
            self.refuse(number, unavailable)

    def recorded(self, number: int, receipt: Receipt) -> None:
        """The draft of that number is durable."""
        self._soon()
        self._receipts.append((number, receipt))

    def refuse(self, number: int, fault: BaseException) -> None:
        """The draft of that number is not on record, or nobody can know."""
        self._soon()
        self._faults.append(frame(Kind.FAULT, number, pack_fault(fault)))

    def _soon(self) -> None:
        """What is settled in one round of the loop goes out in one write."""
        if not self._receipts and not self._faults:
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        faults, self._faults = self._faults, []
        receipts, self._receipts = self._receipts, []
        if faults and self._ledger is not None:
            faults.insert(0, _status(self._ledger))
        if receipts:
            faults.append(frame(Kind.RECEIPTS, 0, pack(receipts)))
        self._send(b"".join(faults))

    def _send(self, raw: bytes) -> None:
        if raw and self._transport is not None:
            self._transport.write(raw)

    def _begin(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finish)

    def _finish(self, task: asyncio.Task[None]) -> None:
        """A fault that nobody foresaw ends the process: what it left half done is not gone on with."""
        self._tasks.discard(task)
        if task.exception() is not None:
            self._loop.call_exception_handler({"message": "a request broke", "exception": task.exception()})
            _cut_off("a request broke")

    async def _start(self, number: int, start: Start) -> None:
        try:
            ledger = await _opened(start)
        except (AuditError, OSError, sqlite3.Error) as fault:
            self._send(frame(Kind.FAULT, number, pack_fault(fault)))
            self._end()
            return
        self._ledger = ledger
        Desk(ledger, self._door).open()
        self._send(frame(Kind.ANSWER, number, pack(Started(ledger.vkey(), ledger.status()))))
        self._tell(ledger)

    def _tell(self, ledger: Ledger) -> None:
        if not self._closing:
            self._send(_status(ledger))
            self._loop.call_later(_STATUS_S, self._tell, ledger)

    async def _serve(self, ledger: Ledger, number: int, request: AnyRequest) -> None:
        try:
            answer = await self._answer(ledger, number, request)
        except (AuditError, OSError, sqlite3.Error) as fault:
            self._flush()
            self._send(_status(ledger) + frame(Kind.FAULT, number, pack_fault(fault)))
            return
        self._flush()
        self._send(frame(Kind.ANSWER, number, pack(answer)))
        if isinstance(request, Close):
            self._end()

    async def _answer(self, ledger: Ledger, number: int, request: AnyRequest) -> object:
        match request:
            case OpenSpool():
                self._spools[number] = await ledger.spool(
                    self._places.log(request.log),
                    request.receipt,
                    subject=request.subject,
                    classification=request.classification,
                )
                return number
            case WriteSpool():
                await self._spool(request.spool).write(request.plain)
            case CloseSpool():
                return await self._closed(request.spool)
            case Shred():
                return await ledger.shred(
                    self._places.log(request.log),
                    request.subject,
                    decision_ref=request.decision_ref,
                    actor=request.actor,
                )
            case Close():
                await ledger.close()
        return None

    async def _closed(self, number: int) -> object:
        content = await self._spool(number).close()
        self._spools.pop(number, None)
        return content

    def _spool(self, number: int) -> Spool:
        spool = self._spools.get(number)
        if spool is None:
            raise LedgerUnavailable(Unavailable.CLOSED)
        return spool

    def _end(self) -> None:
        self._closing = True
        if self._transport is not None:
            self._transport.close()


async def _opened(start: Start) -> Ledger:
    """The ledger; a process of a gateway that was killed may hold its folder for another moment."""
    keys = await anyio.to_thread.run_sync(ensured_keys if start.make_keys else open_keys, Path(start.keys))
    loop = asyncio.get_running_loop()
    end = loop.time() + _PATIENCE_S
    while True:
        try:
            return await Ledger.open(
                Path(start.folder), origin=start.origin, keys=keys, limits=start.limits, writer_thread=False
            )
        except LedgerBusy:
            if loop.time() >= end:
                raise
        await asyncio.sleep(0.05)


class _Sender:
    """Waits for one draft to be durable and tells the other process; a future would cost a round of the loop."""

    __slots__ = ("_clerk", "_done", "_number")

    def __init__(self, clerk: Clerk, number: int) -> None:
        self._clerk = clerk
        self._number = number
        self._done = False

    def done(self) -> bool:
        return self._done

    def set_result(self, receipt: Receipt) -> None:
        self._done = True
        self._clerk.recorded(self._number, receipt)

    def set_exception(self, fault: AuditError) -> None:
        self._done = True
        self._clerk.refuse(self._number, fault)


def _status(ledger: Ledger) -> bytes:
    return frame(Kind.STATUS, 0, pack(ledger.status()))


def _cut_off(why: str) -> NoReturn:
    log.error("ledger.cut_off", why=why)
    os._exit(CUT_OFF)
