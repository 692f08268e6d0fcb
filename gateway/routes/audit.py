"""The officer's log: search, one record with its proof, verification, evidence packages. All of it is on record."""

import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query
from fastapi.responses import FileResponse
from pydantic import BaseModel
from starlette.background import BackgroundTask

from audit.index import Filter
from audit.reader import Stored
from audit.records import EventType
from audit.remote import AnyReader
from auth.identity import Principal
from auth.policy import Action
from gateway.deps import Guarded, TheLab, may
from gateway.refusals import BadValue

router = APIRouter(prefix="/api/audit", route_class=Guarded)

Searcher = Annotated[Principal, may(Action.AUDIT_SEARCH, records=EventType.AUDIT_SEARCH)]
Viewer = Annotated[Principal, may(Action.AUDIT_VIEW, records=EventType.AUDIT_VIEW)]
Verifier = Annotated[Principal, may(Action.AUDIT_VERIFY, records=EventType.AUDIT_VERIFY)]
Exporter = Annotated[Principal, may(Action.AUDIT_EXPORT, records=EventType.AUDIT_EXPORT)]


class Wanted(BaseModel):
    """What to look for; times are RFC 3339 in UTC (``to`` not included), ``type`` may be a beginning (``call.``)."""

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
        asked = self.model_dump() | {"since": _utc("since", self.since), "to": _utc("to", self.to)}
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


class RecordsOut(BaseModel):
    """Records newest first, each checked against the signed head of the log that is named here."""

    items: list[RecordOut]
    cursor: int | None
    origin: str
    size: int
    root: str
    mismatches: list[int]
    missing: int


class ProvenOut(RecordOut):
    """A record and the proof that it stands in the log (checked before it was handed out)."""

    proof: str


class Verified(BaseModel):
    """What the verification of the whole log found."""

    ok: bool
    log: str
    size: int
    root: str
    tampering: list[dict[str, Any]]
    gaps: list[dict[str, Any]]
    at: datetime


class ExportIn(Wanted):
    """Which records to package; nothing named means all of them."""


@router.get("/records")
async def records(
    wanted: Annotated[Wanted, Query()],
    who: Searcher,
    lab: TheLab,
    cursor: int | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> RecordsOut:
    """The records that fit, newest first; this search is itself the newest of them."""
    asked, reader = wanted.filter(), lab.ledger.reader(who.tenant)
    page = await to_thread.run_sync(lambda: reader.search(asked, cursor=cursor, limit=limit))
    return RecordsOut(
        items=[RecordOut.of(stored) for stored in page.records],
        cursor=page.cursor,
        origin=page.checkpoint.origin,
        size=page.checkpoint.size,
        root=page.checkpoint.root.hex(),
        mismatches=list(page.mismatches),
        missing=page.missing,
    )


@router.get("/records/{seq}")
async def record(seq: int, who: Viewer, lab: TheLab) -> ProvenOut:
    """One record with its inclusion proof (``python -m audit check`` takes it)."""
    reader = lab.ledger.reader(who.tenant)
    stored = await to_thread.run_sync(reader.record, seq)
    proof = await to_thread.run_sync(reader.inclusion, seq)
    return ProvenOut(**RecordOut.of(stored).model_dump(), proof=proof.text.decode())


@router.post("/verifications")
async def verify(who: Verifier, lab: TheLab) -> Verified:
    """The whole log, recomputed from its files."""
    report = await to_thread.run_sync(lab.ledger.reader(who.tenant).verify)
    return Verified(
        ok=not report.tampering,
        log=report.log,
        size=report.size,
        root=report.root,
        tampering=[asdict(found) for found in report.tampering],
        gaps=[asdict(found) for found in report.gaps],
        at=datetime.now(UTC),
    )


@router.post("/exports", response_class=FileResponse)
async def export(body: ExportIn, who: Exporter, lab: TheLab) -> FileResponse:
    """An evidence package: records, proofs, signed head, manifest and how to verify it."""
    asked, reader = body.filter(), lab.ledger.reader(who.tenant)
    path = await to_thread.run_sync(_package, reader, asked, lab.settings.data)
    name = f"valv-{who.tenant}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.zip"
    gone = BackgroundTask(path.unlink, missing_ok=True)
    return FileResponse(path, filename=name, media_type="application/zip", background=gone)


def _package(reader: AnyReader, asked: Filter, folder: Path) -> Path:
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".zip", delete=False) as file:
        path = Path(file.name)
    reader.export(asked, path, made=datetime.now(UTC).isoformat(timespec="seconds"))
    return path


def _utc(name: str, moment: str | None) -> str | None:
    """The time as the ledger writes it: UTC, with microseconds and a Z."""
    if moment is None:
        return None
    try:
        read = datetime.fromisoformat(moment)
    except ValueError:
        raise BadValue(name, expected="a time such as 2026-11-22T08:00:00Z") from None
    aware = read if read.tzinfo is not None else read.replace(tzinfo=UTC)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
