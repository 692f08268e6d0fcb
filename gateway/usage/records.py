"""The usage of one organisation as it is kept: sums that are added to, and read by days."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.dialects import postgresql, sqlite

from auth.database import Database
from auth.identity import TenantId
from gateway.usage.tables import SUMS, usage

WORKSPACE: Final = ""
"""The key that stands for everyone who asked without one."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one key asked of one model in one day (UTC): calls by how they ended, and tokens."""

    day: date
    key: str
    model: str
    ok: int = 0
    failed: int = 0
    blocked: int = 0
    client_aborted: int = 0
    tokens_in: int = 0
    tokens_out: int = 0


class TenantUsage:
    """Built from a tenant; no method takes one."""

    def __init__(self, database: Database, tenant: TenantId) -> None:
        self._scope = database.of(tenant)
        self._tenant = tenant.alias
        self._insert = sqlite.insert if database.dialect == "sqlite" else postgresql.insert

    async def add(self, figures: Sequence[Figures]) -> None:
        """Add to what was counted before, by this gateway or another.

        Raises:
            DatabaseDown: nothing was added.
        """
        row = self._insert(usage)
        sums = {name: usage.c[name] + row.excluded[name] for name in SUMS}
        added = row.on_conflict_do_update(index_elements=["tenant", "day", "key", "model"], set_=sums)
        rows = [{"tenant": self._tenant, **asdict(each)} for each in figures]
        async with self._scope.writing() as connection:
            await connection.execute(added, rows)

    async def between(self, first: date, last: date) -> list[Figures]:
        """The figures of these days and all between them, by day, key and model.

        Raises:
            DatabaseDown.
        """
        mine = (usage.c.tenant == self._tenant) & usage.c.day.between(first, last)
        query = select(usage).where(mine).order_by(usage.c.day, usage.c.key, usage.c.model)
        async with self._scope.reading() as connection:
            return [_read(row) for row in await connection.execute(query)]


def _read(row: Row[Any]) -> Figures:
    sums = {name: getattr(row, name) for name in SUMS}
    return Figures(row.day, row.key, row.model, **sums)
