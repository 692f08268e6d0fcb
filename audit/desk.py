"""In the ledger's process: the threads that answer the read side's questions."""

import contextlib
import socket
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from audit.door import next_caller
from audit.errors import AuditError
from audit.ledger import Ledger
from audit.messages import (
    ASK,
    AnyAsk,
    AskCheckpoint,
    AskContent,
    AskExport,
    AskInclusion,
    AskPage,
    AskPid,
    AskRecord,
    AskReindex,
    AskVerify,
    AskWho,
    Places,
    SentPage,
    SentRecord,
)
from audit.reader import LogReader, Page, Stored
from audit.records import LogName
from audit.rules import Progress
from audit.wire import HEAD, Kind, Malformed, frame, opened_head, pack, pack_fault
from auth.identity import NotATenant

_AT_ONCE: Final = 16


class Desk:
    """Answers each question in a thread of its own, so many at once."""

    def __init__(self, ledger: Ledger, door: socket.socket) -> None:
        self._ledger = ledger
        self._door = door
        self._places = Places()
        self._room = threading.BoundedSemaphore(_AT_ONCE)

    def open(self) -> None:
        threading.Thread(target=self._receive, name="ledger-door", daemon=True).start()

    def _receive(self) -> None:
        while (caller := next_caller(self._door)) is not None:
            self._room.acquire()
            threading.Thread(target=self._attend, args=(caller,), name="ledger-reader", daemon=True).start()

    def _attend(self, caller: socket.socket) -> None:
        """Who breaks off, or asks what can't be understood, gets no answer."""
        gone = contextlib.suppress(BrokenPipeError, ConnectionResetError, Malformed, msgspec.ValidationError)
        try:
            with caller, gone:
                question = _read(caller)
                with _taken_back(question):
                    caller.sendall(self._answer(caller, question))
        finally:
            self._room.release()

    def _answer(self, caller: socket.socket, question: AnyAsk) -> bytes:
        try:
            answered = self._found(caller, question)
        except (BrokenPipeError, ConnectionResetError):
            raise
        except (AuditError, OSError, sqlite3.Error) as fault:
            return frame(Kind.FAULT, 0, pack_fault(fault))
        return frame(Kind.ANSWER, 0, pack(answered))

    def _found(self, caller: socket.socket, question: AnyAsk) -> object:
        log = self._log(question)
        if isinstance(question, AskContent):
            return self._ledger.open_content(log, question.call, question.seq, cm=question.cm)
        reader = self._ledger.reader(log)
        if isinstance(question, AskVerify):
            return reader.verify(_telling(caller))
        if isinstance(question, AskExport):
            out, tell = Path(question.out), _telling(caller)
            return reader.export(question.wanted, out, made=question.made, progress=tell)
        return _looked_up(reader, question)

    def _log(self, question: AnyAsk) -> LogName:
        try:
            return self._places.log(question.log)
        except NotATenant as none:
            raise Malformed("a log that can't be one") from none


@contextlib.contextmanager
def _taken_back(question: AnyAsk) -> Iterator[None]:
    """Whoever gave a package up before it was whole is left none."""
    try:
        yield
    except (BrokenPipeError, ConnectionResetError):
        if isinstance(question, AskExport):
            Path(question.out).unlink(missing_ok=True)
        raise


def _looked_up(reader: LogReader, question: AnyAsk) -> object:
    match question:
        case AskPage():
            return _sent(
                reader.search(
                    question.wanted, cursor=question.cursor, after=question.after, limit=question.limit
                )
            )
        case AskRecord():
            return _record(reader.record(question.seq))
        case AskInclusion():
            return reader.inclusion(question.seq)
    return _told(reader, question)


def _told(reader: LogReader, question: AnyAsk) -> object:
    match question:
        case AskCheckpoint():
            return reader.checkpoint()
        case AskWho():
            return reader.who(question.pid)
        case AskPid():
            return reader.pid(question.subject)
        case AskReindex():
            reader.reindex()
    return None


def _telling(caller: socket.socket) -> Progress:
    def tell(log: str, done: int, total: int) -> None:
        caller.sendall(frame(Kind.PROGRESS, 0, pack((log, done, total))))

    return tell


def _sent(page: Page) -> SentPage:
    records = [_record(each) for each in page.records]
    return SentPage(
        records, page.cursor, page.newer, page.checkpoint, page.mismatches, page.missing, page.summary
    )


def _record(stored: Stored) -> SentRecord:
    return SentRecord(stored.seq, stored.leaf, stored.body)


def _read(caller: socket.socket) -> AnyAsk:
    """Raises: Malformed, ValidationError, ConnectionResetError."""
    length, kind, _ = opened_head(_exactly(caller, HEAD.size))
    if kind is not Kind.REQUEST:
        raise Malformed(f"a frame of kind {kind.name} at the door")
    return ASK.read(_exactly(caller, length))


def _exactly(caller: socket.socket, length: int) -> bytes:
    raw = caller.recv(length, socket.MSG_WAITALL)
    if len(raw) < length:
        raise ConnectionResetError
    return raw
