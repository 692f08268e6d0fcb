"""Browser sessions: the browser holds a random name, the server everything else."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update

from auth.database import Database
from auth.errors import Reason, Unauthenticated
from auth.identity import Caller, Method, Operator, Organisation, Principal, Role, TenantId
from auth.sealing import Sealer, Unsealable
from auth.tables import SESSION

log = structlog.get_logger(__name__)

IDLE_SECONDS: Final = 30 * 60
ABSOLUTE_SECONDS: Final = 10 * 60 * 60
# Being used is written down at most this often; the idle limit is that much coarser.
TOUCH_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the provider gave at login or refresh. ``expires`` is the access token's end, epoch seconds."""

    access: str
    refresh: str
    identity: str
    expires: int


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is logged in. ``ends`` is the latest end of the session, epoch seconds.

    ``organisations`` are all that the person belongs to, once the provider has named them. ``outdated`` counts the
    changes of their roles since the tokens were made.
    """

    caller: Caller
    tokens: Tokens
    csrf: str
    created_at: int
    ends: int
    organisations: tuple[Organisation, ...] = ()
    outdated: int = 0

    def check_csrf(self, header: str | None) -> None:
        """Return if the request's CSRF header is this session's.

        Raises:
            Unauthenticated: wrong_csrf.
        """
        if not hmac.compare_digest((header or "").encode(), self.csrf.encode()):
            named = self.caller if isinstance(self.caller, Principal) else None
            raise Unauthenticated(Reason.WRONG_CSRF, named=named)


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session that was just opened: ``name`` is the cookie's value, and is stored nowhere."""

    name: str
    session: Session


def _digest(name: str) -> bytes:
    # The name is 256 random bits: a plain hash can't be turned back by guessing.
    return hashlib.sha256(name.encode(errors="surrogatepass")).digest()


class Sessions:
    """Every session: 256-bit names stored as hashes, tokens sealed, 30 minutes idle, 10 hours in all."""

    def __init__(
        self,
        database: Database,
        *,
        sealer: Sealer,
        clock: Callable[[], float],
        entropy: Callable[[int], bytes],
    ) -> None:
        self._scope = database.installation
        self._sealer = sealer
        self._clock = clock
        self._entropy = entropy

    async def open(self, caller: Caller, tokens: Tokens, *, former: str | None = None) -> OpenedSession:
        """A new session under a new name; ``former`` is the browser's session until now, which ends."""
        name, now = self._random(), int(self._clock())
        session = Session(caller, tokens, self._random(), now, now + ABSOLUTE_SECONDS)
        row = {
            "tenant": caller.tenant.alias if isinstance(caller, Principal) else "",
            "digest": _digest(name),
            "subject": caller.subject,
            "sid": caller.session or "",
            "created_at": now,
            "touched_at": now,
            "sealed": self._sealed(name, session),
        }
        async with self._scope.writing() as connection:
            await connection.execute(delete(SESSION).where(SESSION.c.digest == _digest(former or "")))
            await connection.execute(insert(SESSION), row)
        log.info("session.opened", tenant=row["tenant"])
        return OpenedSession(name, session)

    async def find(self, name: str) -> Session:
        """The live session of this name; being found counts as being used.

        Raises:
            Unauthenticated: ended (logged out, never was) or expired.
        """
        now = int(self._clock())
        query = select(SESSION).where(SESSION.c.digest == _digest(name))
        async with self._scope.reading() as connection:
            row = (await connection.execute(query)).first()
        if row is None:
            raise Unauthenticated(Reason.ENDED)
        if now - row.touched_at >= IDLE_SECONDS or now - row.created_at >= ABSOLUTE_SECONDS:
            await self.close(name)
            raise Unauthenticated(Reason.EXPIRED)
        if now - row.touched_at >= TOUCH_SECONDS:
            await self._change(name, {"touched_at": now})
        return replace(self._opened(name, row.sealed, row.created_at), outdated=row.outdated)

    async def renew(self, name: str, session: Session, *, caller: Caller, tokens: Tokens) -> Session:
        """The same session with fresh tokens; its end stays where it was."""
        renewed = replace(session, caller=caller, tokens=tokens, outdated=0)
        await self._change(
            name,
            {
                "sealed": self._sealed(name, renewed),
                "sid": caller.session or "",
                # What changed after these tokens were asked for still counts.
                "outdated": SESSION.c.outdated - session.outdated,
            },
        )
        return renewed

    async def know(self, name: str, session: Session, organisations: tuple[Organisation, ...]) -> None:
        """Remember which organisations the session's person belongs to."""
        known = replace(session, organisations=organisations)
        await self._change(name, {"sealed": self._sealed(name, known)})

    async def outdate(self, tenant: TenantId, subject: str) -> None:
        """The person's roles in this organisation have changed: their sessions there are renewed when next used."""
        theirs = (SESSION.c.tenant == tenant.alias) & (SESSION.c.subject == subject)
        change = update(SESSION).where(theirs).values(outdated=SESSION.c.outdated + 1)
        async with self._scope.writing() as connection:
            await connection.execute(change)

    async def close(self, name: str) -> None:
        """End a session; nothing happens if there is none."""
        await self._drop(SESSION.c.digest == _digest(name))

    async def close_all(self, *, sid: str | None = None, subject: str | None = None) -> int:
        """End what a back-channel logout names: one login (``sid``), or all of a person's; says how many."""
        which = _named(sid, subject)
        return 0 if which is None else await self._drop(which)

    async def count(self, *, sid: str | None = None, subject: str | None = None) -> int:
        """How many sessions that would end."""
        which = _named(sid, subject)
        if which is None:
            return 0
        async with self._scope.reading() as connection:
            found = await connection.execute(select(func.count()).select_from(SESSION).where(which))
            return found.scalar_one()

    async def sweep(self) -> int:
        """Delete the expired; call it now and then. Returns how many."""
        now = int(self._clock())
        idle, old = now - IDLE_SECONDS, now - ABSOLUTE_SECONDS
        return await self._drop(or_(SESSION.c.touched_at <= idle, SESSION.c.created_at <= old))

    async def _drop(self, which: ColumnElement[bool]) -> int:
        async with self._scope.writing() as connection:
            return (await connection.execute(delete(SESSION).where(which))).rowcount

    async def _change(self, name: str, values: dict[str, object]) -> None:
        # An update, never an insert: a session that was ended meanwhile stays ended.
        change = update(SESSION).where(SESSION.c.digest == _digest(name)).values(values)
        async with self._scope.writing() as connection:
            await connection.execute(change)

    def _random(self) -> str:
        return urlsafe_b64encode(self._entropy(32)).rstrip(b"=").decode()

    def _sealed(self, name: str, session: Session) -> bytes:
        return self._sealer.seal(json.dumps(_written(session)).encode(), purpose=_digest(name))

    def _opened(self, name: str, sealed: bytes, created_at: int) -> Session:
        try:
            plain = self._sealer.open(sealed, purpose=_digest(name))
        except Unsealable as fault:
            # The installation's key was changed: everyone logs in anew.
            raise Unauthenticated(Reason.ENDED) from fault
        return _read(json.loads(plain), created_at)


def _named(sid: str | None, subject: str | None) -> ColumnElement[bool] | None:
    if sid:
        return SESSION.c.sid == sid
    return SESSION.c.subject == subject if subject else None


def _written(session: Session) -> dict[str, object]:
    caller, tokens = session.caller, session.tokens
    said: dict[str, object] = {
        "subject": caller.subject,
        "issuer": caller.issuer,
        "client": caller.client,
        "session": caller.session,
        "name": caller.name,
        "expires": caller.expires,
        "tokens": [tokens.access, tokens.refresh, tokens.identity, tokens.expires],
        "csrf": session.csrf,
        "organisations": [[each.tenant.alias, each.name] for each in session.organisations],
    }
    if isinstance(caller, Principal):
        said |= {"tenant": caller.tenant.alias, "roles": sorted(caller.roles), "acr": caller.acr}
        said |= {"organisation": caller.organisation}
    return said


def _read(said: dict[str, Any], created_at: int) -> Session:
    access, refresh, identity, expires = said["tokens"]
    tokens = Tokens(access, refresh, identity, expires)
    known = tuple(Organisation(TenantId(alias), name) for alias, name in said.get("organisations", ()))
    return Session(_caller(said), tokens, said["csrf"], created_at, created_at + ABSOLUTE_SECONDS, known)


def _caller(said: dict[str, Any]) -> Caller:
    common = {name: said[name] for name in ("subject", "issuer", "client", "session", "name", "expires")}
    if "tenant" not in said:
        return Operator(method=Method.SESSION, **common)
    return Principal(
        tenant=TenantId(said["tenant"]),
        roles=frozenset(Role(role) for role in said["roles"]),
        method=Method.SESSION,
        acr=said["acr"],
        organisation=said["organisation"],
        **common,
    )
