"""What the ledger's process is told and asked, as typed messages."""

from typing import Final

import msgspec

from audit.filters import Filter
from audit.note import Checkpoint
from audit.records import INSTALLATION, Actor, Draft, Installation, LogName, Receipt
from audit.status import LedgerStatus, Limits
from audit.summary import Summary
from audit.wire import Unpacker
from auth.identity import TenantId


class Start(msgspec.Struct, frozen=True):
    """Where the ledger and its keys lie. ``make_keys``: make them if there are none."""

    folder: str
    origin: str
    keys: str
    make_keys: bool
    limits: Limits


class Started(msgspec.Struct, frozen=True):
    """The ledger is open; ``vkey`` is the installation's verifier key."""

    vkey: str
    status: LedgerStatus


class Drafted(msgspec.Struct, frozen=True, array_like=True):
    """A draft for a log."""

    log: str
    draft: Draft


class Request(msgspec.Struct, frozen=True, tag=True):
    """Something that one frame asks and another answers, beside the drafts."""


class OpenSpool(Request, frozen=True):
    """A capture for a call whose intent is durable; the answer is its number."""

    log: str
    receipt: Receipt
    subject: str
    classification: str


class WriteSpool(Request, frozen=True):
    """Content to be sealed and durable when this is answered."""

    spool: int
    plain: bytes


class CloseSpool(Request, frozen=True):
    """The end of a capture; the answer is what belongs on the outcome's record."""

    spool: int


class Shred(Request, frozen=True):
    """Erase a person from a log."""

    log: str
    subject: str
    decision_ref: str
    actor: Actor | None


class Close(Request, frozen=True):
    """Put the stop on record and end."""


class Ask(msgspec.Struct, frozen=True, tag=True):
    """A question of the read side of one log; it comes on a socket of its own."""

    log: str


class AskPage(Ask, frozen=True):
    """A page of matching records: below the cursor, or above ``after``."""

    wanted: Filter
    cursor: int | None
    after: int | None
    limit: int


class AskRecord(Ask, frozen=True):
    """One record."""

    seq: int


class AskInclusion(Ask, frozen=True):
    """The proof that a record is in the log."""

    seq: int


class AskVerify(Ask, frozen=True):
    """The whole log, recomputed; progress comes before the answer."""


class AskExport(Ask, frozen=True):
    """An evidence package, written where it says; progress comes before the answer."""

    wanted: Filter
    out: str
    made: str


class AskReindex(Ask, frozen=True):
    """The index made anew."""


class AskCheckpoint(Ask, frozen=True):
    """The newest signed checkpoint, over everything durable."""


class AskWho(Ask, frozen=True):
    """The subject behind a pseudonym."""

    pid: str


class AskPid(Ask, frozen=True):
    """The pseudonym of a subject."""

    subject: str


class AskContent(Ask, frozen=True):
    """The captured content of a call."""

    call: str
    seq: int
    cm: str | None


class SentRecord(msgspec.Struct, frozen=True, array_like=True):
    """A record as its bytes, which say it all."""

    seq: int
    leaf: bytes
    body: bytes


class SentPage(msgspec.Struct, frozen=True, array_like=True):
    """A page of records."""

    records: list[SentRecord]
    cursor: int | None
    newer: int | None
    checkpoint: Checkpoint
    mismatches: tuple[int, ...]
    missing: int
    summary: Summary | None


AnyRequest = OpenSpool | WriteSpool | CloseSpool | Shred | Close
AnyAsk = (
    AskPage
    | AskRecord
    | AskInclusion
    | AskVerify
    | AskExport
    | AskReindex
    | AskCheckpoint
    | AskWho
    | AskPid
    | AskContent
)

START: Final[Unpacker[Start]] = Unpacker(Start)
STARTED: Final[Unpacker[Started]] = Unpacker(Started)
DRAFTED: Final[Unpacker[Drafted]] = Unpacker(Drafted)
REQUEST: Final[Unpacker[AnyRequest]] = Unpacker(AnyRequest)
ASK: Final[Unpacker[AnyAsk]] = Unpacker(AnyAsk)
STATUS: Final[Unpacker[LedgerStatus]] = Unpacker(LedgerStatus)
RECEIPTS: Final[Unpacker[list[tuple[int, Receipt]]]] = Unpacker(list[tuple[int, Receipt]])


def place_of(log: LogName) -> str:
    """A log as messages name it: the tenant's alias, nothing for the installation's."""
    return "" if isinstance(log, Installation) else log.alias


class Places:
    """The logs by what messages call them."""

    def __init__(self) -> None:
        self._known: dict[str, LogName] = {"": INSTALLATION}

    def log(self, place: str) -> LogName:
        """Raises: NotATenant."""
        known = self._known.get(place)
        if known is None:
            known = self._known[place] = TenantId(place)
        return known
