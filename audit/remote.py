"""The read side and the capture as the gateway's side has them: the same methods, answered by the other process."""

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from audit.door import Door
from audit.filters import Filter
from audit.findings import LogReport
from audit.line import Line
from audit.messages import (
    AskCheckpoint,
    AskExport,
    AskInclusion,
    AskPage,
    AskPid,
    AskRecord,
    AskReindex,
    AskVerify,
    AskWho,
    CloseSpool,
    SentPage,
    SentRecord,
    WriteSpool,
)
from audit.proofs import InclusionProof
from audit.reader import LogReader, Page, Stored
from audit.records import Content
from audit.rules import Progress
from audit.spool import Spool
from audit.wire import Unpacker

_PAGE: Final[Unpacker[SentPage]] = Unpacker(SentPage)
_RECORD: Final[Unpacker[SentRecord]] = Unpacker(SentRecord)
_PROOF: Final[Unpacker[InclusionProof]] = Unpacker(InclusionProof)
_REPORT: Final[Unpacker[LogReport]] = Unpacker(LogReport)
_COUNT: Final[Unpacker[int]] = Unpacker(int)
_BYTES: Final[Unpacker[bytes]] = Unpacker(bytes)
_TEXT: Final[Unpacker[str | None]] = Unpacker(str | None)
_CONTENT: Final[Unpacker[Content]] = Unpacker(Content)


class RemoteReader:
    """A ``LogReader`` whose log is in the other process; what it raises is raised here, and LedgerUnavailable."""

    def __init__(self, door: Door, log: str) -> None:
        self._door = door
        self._log = log

    def search(
        self, wanted: Filter, *, cursor: int | None = None, after: int | None = None, limit: int = 50
    ) -> Page:
        """As ``LogReader.search``."""
        sent = _PAGE.read(self._door.ask(AskPage(self._log, wanted, cursor, after, limit)))
        records = tuple(_stored(each) for each in sent.records)
        return Page(
            records, sent.cursor, sent.newer, sent.checkpoint, sent.mismatches, sent.missing, sent.summary
        )

    def record(self, seq: int) -> Stored:
        """As ``LogReader.record``."""
        return _stored(_RECORD.read(self._door.ask(AskRecord(self._log, seq))))

    def inclusion(self, seq: int) -> InclusionProof:
        """As ``LogReader.inclusion``."""
        return _PROOF.read(self._door.ask(AskInclusion(self._log, seq)))

    def verify(self, progress: Progress | None = None) -> LogReport:
        """As ``LogReader.verify``."""
        return _REPORT.read(self._door.ask(AskVerify(self._log), progress))

    def export(self, wanted: Filter, out: Path, *, made: str, progress: Progress | None = None) -> int:
        """As ``LogReader.export``; the other process writes the file."""
        asked = AskExport(self._log, wanted, str(out.resolve()), made)
        with ExitStack() as undo:
            undo.callback(out.unlink, missing_ok=True)
            count = _COUNT.read(self._door.ask(asked, progress))
            undo.pop_all()
        return count

    def reindex(self) -> None:
        """As ``LogReader.reindex``."""
        self._door.ask(AskReindex(self._log))

    def checkpoint(self) -> bytes:
        """As ``LogReader.checkpoint``."""
        return _BYTES.read(self._door.ask(AskCheckpoint(self._log)))

    def who(self, pid: str) -> str | None:
        """As ``LogReader.who``."""
        return _TEXT.read(self._door.ask(AskWho(self._log, pid)))

    def pid(self, subject: str) -> str | None:
        """As ``LogReader.pid``."""
        return _TEXT.read(self._door.ask(AskPid(self._log, subject)))


class RemoteSpool:
    """A ``Spool`` in the other process; what ``write`` acknowledged is on the disk."""

    def __init__(self, line: Line, number: int, deadline_s: float) -> None:
        self._line = line
        self._number = number
        self._deadline_s = deadline_s

    async def write(self, plain: bytes) -> None:
        """Durable when this returns; only then may the bytes be released.

        Raises:
            LedgerUnavailable: they are not, or nobody can know; nothing more of the call may be released.
        """
        await self._line.ask(WriteSpool(self._number, plain), within=self._deadline_s)

    async def close(self) -> Content:
        """Ends the capture; what is returned belongs on the outcome's record.

        Raises:
            LedgerUnavailable: the end is not durable.
        """
        return _CONTENT.read(await self._line.ask(CloseSpool(self._number), within=self._deadline_s))


AnySpool = Spool | RemoteSpool
AnyReader = LogReader | RemoteReader


def _stored(sent: SentRecord) -> Stored:
    return Stored(sent.seq, sent.leaf, sent.body, json.loads(sent.body))
