"""What records must obey beyond their hashes: numbers, chain, and calls that end. Standard library only."""

import json
from collections.abc import Callable
from typing import Any, Final

from audit.errors import NoteFault
from audit.findings import LogReport
from audit.note import Checkpoint, VerifierKey, open_checkpoint, parse_checkpoint

SILENCE_NS: Final = 300 * 1_000_000_000


class Tampered(Exception):
    """Ends the reading of a log at the first thing that can't be trusted."""

    def __init__(self, index: int | None, fault: str) -> None:
        super().__init__(fault)
        self.index = index
        self.fault = fault


class RecordRules:
    """Follows the records of a log one after the other."""

    def __init__(self, report: LogReport) -> None:
        self._report = report
        self._last: str | None = None
        self._calls: dict[int, str] = {}
        self._heard: tuple[str, int] | None = None

    def follow(self, index: int, body: bytes, leaf: bytes) -> None:
        """Raises: Tampered."""
        record = _parsed(index, body)
        for name, expected in (("v", 1), ("log", self._report.log), ("seq", index), ("prev", self._last)):
            if record.get(name) != expected:
                raise Tampered(index, f"{name} is not {expected!r}")
        self._last = leaf.hex()
        self._follow_call(index, record)
        if record["type"] == "key.shred":
            self._report.note("shredded", index, str(_mapping(record.get("detail")).get("decision_ref", "")))
        if self._report.log.endswith("/installation"):
            self._listen(index, record)

    def skip(self, leaf: bytes) -> None:
        """A record that retention took away, of which the hash remains."""
        self._last = leaf.hex()

    def end(self) -> None:
        for index, call in self._calls.items():
            self._report.note("open", index, call)

    def _follow_call(self, index: int, record: dict[str, Any]) -> None:
        kind, call, ref = record["type"], str(record.get("call")), _number(record.get("ref"))
        if kind == "call.intent":
            self._calls[index] = call
        elif kind in {"call.outcome", "call.interrupted"} and self._calls.pop(ref, None) is None:
            self._report.note("unmatched", index, call)
        if kind == "call.interrupted":
            self._report.note("interrupted", index, call)

    def _listen(self, index: int, record: dict[str, Any]) -> None:
        """A running ledger is heard from; monotonic time, so that a clock that was set does not count."""
        boot, now = str(record.get("boot")), _number(record.get("mono_ns"))
        if self._heard is not None and self._heard[0] == boot and now - self._heard[1] > SILENCE_NS:
            self._report.note("silence", index, f"{(now - self._heard[1]) // 1_000_000_000} s")
        self._heard = (boot, now)


class HeadRules:
    """Follows the leaves of a root log, each of which is another log's signed checkpoint."""

    def __init__(self, key: VerifierKey | None) -> None:
        self._key = key
        self.heads: list[tuple[Checkpoint, str]] = []

    def follow(self, index: int, body: bytes, _: bytes) -> None:
        """Raises: Tampered."""
        try:
            self.heads.append((opened(body, self._key), f"root log, entry {index}"))
        except NoteFault as fault:
            raise Tampered(index, f"not a checkpoint: {fault.fault}") from fault

    def skip(self, leaf: bytes) -> None:
        """Nothing of the root log is ever pruned."""


def opened(note: bytes, key: VerifierKey | None) -> Checkpoint:
    """The checkpoint in the note; without a key its signature is not looked at.

    Raises:
        NoteFault: malformed, or not signed by the key.
    """
    if key is not None:
        return open_checkpoint(note, key)
    text = note.decode(errors="replace").partition("\n\n")[0]
    return parse_checkpoint(text + "\n")


def _parsed(index: int, body: bytes) -> dict[str, Any]:
    try:
        record = json.loads(body)
    except (ValueError, RecursionError) as broken:
        raise Tampered(index, "not a record") from broken
    if not isinstance(record, dict) or not isinstance(record.get("type"), str):
        raise Tampered(index, "not a record")
    return record


def _number(value: object) -> int:
    """An integer, also one in a string; -1 for anything else, because a forged record may hold anything."""
    try:
        return int(value) if isinstance(value, int | str) else -1
    except ValueError:
        return -1


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


Progress = Callable[[str, int, int], None]
"""Called with a log's origin, the records done and the records in all."""
