"""Counts model calls in memory, and writes the sums down now and then: no call waits for the database."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Final

import anyio

from auth.database import Database
from auth.errors import DatabaseDown
from auth.identity import Principal, TenantId
from gateway.usage.records import WORKSPACE, Figures, TenantUsage
from gateway.usage.tables import SUMS

_DAY_SECONDS: Final = 86_400
_FIRST_DAY: Final = date(1970, 1, 1)
_PLACES: Final = {name: place for place, name in enumerate(SUMS)}
_READ, _WRITTEN = _PLACES["tokens_in"], _PLACES["tokens_out"]

_Row = tuple[int, str, str]  # days since the epoch, key, model
_Sums = dict[_Row, list[int]]


class Counter:
    """The usage of every organisation, on its way from this process to the database.

    What was counted since the last ``flush`` is lost when the process is killed: the ledger has every call, this
    is a sum for people to look at.
    """

    def __init__(self, database: Database, *, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._waiting: defaultdict[str, _Sums] = defaultdict(dict)
        self._flushing = anyio.Lock()

    def count(self, who: Principal, *, model: str, ending: str, read: int, written: int) -> None:
        """Count a call that has ended: ``ok``, ``failed``, ``blocked`` or ``client_aborted``. Never waits."""
        row = (int(self._clock()) // _DAY_SECONDS, who.key or WORKSPACE, model)
        rows = self._waiting[who.tenant.alias]
        sums = rows.get(row)
        if sums is None:
            sums = rows[row] = [0] * len(SUMS)
        sums[_PLACES[ending]] += 1
        sums[_READ] += read
        sums[_WRITTEN] += written

    async def of(self, tenant: TenantId, first: date, last: date) -> list[Figures]:
        """The organisation's figures of these days, with everything that this process has counted.

        Raises:
            DatabaseDown.
        """
        await self.flush()
        return await TenantUsage(self._database, tenant).between(first, last)

    def today(self) -> date:
        """The day that a call counts for now."""
        return datetime.fromtimestamp(self._clock(), UTC).date()

    async def flush(self) -> None:
        """Write down what was counted; call it every few seconds, and before closing.

        Raises:
            DatabaseDown: what could not be written is kept for the next time.
        """
        async with self._flushing:
            waiting, self._waiting = self._waiting, defaultdict(dict)
            try:
                for alias in list(waiting):
                    await self._write(alias, waiting[alias])
                    del waiting[alias]
            finally:
                self._put_back(waiting)

    async def close(self) -> None:
        """Write down what is left, if the database can be reached."""
        with anyio.CancelScope(shield=True), suppress(DatabaseDown):
            await self.flush()

    async def _write(self, alias: str, sums: _Sums) -> None:
        figures = [
            Figures(_FIRST_DAY + timedelta(days=day), key, model, *counted)
            for (day, key, model), counted in sums.items()
        ]
        # Cut off in the middle of a commit, nobody would know whether it was counted.
        with anyio.CancelScope(shield=True):
            await TenantUsage(self._database, TenantId(alias)).add(figures)

    def _put_back(self, left: Mapping[str, _Sums]) -> None:
        for alias, sums in left.items():
            now = self._waiting[alias]
            for row, counted in sums.items():
                since = now.get(row, [0] * len(SUMS))
                now[row] = [one + other for one, other in zip(counted, since, strict=True)]
