"""The officer's log: search, and one record with its proof. All of it is on record."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query

from audit.records import EventType
from auth.identity import Principal
from auth.policy import Action
from gateway.deps import Guarded, TheLab, may
from gateway.wire.audit import ProvenOut, RecordsOut, Wanted

router = APIRouter(prefix="/api/audit", route_class=Guarded)

Searcher = Annotated[Principal, may(Action.AUDIT_SEARCH, records=EventType.AUDIT_SEARCH)]
Viewer = Annotated[Principal, may(Action.AUDIT_VIEW, records=EventType.AUDIT_VIEW)]

_Number = Annotated[int | None, Query(ge=-1, lt=2**53)]


@router.get("/records")
async def records(
    wanted: Annotated[Wanted, Query()],
    who: Searcher,
    lab: TheLab,
    cursor: _Number = None,
    after: _Number = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> RecordsOut:
    """The records that fit, newest first; this search is itself the newest of them.

    ``cursor``: those older than this number. ``after``: those next newer than this number.
    """
    asked, reader = wanted.filter(), lab.ledger.reader(who.tenant)
    page = await to_thread.run_sync(lambda: reader.search(asked, cursor=cursor, after=after, limit=limit))
    return RecordsOut.of(page)


@router.get("/records/{seq}")
async def record(seq: int, who: Viewer, lab: TheLab) -> ProvenOut:
    """One record with its inclusion proof (``python -m audit check`` takes it)."""
    reader = lab.ledger.reader(who.tenant)
    stored = await to_thread.run_sync(reader.record, seq)
    proof = await to_thread.run_sync(reader.inclusion, seq)
    return ProvenOut.proven(stored, proof, lab.ledger.vkey(who.tenant))
