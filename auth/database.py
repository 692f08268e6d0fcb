"""The relational state: one engine, and transactions that belong to a tenant or to the installation."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass

import anyio
from sqlalchemy import event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from auth.errors import DatabaseDown
from auth.identity import TenantId

# Named with a dot: PostgreSQL takes such names as settings of ours (custom options, section 20.16).
TENANT_SETTING = "valv.tenant"

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}


def _asynchronous(url: str) -> URL:
    parsed = make_url(url)
    return parsed.set(drivername=_DRIVERS[parsed.get_backend_name()])


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@contextmanager
def _answering() -> Iterator[None]:
    """A database that is gone, told in our words."""
    try:
        yield
    except (InterfaceError, OperationalError) as gone:
        raise DatabaseDown from gone


@dataclass(frozen=True, slots=True)
class Scope:
    """Transactions that all stand for the same tenant, or for the installation as a whole.

    ``turn`` is held by whoever writes; one transaction that writes is never inside another.
    """

    engine: AsyncEngine
    tenant: TenantId | None
    turn: AbstractAsyncContextManager[None]

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that is rolled back at its end.

        Raises:
            DatabaseDown.
        """
        with _answering():
            async with self.engine.connect() as connection:
                await self._claim(connection)
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that is committed at its end, and rolled back on an error.

        Raises:
            DatabaseDown.
        """
        async with self.turn:
            with _answering():
                async with self._begun() as connection:
                    yield connection
                    await connection.commit()

    @asynccontextmanager
    async def _begun(self) -> AsyncIterator[AsyncConnection]:
        async with self.engine.connect() as connection:
            await self._claim(connection)
            if self.engine.dialect.name == "sqlite":
                # A deferred transaction that turns from reading to writing fails at once when another writes.
                await connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection

    async def _claim(self, connection: AsyncConnection) -> None:
        if self.tenant is None or self.engine.dialect.name != "postgresql":
            return
        claim = text("SELECT set_config(:setting, :tenant, true)")
        await connection.execute(claim, {"setting": TENANT_SETTING, "tenant": self.tenant.alias})


class Database:
    """One engine; ``of(tenant)`` is the only way to a tenant's rows.

    On PostgreSQL every tenant transaction carries the setting ``valv.tenant``, which the row-level-security
    policies compare with each row's tenant (the second lock; the first is that repositories are built from a
    ``TenantId``).
    """

    def __init__(self, url: str) -> None:
        self._engine = create_async_engine(_asynchronous(url), pool_pre_ping=True)
        self._turn: AbstractAsyncContextManager[None] = nullcontext()
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine.sync_engine, "connect", _prepare_sqlite)
            # SQLite has one writer at a time and lets chance decide who is next: here it is who came first.
            self._turn = anyio.Lock()

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    @property
    def engine(self) -> AsyncEngine:
        """The engine itself, for migrations and tests."""
        return self._engine

    def of(self, tenant: TenantId) -> Scope:
        """Transactions of one tenant."""
        return Scope(self._engine, tenant, self._turn)

    @property
    def installation(self) -> Scope:
        """Transactions over tables that belong to no tenant, or are looked up before the tenant is known."""
        return Scope(self._engine, None, self._turn)

    async def close(self) -> None:
        await self._engine.dispose()
