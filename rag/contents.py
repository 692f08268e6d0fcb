"""What a tenant's documents say: their pages, and the passages that are searched."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, Select, and_, delete, insert, select, update

from auth.database import Database
from auth.identity import TenantId
from rag.documents import Passage, Stage, State
from rag.errors import UnknownDocument, UnknownPage
from rag.extraction import Extract
from rag.splitting import Piece
from rag.tables import documents, pages, passages

_ROWS_AT_ONCE = 200


class Contents:
    """Built from a tenant; every statement is bound to it, and no method takes one."""

    def __init__(self, database: Database, tenant: TenantId) -> None:
        self._scope = database.of(tenant)
        self._tenant = tenant.alias

    async def put(self, document: str, extract: Extract, pieces: Sequence[Piece]) -> None:
        """Store a document's pages and passages in place of what was there; what is left to do is to embed them.

        Raises:
            UnknownDocument: it was removed in the meantime.
        """
        whose = {"tenant": self._tenant, "document": document}
        async with self._scope.writing() as connection:
            held = update(documents).where(documents.c.tenant == self._tenant, documents.c.id == document)
            count = len(extract.pages) if extract.paged else None
            if (await connection.execute(held.values(pages=count, stage=Stage.EMBEDDING))).rowcount == 0:
                raise UnknownDocument(document)
            texts = [whose | {"number": number, "text": text} for number, text in enumerate(extract.pages, 1)]
            rows = [
                whose | asdict(piece) | {"ordinal": ordinal, "paged": extract.paged}
                for ordinal, piece in enumerate(pieces)
            ]
            for table, content in ((pages, texts), (passages, rows)):
                here = and_(table.c.tenant == self._tenant, table.c.document == document)
                await connection.execute(delete(table).where(here))
                for at in range(0, len(content), _ROWS_AT_ONCE):
                    await connection.execute(insert(table), content[at : at + _ROWS_AT_ONCE])

    async def page(self, document: str, number: int) -> str:
        """The text of a page, from 1; a document without pages has its whole text as number 1.

        Raises:
            UnknownDocument: it is not this tenant's.
            UnknownPage: there is no such page, or it is not read yet.
        """
        here = and_(pages.c.tenant == self._tenant, pages.c.document == document, pages.c.number == number)
        async with self._scope.reading() as connection:
            text = (await connection.execute(select(pages.c.text).where(here))).scalar_one_or_none()
        if text is None:
            await self._require(document)
            raise UnknownPage(document, number)
        return str(text)

    async def pieces_of(self, document: str) -> list[Passage]:
        """A document's passages, in order, whether it is ready or not."""
        query = self._passages().where(documents.c.id == document).order_by(passages.c.ordinal)
        async with self._scope.reading() as connection:
            return [_passage(row) for row in await connection.execute(query)]

    async def passages_of(self, collection: str) -> list[Passage]:
        """The passages of a collection's ready documents."""
        query = self._passages().where(documents.c.collection == collection, documents.c.state == State.READY)
        async with self._scope.reading() as connection:
            return [_passage(row) for row in await connection.execute(query)]

    async def _require(self, document: str) -> None:
        mine = select(documents.c.id).where(documents.c.tenant == self._tenant, documents.c.id == document)
        async with self._scope.reading() as connection:
            if (await connection.execute(mine)).one_or_none() is None:
                raise UnknownDocument(document)

    def _passages(self) -> Select[Any]:
        joined = passages.join(
            documents,
            and_(documents.c.tenant == passages.c.tenant, documents.c.id == passages.c.document),
        )
        return (
            select(passages, documents.c.name, documents.c.collection)
            .select_from(joined)
            .where(passages.c.tenant == self._tenant)
        )


def _passage(row: Row[Any]) -> Passage:
    return Passage(
        document=row.document,
        collection=row.collection,
        name=row.name,
        page=row.number if row.paged else None,
        start=row.start,
        end=row.end,
        text=row.text,
        ordinal=row.ordinal,
        heading=row.heading,
    )
