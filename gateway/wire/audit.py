"""The officer's log and jobs as the wire has them."""

import base64
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

from audit.filters import Filter, call_id
from audit.proofs import InclusionProof
from audit.reader import Page, Stored
from audit.summary import Histogram, Summary
from gateway.inspection.job import Job, State, Verdict
from gateway.refusals import BadValue


class Wanted(BaseModel):
    """What to look for; times are RFC 3339 in UTC (``to`` not included), ``type`` may be a beginning (``call.``).

    ``call`` may be the id of an answer too (``chatcmpl-…``, ``cmpl-…``).
    """

    since: str | None = None
    to: str | None = None
    type: str | None = None
    call: str | None = None
    actor: str | None = None
    status: str | None = None
    model: str | None = None
    op: str | None = None
    doc: str | None = None

    def filter(self) -> Filter:
        """The same as the ledger takes it.

        Raises:
            BadValue: a time is no RFC 3339 time.
        """
        times = {"since": _utc("since", self.since), "to": _utc("to", self.to)}
        asked = self.model_dump() | times | {"call": call_id(self.call)}
        return Filter(**asked)


class RecordOut(BaseModel):
    """One record as it stands in the log, with its leaf hash in hex."""

    seq: int
    leaf: str
    record: dict[str, Any]

    @classmethod
    def of(cls, stored: Stored) -> "RecordOut":
        """The record as the wire has it."""
        return cls(seq=stored.seq, leaf=stored.leaf.hex(), record=stored.record)


class CountOut(BaseModel):
    """A value, and how many of the records have it."""

    value: str
    count: int


class HistogramOut(BaseModel):
    """Records by time: ``counts[i]`` in the ``step`` seconds from ``start`` plus ``i`` steps."""

    start: datetime
    step: int
    counts: list[int]

    @classmethod
    def of(cls, bars: Histogram) -> "HistogramOut":
        """The bars as the wire has them."""
        return cls(start=datetime.fromisoformat(bars.start), step=bars.step_s, counts=list(bars.counts))


class SummaryOut(BaseModel):
    """All records that fit, counted by the index: how many, the most frequent values of each field, and when."""

    total: int
    facets: dict[str, list[CountOut]]
    histogram: HistogramOut | None

    @classmethod
    def of(cls, summary: Summary) -> "SummaryOut":
        """The counts as the wire has them."""
        facets = {
            name: [CountOut(value=value, count=count) for value, count in values]
            for name, values in summary.facets.items()
        }
        bars = summary.histogram
        histogram = None if bars is None else HistogramOut.of(bars)
        return cls(total=summary.total, facets=facets, histogram=histogram)


class RecordsOut(BaseModel):
    """Records newest first, each checked against the signed head of the log that is named here.

    ``cursor`` leads to older records, ``newer`` (as ``after``) to newer ones. ``summary`` comes with the first page,
    unless it would take too long.
    """

    items: list[RecordOut]
    cursor: int | None
    newer: int | None
    origin: str
    size: int
    root: str
    mismatches: list[int]
    missing: int
    summary: SummaryOut | None

    @classmethod
    def of(cls, page: Page) -> "RecordsOut":
        """The page as the wire has it."""
        return cls(
            items=[RecordOut.of(stored) for stored in page.records],
            cursor=page.cursor,
            newer=page.newer,
            origin=page.checkpoint.origin,
            size=page.checkpoint.size,
            root=page.checkpoint.root.hex(),
            mismatches=list(page.mismatches),
            missing=page.missing,
            summary=None if page.summary is None else SummaryOut.of(page.summary),
        )


class ProvenOut(RecordOut):
    """A record and the proof that it stands in the log (checked before it was handed out).

    ``proof`` is a file for ``python -m audit check``. The same in parts: ``body``, the stored bytes that are
    hashed, and the steps of ``path``, in base64; the signed ``checkpoint``, and the verifier key of the log.
    """

    proof: str
    body: str
    path: list[str]
    checkpoint: str
    vkey: str

    @classmethod
    def proven(cls, stored: Stored, proof: InclusionProof, vkey: str) -> "ProvenOut":
        """The record and its proof as the wire has them."""
        return cls(
            **RecordOut.of(stored).model_dump(),
            proof=proof.text.decode(),
            body=base64.b64encode(proof.body).decode(),
            path=[base64.b64encode(step).decode() for step in proof.path],
            checkpoint=proof.checkpoint.decode(),
            vkey=vkey,
        )


class JobOut(BaseModel):
    """A job: ``done`` of ``size`` records after ``seconds``; ``call`` is the request that began it."""

    id: str
    state: State
    call: str
    created: datetime
    ended: datetime | None
    seconds: float
    done: int
    size: int
    problem: str | None


class TamperedOut(BaseModel):
    """What was changed: the first index that can't be trusted, if one can be named, and how it shows."""

    index: int | None
    fault: str


class MissingOut(BaseModel):
    """Something that is missing without any sign of tampering."""

    kind: str
    index: int
    detail: str


class FoundOut(BaseModel):
    """What the verification of the whole log found; ``missing`` lists the first hundred of what ``counts`` counts."""

    verdict: Verdict
    size: int
    root: str
    tampered: TamperedOut | None
    missing: list[MissingOut]
    counts: dict[str, int]


class VerificationOut(JobOut):
    """A verification of the whole log."""

    found: FoundOut | None


class PackageOut(BaseModel):
    """The file of an export, until it is deleted."""

    records: int
    bytes: int
    sha256: str
    deleted_at: datetime


class ExportOut(JobOut):
    """An export of the records that fit what was ``asked``."""

    asked: dict[str, str]
    package: PackageOut | None


class VerificationsOut(BaseModel):
    """The newest first."""

    items: list[VerificationOut]


class ExportsOut(BaseModel):
    """The newest first."""

    items: list[ExportOut]


class IntegrityOut(BaseModel):
    """How many records the log holds now, the newest verification that came to its end, and the one under way.

    ``vkey``: the installation's verifier key, for ``python -m audit verify``.
    """

    size: int
    vkey: str
    verified: VerificationOut | None
    running: VerificationOut | None


def verification(job: Job, now: datetime) -> VerificationOut:
    """A verification as the wire has it."""
    found = None
    if job.found is not None:
        found = FoundOut.model_validate(job.found, from_attributes=True)
    return VerificationOut(**_common(job, now), found=found)


def export(job: Job, now: datetime) -> ExportOut:
    """An export as the wire has it."""
    names = ("since", "to", "type", "call", "actor", "status", "model", "op", "doc")
    asked = {name: value for name in names if (value := getattr(job.asked, name)) is not None}
    package = None
    if job.package is not None:
        package = PackageOut.model_validate(job.package, from_attributes=True)
    return ExportOut(**_common(job, now), asked=asked, package=package)


def _common(job: Job, now: datetime) -> dict[str, Any]:
    begun = job.begun or job.created
    return {
        "id": job.id,
        "state": job.state,
        "call": job.call,
        "created": job.created,
        "ended": job.ended,
        "seconds": round(((job.ended or now) - begun).total_seconds(), 3),
        "done": job.done,
        "size": job.size,
        "problem": job.problem,
    }


def _utc(name: str, moment: str | None) -> str | None:
    """The time as the ledger writes it: UTC, with microseconds and a Z."""
    if moment is None:
        return None
    try:
        read = datetime.fromisoformat(moment)
    except ValueError:
        raise BadValue(name, expected="a time such as 2026-11-22T08:00:00Z") from None
    aware = read if read.tzinfo is not None else read.replace(tzinfo=UTC)
    try:
        return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    except OverflowError:
        raise BadValue(name, expected="a time such as 2026-11-22T08:00:00Z") from None
