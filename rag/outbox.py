"""What is still to be taken in, for the whole installation; read when nobody's tenant is known yet."""

from dataclasses import dataclass

from sqlalchemy import and_, select, update

from auth.database import Database
from auth.identity import TenantId
from rag.tables import outbox


@dataclass(frozen=True, slots=True)
class Work:
    """A document to take in: the name of this try, and how many before it ended in a fault of ours."""

    tenant: TenantId
    document: str
    attempt: str
    failures: int = 0

    @property
    def key(self) -> str:
        """Names this try, once and for all."""
        return f"{self.tenant}/{self.document}/{self.attempt}"


class Outbox:
    """The list of work that is not done. Rows are added and removed with the document's own, by ``Records``."""

    def __init__(self, database: Database) -> None:
        self._scope = database.installation

    async def waiting(self) -> list[Work]:
        """All work that is not done, whoever is at it."""
        async with self._scope.reading() as connection:
            rows = await connection.execute(select(outbox).order_by(outbox.c.tenant, outbox.c.document))
            return [Work(TenantId(row.tenant), row.document, row.attempt, row.failures) for row in rows]

    async def work(self, tenant: TenantId, document: str) -> Work | None:
        """What is to be done about a document; ``None`` when nothing is."""
        here = and_(outbox.c.tenant == tenant.alias, outbox.c.document == document)
        async with self._scope.reading() as connection:
            row = (await connection.execute(select(outbox).where(here))).one_or_none()
        return None if row is None else Work(tenant, document, row.attempt, row.failures)

    async def retry(self, work: Work, *, attempt: str, failures: int) -> Work | None:
        """The next try of this work; ``None`` if another process was faster, or there is nothing to do any more."""
        here = and_(
            outbox.c.tenant == work.tenant.alias,
            outbox.c.document == work.document,
            outbox.c.attempt == work.attempt,
        )
        following = Work(work.tenant, work.document, attempt, failures)
        async with self._scope.writing() as connection:
            changed = await connection.execute(
                update(outbox).where(here).values(attempt=attempt, failures=failures)
            )
        return following if changed.rowcount else None
