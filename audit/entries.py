"""A durable record on its way from the write-ahead log into the tree."""

import json
from dataclasses import dataclass

import msgspec

from audit.errors import LedgerDamaged
from audit.records import Draft, EventType

OPENING = frozenset({EventType.CALL_INTENT})
CLOSING = frozenset({EventType.CALL_OUTCOME, EventType.CALL_INTERRUPTED})


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A record with its place, and the call that it opens or closes."""

    log: str
    seq: int
    leaf: bytes
    body: bytes
    type: EventType
    call: str | None
    ref: int | None


@dataclass(slots=True)
class OpenCalls:
    """The calls of one log that have an intent and nothing after it, by the number of the intent."""

    calls: dict[int, str]

    def follow(self, entry: Entry) -> None:
        if entry.type in OPENING and entry.call is not None:
            self.calls[entry.seq] = entry.call
        elif entry.type in CLOSING and entry.ref is not None:
            self.calls.pop(entry.ref, None)


def parse_entry(log: str, leaf: bytes, body: bytes) -> Entry:
    """The entry that a stored record is.

    Raises:
        LedgerDamaged: the body is no record of that log.
    """
    try:
        record = json.loads(body)
        if record["log"] != log:
            raise LedgerDamaged(log, f"holds a record of {record['log']}")
        return Entry(log, record["seq"], leaf, body, EventType(record["type"]), record["call"], record["ref"])
    except (ValueError, KeyError, TypeError) as broken:
        raise LedgerDamaged(log, "holds something that is no record") from broken


def interrupted(seq: int, call: str, *, why: str) -> Draft:
    """The record that closes a call of which nothing more was heard."""
    return Draft(EventType.CALL_INTERRUPTED, call=call, ref=seq, detail={"why": why})
