"""API keys: made by prototypers for their programmes, shown once, ended by whoever may."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from audit.records import EventType
from auth.apikey import ApiKey
from auth.identity import Principal
from auth.keys import DEFAULT_DAYS
from auth.policy import Action
from gateway.deps import Guarded, TheLab, may
from gateway.refusals import BadValue

router = APIRouter(prefix="/api/keys", route_class=Guarded)

Lister = Annotated[Principal, may(Action.KEY_LIST, records=EventType.API_READ)]
Maker = Annotated[Principal, may(Action.KEY_CREATE, records=EventType.KEY_CREATE)]
Revoker = Annotated[Principal, may(Action.KEY_REVOKE, records=EventType.KEY_REVOKE)]


class KeyIn(BaseModel):
    """A key to make; no scopes means everything that a key of yours may carry, no models means all of them."""

    name: str = Field(max_length=200)
    scopes: list[str] | None = None
    models: list[str] = []
    days: int = DEFAULT_DAYS


class KeyOut(BaseModel):
    """A key without its secret; times are seconds since the epoch."""

    key: str
    name: str
    scopes: list[str]
    models: list[str]
    created_at: int
    expires_at: int
    used_at: int | None
    revoked_at: int | None

    @classmethod
    def of(cls, key: ApiKey) -> "KeyOut":
        """The key as the wire has it."""
        return cls(
            key=key.key,
            name=key.name,
            scopes=sorted(key.scopes),
            models=sorted(key.models),
            created_at=key.created_at,
            expires_at=key.expires_at,
            used_at=key.used_at,
            revoked_at=key.revoked_at,
        )


class NewKeyOut(BaseModel):
    """A new key with its secret, which is never to be had again."""

    key: KeyOut
    secret: str


class Keys(BaseModel):
    """The organisation's keys, newest first."""

    items: list[KeyOut]


@router.get("")
async def keys(who: Lister, lab: TheLab) -> Keys:
    """Every key of the organisation, with what is known here of when it was last used."""
    await lab.keys.flush()
    return Keys(items=[KeyOut.of(key) for key in await lab.keys.of(who.tenant).list()])


@router.post("", status_code=201)
async def create(body: KeyIn, who: Maker, lab: TheLab) -> NewKeyOut:
    """A new key; its secret is in this answer and nowhere else."""
    made = await lab.keys.of(who.tenant).create(
        who,
        name=body.name,
        scopes=_scopes(body.scopes),
        models=frozenset(lab.catalogue.route(name).name for name in body.models),
        days=body.days,
    )
    return NewKeyOut(key=KeyOut.of(made.key), secret=made.secret)


@router.delete("/{key}", status_code=204)
async def revoke(key: str, who: Revoker, lab: TheLab) -> Response:
    """End a key, at once."""
    await lab.keys.of(who.tenant).revoke(key)
    return Response(status_code=204)


def _scopes(names: list[str] | None) -> frozenset[Action] | None:
    if names is None:
        return None
    try:
        return frozenset(Action(name) for name in names)
    except ValueError:
        raise BadValue("scopes", expected="a list of actions such as 'chat:ask'") from None
