"""The nouns: a job of an officer, and what came of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from audit.filters import Filter
from audit.findings import LogReport

_LISTED = 100  # of what is missing; all of it is counted


class Kind(StrEnum):
    """What is done."""

    EXPORT = "export"
    VERIFICATION = "verification"


class State(StrEnum):
    """How far it has come; from ``CANCELLED`` on it has ended."""

    WAITING = "waiting"
    RUNNING = "running"
    CANCELLED = "cancelled"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


UNDER_WAY = frozenset({State.WAITING, State.RUNNING})


class Verdict(StrEnum):
    """What a verification found; the words of ``python -m audit verify``."""

    FINE = "fine"
    INCOMPLETE = "incomplete"
    TAMPERED = "tampered"


@dataclass(frozen=True, slots=True)
class Tampered:
    """What was changed: the first index that can't be trusted, if one can be named, and how it shows."""

    index: int | None
    fault: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is missing without any sign of tampering (``audit.findings.Gap``)."""

    kind: str
    index: int
    detail: str


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a verification: ``missing`` holds the first of them, ``counts`` all of them by kind."""

    verdict: Verdict
    size: int
    root: str
    tampered: Tampered | None
    missing: tuple[Missing, ...]
    counts: dict[str, int]

    @classmethod
    def of(cls, report: LogReport) -> "Found":
        """The report as it is kept."""
        worst = min(
            report.tampering, key=lambda each: each.index if each.index is not None else -1, default=None
        )
        counts: dict[str, int] = {}
        for gap in report.gaps:
            counts[gap.kind] = counts.get(gap.kind, 0) + 1
        return cls(
            verdict=_verdict(report),
            size=report.size,
            root=report.root,
            tampered=None if worst is None else Tampered(worst.index, worst.fault),
            missing=tuple(Missing(gap.kind, gap.index, gap.detail) for gap in report.gaps[:_LISTED]),
            counts=counts,
        )


@dataclass(frozen=True, slots=True)
class Package:
    """The file of an export: how many records and bytes, its SHA-256 in hex, and when it is deleted."""

    records: int
    bytes: int
    sha256: str
    deleted_at: datetime


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work. ``call`` is the request that began it: its records say who asked.

    ``done`` of ``size`` are records; ``problem`` is the slug of what it failed with.
    """

    id: str
    kind: Kind
    state: State
    call: str
    created: datetime
    asked: Filter = field(default_factory=Filter)
    begun: datetime | None = None
    ended: datetime | None = None
    done: int = 0
    size: int = 0
    found: Found | None = None
    package: Package | None = None
    problem: str | None = None


def _verdict(report: LogReport) -> Verdict:
    if report.tampering:
        return Verdict.TAMPERED
    return Verdict.INCOMPLETE if report.gaps else Verdict.FINE
