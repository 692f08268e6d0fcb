"""Who am I here, and what can I ask."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel

from auth import policy
from auth.claims import PLATFORM_OPERATOR
from auth.identity import Caller, Principal
from auth.policy import Action
from auth.sessions import IDLE_SECONDS, Session
from gateway.banners.banner import TenantBanner
from gateway.deps import Guarded, TheLab, anyone_may, may
from gateway.errors import language_of
from gateway.lab import Lab
from gateway.routes.organisation import BannerOut
from inference.models import Kind, ModelRoute

router = APIRouter(prefix="/api", route_class=Guarded)

Anyone = Annotated[Caller, anyone_may(Action.SESSION_READ)]
Everyone = Annotated[Principal, may(Action.MODEL_LIST, records=None)]


class Organisation(BaseModel):
    """An organisation, by its alias."""

    alias: str
    name: str


class Me(BaseModel):
    """The caller as the web application knows them; ``csrf`` goes into ``X-Valv-CSRF`` on every change.

    ``organisation`` is the one that they act for (none: an operator of the installation), ``organisations`` all that
    they belong to: to change, ``GET /auth/login?organisation=ALIAS``. A session ends at ``session_expires_at`` (epoch
    seconds), or ``session_idle_seconds`` after its last request.
    """

    name: str
    organisation: Organisation | None
    organisations: list[Organisation]
    roles: list[str]
    actions: list[str]
    csrf: str | None
    session_expires_at: int | None
    session_idle_seconds: int | None
    classification: str
    banner: BannerOut | None


class ModelOut(BaseModel):
    """A model in plain words."""

    name: str
    kind: str
    title: str
    description: str
    languages: list[str]
    default: bool
    ceiling: str
    writes_swedish: bool


class Models(BaseModel):
    """What can be asked."""

    items: list[ModelOut]


@router.get("/me")
async def me(who: Anyone, request: Request, lab: TheLab) -> Me:
    """The caller, their organisation and what they may do there."""
    name = lab.gate.cookie(request.scope["headers"])
    session = None if name is None else (await lab.gate.browser(request.scope["headers"])).session
    own = _own(who)
    return Me(
        name=who.name,
        organisation=own,
        organisations=_known(own, session),
        roles=sorted(who.roles) if isinstance(who, Principal) else [PLATFORM_OPERATOR],
        actions=sorted(policy.granted(who)),
        csrf=session.csrf if session else None,
        session_expires_at=session.ends if session else None,
        session_idle_seconds=IDLE_SECONDS if session else None,
        classification=lab.settings.classification,
        banner=await _banner(who, lab),
    )


def _own(who: Caller) -> Organisation | None:
    if not isinstance(who, Principal):
        return None
    return Organisation(alias=who.tenant.alias, name=who.organisation or who.tenant.alias)


def _known(own: Organisation | None, session: Session | None) -> list[Organisation]:
    named = session.organisations if session else ()
    known = [Organisation(alias=each.tenant.alias, name=each.name) for each in named]
    if own is None or any(each.alias == own.alias for each in known):
        return known
    return [own, *known]


async def _banner(who: Caller, lab: Lab) -> BannerOut | None:
    if not isinstance(who, Principal):
        return None
    return BannerOut.of(await TenantBanner(lab.database, who.tenant).read())


@router.get("/models")
async def models(who: Everyone, request: Request, lab: TheLab) -> Models:  # noqa: ARG001  who is the authority
    """The models that answer questions, the default one first."""
    language = language_of(request.scope)
    kinds = (Kind.EXTRACTIVE, Kind.CHAT)
    return Models(items=[_out(route, language) for kind in kinds for route in lab.catalogue.of_kind(kind)])


def _out(route: ModelRoute, language: str) -> ModelOut:
    return ModelOut(
        name=route.name,
        kind=route.kind,
        title=route.title[language],
        description=route.description[language],
        languages=sorted(route.languages),
        default=route.default,
        ceiling=route.ceiling,
        writes_swedish=route.writes("sv"),
    )
