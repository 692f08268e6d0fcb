"""API keys: shown once, stored as a hash, and good for less than their owner."""

import hmac
from collections.abc import Callable, Mapping
from typing import Final

import structlog
from sqlalchemy import bindparam, insert, select, update

from auth.apikey import ApiKey, NewKey, columns, digest, holder, named, new_name, new_secret, read
from auth.database import Database
from auth.errors import (
    DatabaseDown,
    Forbidden,
    KeyLifetimeInvalid,
    KeyNameInvalid,
    KeyNotFound,
    Reason,
    ScopesNotHeld,
    Unauthenticated,
)
from auth.identity import Principal, Role, TenantId
from auth.policy import KEY_SCOPES, Action, KeyHolder, granted
from auth.recent import Recent
from auth.tables import API_KEY

log = structlog.get_logger(__name__)

CACHED_SECONDS: Final = 5.0
CACHED_KEYS: Final = 10_000
USED_SECONDS: Final = 60
DEFAULT_DAYS: Final = 90
LIMIT_DAYS: Final = 366
NAME_LIMIT: Final = 100
_DAY: Final = 86_400


class TenantKeys:
    """The API keys of one organisation."""

    def __init__(
        self,
        database: Database,
        tenant: TenantId,
        *,
        clock: Callable[[], float],
        entropy: Callable[[int], bytes],
        recent: Recent[KeyHolder],
    ) -> None:
        self._scope = database.of(tenant)
        self._tenant = tenant
        self._clock = clock
        self._entropy = entropy
        self._recent = recent

    async def create(
        self,
        owner: Principal,
        *,
        name: str,
        scopes: frozenset[Action] | None = None,
        models: frozenset[str] = frozenset(),
        days: int = DEFAULT_DAYS,
    ) -> NewKey:
        """A new key of the owner's; ``scopes=None`` is everything that a key of theirs may carry.

        Raises:
            KeyNameInvalid: the name is empty, too long or holds control characters.
            KeyLifetimeInvalid: not 1 to 366 days.
            ScopesNotHeld: a scope that its owner does not hold, or that no key may carry.
            Forbidden: the owner acts for another organisation.
        """
        if owner.tenant != self._tenant:
            raise Forbidden(Action.KEY_CREATE)
        _check_name(name)
        if not 1 <= days <= LIMIT_DAYS:
            raise KeyLifetimeInvalid(LIMIT_DAYS)
        carried = _carried(owner, scopes)
        now = int(self._clock())
        made = ApiKey(
            key=new_name(self._entropy),
            tenant=self._tenant,
            name=name,
            subject=owner.subject,
            issuer=owner.issuer,
            roles=owner.roles,
            scopes=carried,
            models=models,
            created_at=now,
            expires_at=now + days * _DAY,
            used_at=None,
            revoked_at=None,
        )
        secret = new_secret(made.key, self._entropy)
        async with self._scope.writing() as connection:
            await connection.execute(insert(API_KEY), {**columns(made), "digest": digest(secret)})
        log.info("key.created", tenant=self._tenant.alias, key=made.key)
        return NewKey(made, secret)

    async def list(self) -> list[ApiKey]:
        """Every key of the organisation, the revoked and the expired too, newest first."""
        query = select(API_KEY).where(API_KEY.c.tenant == self._tenant.alias)
        async with self._scope.reading() as connection:
            rows = await connection.execute(query.order_by(API_KEY.c.created_at.desc(), API_KEY.c.key))
            return [read(row) for row in rows]

    async def find(self, key: str) -> ApiKey:
        """One key of the organisation.

        Raises:
            KeyNotFound: it has none of that id.
        """
        query = select(API_KEY).where(API_KEY.c.tenant == self._tenant.alias, API_KEY.c.key == key)
        async with self._scope.reading() as connection:
            row = (await connection.execute(query)).first()
        if row is None:
            raise KeyNotFound(key)
        return read(row)

    async def revoke(self, key: str) -> None:
        """End a key: at once in this process, within 5 seconds in others. Ending it again changes nothing.

        Raises:
            KeyNotFound: the organisation has none of that id.
        """
        mine = (API_KEY.c.tenant == self._tenant.alias) & (API_KEY.c.key == key)
        ended = update(API_KEY).where(mine, API_KEY.c.revoked_at.is_(None))
        async with self._scope.writing() as connection:
            await connection.execute(ended, {"revoked_at": int(self._clock())})
            found = (await connection.execute(select(API_KEY.c.key).where(mine))).first()
        if found is None:
            raise KeyNotFound(key)
        self._recent.forget(lambda cached: cached.key == key)
        log.info("key.revoked", tenant=self._tenant.alias, key=key)

    async def confine(self, subject: str, roles: frozenset[Role]) -> None:
        """A person's keys do no more than these roles allow; without any role left, every key of theirs ends.

        At once in this process, within 5 seconds in others.
        """
        mine = (API_KEY.c.tenant == self._tenant.alias) & (API_KEY.c.subject == subject)
        live = select(API_KEY).where(mine, API_KEY.c.revoked_at.is_(None))
        async with self._scope.writing() as connection:
            for key in [read(row) for row in await connection.execute(live)]:
                kept = key.roles & roles
                ended = None if kept else int(self._clock())
                values = {"roles": " ".join(sorted(kept)), "revoked_at": ended}
                await connection.execute(update(API_KEY).where(mine, API_KEY.c.key == key.key), values)
        self._recent.forget(lambda cached: (cached.tenant, cached.subject) == (self._tenant, subject))


class KeyRing:
    """Every API key of the installation: whose it is, and the way to one organisation's keys."""

    def __init__(
        self, database: Database, *, clock: Callable[[], float], entropy: Callable[[int], bytes]
    ) -> None:
        """``entropy(n)`` gives n random bytes: ``secrets.token_bytes``."""
        self._database = database
        self._clock = clock
        self._entropy = entropy
        self._recent: Recent[KeyHolder] = Recent(CACHED_KEYS)
        self._used: dict[tuple[str, str], int] = {}

    def of(self, tenant: TenantId) -> TenantKeys:
        """The keys of one organisation."""
        return TenantKeys(
            self._database, tenant, clock=self._clock, entropy=self._entropy, recent=self._recent
        )

    def known(self, secret: str) -> KeyHolder | None:
        """The caller, if this very secret was looked up within the last 5 seconds; never waits.

        Raises:
            Unauthenticated: expired.
        """
        now = self._clock()
        bearer = self._recent.get(digest(secret), now)
        if bearer is None:
            return None
        if bearer.expires is not None and now >= bearer.expires:
            raise Unauthenticated(Reason.EXPIRED, named=bearer)
        self._note_use(bearer, now)
        return bearer

    async def authenticate(self, secret: str) -> KeyHolder:
        """The caller with this key.

        Raises:
            Unauthenticated: malformed, unknown_key, revoked or expired.
        """
        known = self.known(secret)
        if known is not None:
            return known
        key = named(secret)
        if key is None:
            raise Unauthenticated(Reason.MALFORMED)
        bearer = self._holder(await self._stored(key, secret))
        self._recent.put(digest(secret), bearer, self._clock() + CACHED_SECONDS)
        return bearer

    async def flush(self) -> None:
        """Write down when keys were last used; call it now and then, and before closing.

        Raises:
            DatabaseDown: it is kept for the next time.
        """
        used, self._used = self._used, {}
        if not used:
            return
        try:
            await self._write_down(used)
        except DatabaseDown:
            self._used = used | self._used
            raise

    async def _write_down(self, used: Mapping[tuple[str, str], int]) -> None:
        rows = [{"of": of, "which": key, "used_at": at} for (of, key), at in used.items()]
        mine = (API_KEY.c.tenant == bindparam("of")) & (API_KEY.c.key == bindparam("which"))
        async with self._database.installation.writing() as connection:
            await connection.execute(update(API_KEY).where(mine), rows)

    async def _stored(self, key: str, secret: str) -> ApiKey:
        query = select(API_KEY).where(API_KEY.c.key == key)
        async with self._database.installation.reading() as connection:
            row = (await connection.execute(query)).first()
        if row is None or not hmac.compare_digest(row.digest, digest(secret)):
            raise Unauthenticated(Reason.UNKNOWN_KEY)
        return read(row)

    def _holder(self, found: ApiKey) -> KeyHolder:
        now, bearer = self._clock(), holder(found)
        if found.revoked_at is not None:
            raise Unauthenticated(Reason.REVOKED, named=bearer)
        if not found.live(now):
            raise Unauthenticated(Reason.EXPIRED, named=bearer)
        self._note_use(bearer, now)
        return bearer

    def _note_use(self, bearer: KeyHolder, now: float) -> None:
        # Coarse on purpose: a key's minute is enough to find a forgotten one, and follows nobody about.
        self._used[bearer.tenant.alias, bearer.client] = int(now) - int(now) % USED_SECONDS


def _check_name(name: str) -> None:
    if not 1 <= len(name) <= NAME_LIMIT or not name.isprintable() or not name.strip():
        raise KeyNameInvalid(NAME_LIMIT)


def _carried(owner: Principal, scopes: frozenset[Action] | None) -> frozenset[Action]:
    held = granted(owner) & KEY_SCOPES
    if scopes is None:
        return held
    if not scopes <= held:
        raise ScopesNotHeld(scopes - held)
    return scopes
