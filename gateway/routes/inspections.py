"""The officer's jobs: verifying the whole log, and packaging evidence. Begun, cancelled and fetched on record."""

from typing import Annotated, Final

from fastapi import APIRouter
from fastapi.responses import FileResponse

from audit.layout import Layout
from audit.records import EventType
from auth.identity import Principal, TenantId
from auth.policy import Action
from gateway.deps import Guarded, TheCall, TheLab, may
from gateway.inspection.job import Kind
from gateway.lab import Lab
from gateway.wire import audit as wire
from gateway.wire.audit import (
    ExportOut,
    ExportsOut,
    IntegrityOut,
    VerificationOut,
    VerificationsOut,
    Wanted,
)

router = APIRouter(prefix="/api/audit", route_class=Guarded)

Verifier = Annotated[Principal, may(Action.AUDIT_VERIFY, records=EventType.AUDIT_VERIFY)]
Exporter = Annotated[Principal, may(Action.AUDIT_EXPORT, records=EventType.AUDIT_EXPORT)]
Fetcher = Annotated[Principal, may(Action.AUDIT_EXPORT, records=EventType.AUDIT_VIEW)]
# Whoever waits looks every second; what is looked at is on record by its beginning and its end.
Watcher = Annotated[Principal, may(Action.AUDIT_VERIFY, records=None)]
Waiter = Annotated[Principal, may(Action.AUDIT_EXPORT, records=None)]

_ACCEPTED: Final = 202


@router.get("/integrity")
async def integrity(who: Watcher, lab: TheLab) -> IntegrityOut:
    """When the whole log was last verified, how far, and with what result; and how far it has grown since."""
    mine, now = lab.office.of(who.tenant), lab.office.now()
    verified, verifying = mine.verified(), mine.verifying()
    return IntegrityOut(
        size=_size(lab, who.tenant),
        vkey=lab.ledger.vkey(),
        verified=None if verified is None else wire.verification(verified, now),
        running=None if verifying is None else wire.verification(verifying, now),
    )


@router.post("/verifications", status_code=_ACCEPTED)
async def begin_verification(who: Verifier, call: TheCall, lab: TheLab) -> VerificationOut:
    """Have the whole log recomputed from its files; the job goes on when its page is left."""
    job = await lab.office.of(who.tenant).begin_verification(call)
    return wire.verification(job, lab.office.now())


@router.get("/verifications")
async def verifications(who: Watcher, lab: TheLab) -> VerificationsOut:
    """The organisation's verifications, the newest first."""
    now = lab.office.now()
    jobs = lab.office.of(who.tenant).jobs(Kind.VERIFICATION)
    return VerificationsOut(items=[wire.verification(job, now) for job in jobs])


@router.get("/verifications/{verification}")
async def verification(verification: str, who: Watcher, lab: TheLab) -> VerificationOut:
    """One verification, as far as it has come."""
    job = lab.office.of(who.tenant).job(Kind.VERIFICATION, verification)
    return wire.verification(job, lab.office.now())


@router.post("/verifications/{verification}/cancel")
async def cancel_verification(verification: str, who: Verifier, lab: TheLab) -> VerificationOut:
    """Stop a verification; one that has ended stays as it is."""
    job = lab.office.of(who.tenant).cancel(Kind.VERIFICATION, verification)
    return wire.verification(job, lab.office.now())


@router.post("/exports", status_code=_ACCEPTED)
async def begin_export(body: Wanted, who: Exporter, call: TheCall, lab: TheLab) -> ExportOut:
    """Have the records that fit packaged: records, proofs, signed head, manifest and how to verify it."""
    job = await lab.office.of(who.tenant).begin_export(call, body.filter())
    return wire.export(job, lab.office.now())


@router.get("/exports")
async def exports(who: Waiter, lab: TheLab) -> ExportsOut:
    """The organisation's exports, the newest first."""
    now = lab.office.now()
    return ExportsOut(items=[wire.export(job, now) for job in lab.office.of(who.tenant).jobs(Kind.EXPORT)])


@router.get("/exports/{export}")
async def export(export: str, who: Waiter, lab: TheLab) -> ExportOut:
    """One export, as far as it has come."""
    return wire.export(lab.office.of(who.tenant).job(Kind.EXPORT, export), lab.office.now())


@router.post("/exports/{export}/cancel")
async def cancel_export(export: str, who: Exporter, lab: TheLab) -> ExportOut:
    """Stop an export; one that has ended stays as it is."""
    job = lab.office.of(who.tenant).cancel(Kind.EXPORT, export)
    return wire.export(job, lab.office.now())


@router.get("/exports/{export}/file", response_class=FileResponse)
async def package(export: str, who: Fetcher, lab: TheLab) -> FileResponse:
    """The package of an export, until it is deleted: a day after it was made."""
    mine = lab.office.of(who.tenant)
    made = mine.job(Kind.EXPORT, export).created
    name = f"valv-{who.tenant}-{made:%Y%m%dT%H%M%SZ}.zip"
    return FileResponse(mine.package(export), filename=name, media_type="application/zip")


def _size(lab: Lab, tenant: TenantId) -> int:
    at = lab.settings.audit
    origin = Layout(at.folder, at.origin).origin_of(tenant)
    return next((log.size for log in lab.ledger.status().logs if log.origin == origin), 0)
