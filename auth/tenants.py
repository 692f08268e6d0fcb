"""Which organisation an alias stands for: bound on first sight, and never to another."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from auth.database import Database
from auth.errors import TenantChanged, UnknownTenant
from auth.identity import TenantId
from auth.tables import TENANT

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class BoundTenant:
    """An organisation that was seen here: its alias, its id in Keycloak, since when (epoch seconds)."""

    tenant: TenantId
    organisation: str
    bound_at: int


class Tenants:
    """The registry alias -> organisation id."""

    def __init__(self, database: Database, *, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        # Grows by one entry an organisation, and an entry never changes.
        self._seen: dict[TenantId, str] = {}

    async def bind(self, tenant: TenantId, organisation: str) -> None:
        """Return if the alias stands for this organisation, now and ever since it was first seen.

        Raises:
            TenantChanged: it stands for another one.
        """
        if tenant not in self._seen:
            self._seen[tenant] = await self._stored(tenant, organisation)
        if self._seen[tenant] != organisation:
            log.warning("tenant.changed", tenant=tenant.alias)
            raise TenantChanged(tenant.alias)

    async def stands_for(self, tenant: TenantId, organisation: str) -> bool:
        """Whether the alias is bound to this organisation; binds nothing."""
        if tenant in self._seen:
            return self._seen[tenant] == organisation
        query = select(TENANT.c.organisation).where(TENANT.c.tenant == tenant.alias)
        async with self._database.of(tenant).reading() as connection:
            return (await connection.execute(query)).scalar() == organisation

    async def organisation(self, tenant: TenantId) -> str:
        """The organisation that the alias has been bound to since it was first seen.

        Raises:
            UnknownTenant: it was never seen.
        """
        query = select(TENANT.c.organisation).where(TENANT.c.tenant == tenant.alias)
        async with self._database.of(tenant).reading() as connection:
            found: str | None = (await connection.execute(query)).scalar()
        if found is None:
            raise UnknownTenant(tenant.alias)
        return found

    async def known(self) -> list[BoundTenant]:
        """Every organisation that has been seen, by alias."""
        async with self._database.installation.reading() as connection:
            rows = await connection.execute(select(TENANT).order_by(TENANT.c.tenant))
            return [BoundTenant(TenantId(row.tenant), row.organisation, row.bound_at) for row in rows]

    async def _stored(self, tenant: TenantId, organisation: str) -> str:
        scope = self._database.of(tenant)
        query = select(TENANT.c.organisation).where(TENANT.c.tenant == tenant.alias)
        async with scope.reading() as connection:
            found: str | None = (await connection.execute(query)).scalar()
        if found is not None:
            return found
        insert = sqlite.insert if self._database.dialect == "sqlite" else postgresql.insert
        first = insert(TENANT).on_conflict_do_nothing()
        row = {"tenant": tenant.alias, "organisation": organisation, "bound_at": int(self._clock())}
        async with scope.writing() as connection:
            await connection.execute(first, row)
            # Read back: another gateway may have been first.
            stored: str = (await connection.execute(query)).scalar_one()
        log.info("tenant.bound", tenant=tenant.alias)
        return stored
