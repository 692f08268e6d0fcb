"""How much the organisation uses of its models, and how much is left this minute."""

import time
from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel

from audit.records import EventType
from auth.identity import Principal
from auth.policy import Action, granted
from gateway.deps import Guarded, TheLab, may
from gateway.limits import Allowance
from gateway.refusals import BadValue
from gateway.usage.records import WORKSPACE, Figures

router = APIRouter(prefix="/api", route_class=Guarded)

Reader = Annotated[Principal, may(Action.USAGE_READ, records=EventType.API_READ)]
Watcher = Annotated[Principal, may(Action.USAGE_READ, records=None)]

_USUAL_DAYS: Final = 30
_LIMIT_DAYS: Final = 366


class FiguresOut(BaseModel):
    """What one key asked of one model in one day (UTC); ``key: null`` is the workspace, everyone in it together."""

    day: date
    key: str | None
    model: str
    calls: int
    ok: int
    failed: int
    blocked: int
    client_aborted: int
    tokens_in: int
    tokens_out: int

    @classmethod
    def of(cls, figures: Figures) -> "FiguresOut":
        """The figures as the wire has them."""
        return cls(
            day=figures.day,
            key=None if figures.key == WORKSPACE else figures.key,
            model=figures.model,
            calls=figures.ok + figures.failed + figures.blocked + figures.client_aborted,
            ok=figures.ok,
            failed=figures.failed,
            blocked=figures.blocked,
            client_aborted=figures.client_aborted,
            tokens_in=figures.tokens_in,
            tokens_out=figures.tokens_out,
        )


class UsageOut(BaseModel):
    """The usage from the first day to the last, both with it; days without a call have no figures."""

    first: date
    last: date
    items: list[FiguresOut]


class AllowanceOut(BaseModel):
    """What is left of a budget: requests a minute, how many now, seconds until all of them are back."""

    limit: int
    remaining: int
    reset_seconds: float

    @classmethod
    def of(cls, left: Allowance) -> "AllowanceOut":
        """The allowance as the wire has it."""
        return cls(limit=left.limit, remaining=left.remaining, reset_seconds=round(left.reset, 1))


class KeyAllowanceOut(BaseModel):
    """What is left of one key's budget."""

    key: str
    name: str
    left: AllowanceOut


class LimitsOut(BaseModel):
    """What this gateway would let through now; ``keys`` are those in force, for whoever may list keys."""

    organisation: AllowanceOut
    keys: list[KeyAllowanceOut]


@router.get("/usage")
async def usage(
    who: Reader,
    lab: TheLab,
    first: Annotated[str | None, Query(alias="from")] = None,
    last: Annotated[str | None, Query(alias="to")] = None,
) -> UsageOut:
    """Calls and tokens by key, model and day; the last 30 days unless days such as 2026-11-22 are given."""
    until = _day("to", last) or lab.usage.today()
    since = _day("from", first) or until - timedelta(days=_USUAL_DAYS - 1)
    if not 0 <= (until - since).days < _LIMIT_DAYS:
        raise BadValue("from", expected=f"a day at most {_LIMIT_DAYS - 1} days before 'to'")
    found = await lab.usage.of(who.tenant, since, until)
    return UsageOut(first=since, last=until, items=[FiguresOut.of(each) for each in found])


@router.get("/limits")
async def limits(who: Watcher, lab: TheLab) -> LimitsOut:
    """What is left of the organisation's budget and of each key's; asking takes nothing from them."""
    organisation = AllowanceOut.of(lab.limits.left_of(who.tenant))
    if Action.KEY_LIST not in granted(who):
        return LimitsOut(organisation=organisation, keys=[])
    live = [key for key in await lab.keys.of(who.tenant).list() if key.live(time.time())]
    keys = [
        KeyAllowanceOut(key=key.key, name=key.name, left=AllowanceOut.of(lab.limits.left_of_key(key.key)))
        for key in live
    ]
    return LimitsOut(organisation=organisation, keys=keys)


def _day(name: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadValue(name, expected="a day such as 2026-11-22") from None
    if not 2000 <= day.year < 9999:
        raise BadValue(name, expected="a day such as 2026-11-22")
    return day
