"""What a verification found: tampering, and what is missing without any. Standard library only."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Tampering:
    """Something that was changed: in which log, at which index (if one can be named), and how it shows."""

    log: str
    index: int | None
    fault: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing without any sign of tampering.

    ``kind``: ``interrupted``, ``open``, ``unmatched`` (calls), ``pruned``, ``shredded``, ``silence`` (no
    heartbeat), ``pending`` (durable, not under a checkpoint yet), ``unsigned`` (a log without one), ``torn``.
    """

    log: str
    kind: str
    index: int
    detail: str


@dataclass(slots=True)
class LogReport:
    """What came of one log; ``root`` in hex."""

    log: str
    size: int = 0
    root: str = ""
    tampering: list[Tampering] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    def blame(self, index: int | None, fault: str) -> None:
        self.tampering.append(Tampering(self.log, index, fault))

    def note(self, kind: str, index: int, detail: str = "") -> None:
        self.gaps.append(Gap(self.log, kind, index, detail))


@dataclass(slots=True)
class Report:
    """What came of everything that was looked at."""

    logs: list[LogReport] = field(default_factory=list)

    @property
    def tampering(self) -> list[Tampering]:
        return [found for log in self.logs for found in log.tampering]

    @property
    def gaps(self) -> list[Gap]:
        return [found for log in self.logs for found in log.gaps]

    @property
    def exit_code(self) -> int:
        """0 fine, 1 tampered, 2 incomplete but untampered."""
        if self.tampering:
            return 1
        return 2 if self.gaps else 0

    def as_dict(self) -> dict[str, Any]:
        verdict = ("fine", "tampered", "incomplete")[self.exit_code]
        return {"verdict": verdict, "exit_code": self.exit_code, "logs": [asdict(log) for log in self.logs]}
