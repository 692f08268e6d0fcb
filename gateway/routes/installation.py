"""How the installation is, for who keeps it running: parts, models, ledger; nothing of what is asked in it."""

import platform
import shutil
from datetime import UTC, datetime
from importlib import metadata
from typing import Annotated, Final

import anyio.to_thread
from fastapi import APIRouter, Request
from pydantic import BaseModel

from audit.records import EventType
from audit.status import LogStatus
from auth.identity import Operator
from auth.policy import Action
from gateway import VERSION
from gateway.deps import Guarded, TheLab, operator_may
from gateway.errors import language_of
from gateway.lab import Lab
from gateway.readiness import Part, parts
from inference.models import ModelRoute
from inference.upstream import ServerState

router = APIRouter(prefix="/api/installation", route_class=Guarded)

Reader = Annotated[Operator, operator_may(Action.INSTALLATION_READ, records=EventType.API_READ)]
Inspector = Annotated[Operator, operator_may(Action.LEDGER_INSPECT, records=EventType.API_READ)]
Lister = Annotated[Operator, operator_may(Action.TENANT_LIST, records=EventType.API_READ)]

_PACKAGES: Final = (
    "fastapi",
    "uvicorn",
    "sqlalchemy",
    "chromadb",
    "langchain-core",
    "dbos",
    "cryptography",
    "joserfc",
)


class PartOut(BaseModel):
    """A part of the installation: whether it answers, and what to do if not."""

    name: str
    ready: bool
    advice: str | None


class ServerOut(BaseModel):
    """A model server: calls at it now, how often it was lost since the gateway's start, and when last."""

    url: str
    up: bool
    calls: int
    losses: int
    lost_seconds_ago: int | None


class ModelOut(BaseModel):
    """A model route: what it has to do now, and its servers. Without an engine it needs none."""

    name: str
    title: str
    kind: str
    engine: str | None
    ceiling: str
    digest: str | None
    running: int
    waiting: int
    parallel: int
    servers: list[ServerOut]


class Version(BaseModel):
    """What runs here, in which version."""

    name: str
    version: str


class InstallationOut(BaseModel):
    """The installation as it is at this moment."""

    at: datetime
    parts: list[PartOut]
    models: list[ModelOut]
    versions: list[Version]
    database: str


class LogOut(BaseModel):
    """A log in numbers: its records, those that no checkpoint covers yet, and when the newest was signed."""

    origin: str
    records: int
    unsigned: int
    signed_at: datetime | None


class LedgerOut(BaseModel):
    """Whether new work can be put on record, and the room for it; ``reason`` where it can't."""

    at: datetime
    healthy: bool
    reason: str | None
    waiting: int
    disk_free_bytes: int
    disk_free_percent: float
    disk_floor_percent: float
    logs: list[LogOut]


class Organisation(BaseModel):
    """An organisation by its alias, and since when it is known here."""

    alias: str
    known_since: datetime


class Organisations(BaseModel):
    """Every organisation whose people were ever here, by alias."""

    items: list[Organisation]


@router.get("")
async def installation(who: Reader, request: Request, lab: TheLab) -> InstallationOut:  # noqa: ARG001  who is the authority
    """Every part is asked how it is; the models' load and servers are as they are known to be."""
    found = await parts(lab)
    language = language_of(request.scope)
    return InstallationOut(
        at=datetime.now(UTC),
        parts=[_part(each) for each in found],
        models=[_model(lab, route, language) for route in lab.catalogue.routes],
        versions=_versions(),
        database=lab.database.dialect,
    )


@router.get("/ledger")
async def ledger(who: Inspector, lab: TheLab) -> LedgerOut:  # noqa: ARG001  who is the authority
    """The ledger's health in counts."""
    status = lab.ledger.status()
    usage = await anyio.to_thread.run_sync(shutil.disk_usage, lab.settings.audit.folder)
    return LedgerOut(
        at=datetime.now(UTC),
        healthy=status.healthy,
        reason=None if status.reason is None else status.reason.value,
        waiting=status.waiting,
        disk_free_bytes=usage.free,
        disk_free_percent=round(100 * usage.free / usage.total, 1),
        disk_floor_percent=lab.settings.audit.disk_floor_percent,
        logs=[_log(each) for each in status.logs],
    )


@router.get("/organisations")
async def organisations(who: Lister, lab: TheLab) -> Organisations:  # noqa: ARG001  who is the authority
    """The organisations by their aliases."""
    known = await lab.tenants.known()
    return Organisations(
        items=[Organisation(alias=each.tenant.alias, known_since=_moment(each.bound_at)) for each in known]
    )


def _part(part: Part) -> PartOut:
    return PartOut(name=part.name, ready=part.ready, advice=part.advice)


def _model(lab: Lab, route: ModelRoute, language: str) -> ModelOut:
    load = lab.models.load(route)
    return ModelOut(
        name=route.name,
        title=route.title[language],
        kind=route.kind,
        engine=route.engine,
        ceiling=route.ceiling,
        digest=route.digest,
        running=load.running,
        waiting=load.waiting,
        parallel=load.max_parallel,
        servers=[_server(each) for each in lab.models.servers(route)],
    )


def _server(state: ServerState) -> ServerOut:
    ago = None if state.lost_ago is None else int(state.lost_ago)
    return ServerOut(url=state.url, up=state.up, calls=state.calls, losses=state.losses, lost_seconds_ago=ago)


def _log(log: LogStatus) -> LogOut:
    signed = None if log.checkpoint_at is None else _moment(log.checkpoint_at)
    return LogOut(origin=log.origin, records=log.size, unsigned=log.lag, signed_at=signed)


def _versions() -> list[Version]:
    own = [Version(name="valv", version=VERSION), Version(name="python", version=platform.python_version())]
    return own + [Version(name=name, version=metadata.version(name)) for name in _PACKAGES]


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
