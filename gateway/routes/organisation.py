"""What an organisation decides for itself, and what is kept of its work here."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from audit.records import EventType
from auth.identity import Principal
from auth.policy import Action
from auth.sessions import ABSOLUTE_SECONDS, IDLE_SECONDS
from gateway.banners.banner import Banner, TenantBanner
from gateway.deps import Guarded, TheLab, may

router = APIRouter(prefix="/api", route_class=Guarded)

Announcer = Annotated[Principal, may(Action.BANNER_WRITE, records=EventType.ADMIN_BANNER_CHANGE)]
Everyone = Annotated[Principal, may(Action.TENANT_READ, records=None)]


class BannerOut(BaseModel):
    """What the organisation says to all its people on every page; empty in a language without words."""

    sv: str = Field(default="", max_length=2000)
    en: str = Field(default="", max_length=2000)

    @classmethod
    def of(cls, banner: Banner | None) -> "BannerOut | None":
        """The banner as the wire has it."""
        return None if banner is None else cls(sv=banner.sv, en=banner.en)


class Shown(BaseModel):
    """The banner that is shown from now on."""

    banner: BannerOut | None


class Retention(BaseModel):
    """How long things are kept, as it is in force; ``null``: until somebody ends it, for nothing does so by itself.

    ``content_captured``: prompts and answers are kept, sealed, beside the log's records.
    """

    content_captured: bool
    session_idle_seconds: int
    session_seconds: int
    conversations_days: int | None
    documents_days: int | None
    records_days: int | None
    usage_days: int | None


@router.put("/banner")
async def announce(body: BannerOut, who: Announcer, lab: TheLab) -> Shown:
    """Change what is shown; without words nothing is."""
    banner = TenantBanner(lab.database, who.tenant)
    return Shown(banner=BannerOut.of(await banner.show(Banner(body.sv, body.en), datetime.now(UTC))))


@router.get("/retention")
async def retention(who: Everyone, lab: TheLab) -> Retention:  # noqa: ARG001  who is the authority
    """What is kept, and for how long."""
    return Retention(
        content_captured=lab.settings.audit.capture != "off",
        session_idle_seconds=IDLE_SECONDS,
        session_seconds=ABSOLUTE_SECONDS,
        conversations_days=None,
        documents_days=None,
        records_days=None,
        usage_days=None,
    )
