"""A tenant's rows: its collections and its documents."""

from collections.abc import Iterable, Set
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from auth.database import Database
from auth.identity import TenantId
from rag.documents import Collection, Document, Stage, State
from rag.errors import UnknownCollection, UnknownDocument, Unreadable
from rag.tables import collections, documents, outbox


class Records:
    """Built from a tenant; every statement is bound to it, and no method takes one."""

    def __init__(self, database: Database, tenant: TenantId) -> None:
        self._scope = database.of(tenant)
        self._tenant = tenant.alias

    async def collections(self) -> list[Collection]:
        """The tenant's collections, oldest first."""
        query = select(collections).where(collections.c.tenant == self._tenant)
        async with self._scope.reading() as connection:
            rows = await connection.execute(query.order_by(collections.c.created, collections.c.id))
            return [_collection(row) for row in rows]

    async def collection(self, collection: str) -> Collection:
        """One collection.

        Raises:
            UnknownCollection: it is not this tenant's.
        """
        query = select(collections).where(self._is_collection(collection))
        async with self._scope.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise UnknownCollection(collection)
        return _collection(row)

    async def add_collection(self, collection: Collection) -> None:
        async with self._scope.writing() as connection:
            row = {"tenant": self._tenant} | asdict(collection)
            await connection.execute(insert(collections).values(row))

    async def rename_collection(self, collection: str, name: str) -> None:
        """Raises UnknownCollection: it is not this tenant's."""
        async with self._scope.writing() as connection:
            changed = update(collections).where(self._is_collection(collection)).values(name=name)
            if (await connection.execute(changed)).rowcount == 0:
                raise UnknownCollection(collection)

    async def remove_collection(self, collection: str) -> set[str]:
        """Remove a collection with everything in it; which contents (sha256) no document has any more.

        Raises:
            UnknownCollection: it is not this tenant's.
        """
        held = self._documents().where(documents.c.collection == collection)
        async with self._scope.writing() as connection:
            contained = [_document(row) for row in await connection.execute(held)]
            await self._forget_work(connection, [document.id for document in contained])
            removed = await connection.execute(delete(collections).where(self._is_collection(collection)))
            if removed.rowcount == 0:
                raise UnknownCollection(collection)
            return await self._unused(connection, {document.sha256 for document in contained})

    async def documents(self, collection: str) -> list[Document]:
        """A collection's documents, oldest first."""
        query = self._documents().where(documents.c.collection == collection)
        async with self._scope.reading() as connection:
            rows = await connection.execute(query.order_by(documents.c.created, documents.c.id))
            return [_document(row) for row in rows]

    async def document(self, document: str) -> Document:
        """One document.

        Raises:
            UnknownDocument: it is not this tenant's.
        """
        query = self._documents().where(documents.c.id == document)
        async with self._scope.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise UnknownDocument(document)
        return _document(row)

    async def versions(self, ids: Set[str]) -> dict[str, str]:
        """The contents (sha256) of these documents, in one query.

        Raises:
            UnknownDocument: one of them is not this tenant's.
        """
        query = self._documents().where(documents.c.id.in_(ids))
        async with self._scope.reading() as connection:
            found = {row.id: row.sha256 for row in await connection.execute(query)}
        for document in ids:
            if document not in found:
                raise UnknownDocument(document)
        return found

    async def add_document(self, document: Document, *, attempt: str) -> Document:
        """Add a document that is to be taken in; the one with the same content, if the collection has it already.

        One that failed before is to be taken in again. ``attempt`` names the first try, once and for all.

        Raises:
            UnknownCollection: it is not this tenant's.
        """
        async with self._scope.writing() as connection:
            await self._require_collection(connection, document.collection)
            same = self._documents().where(
                documents.c.collection == document.collection, documents.c.sha256 == document.sha256
            )
            row = (await connection.execute(same)).one_or_none()
            if row is None:
                await connection.execute(
                    insert(documents).values({"tenant": self._tenant} | asdict(document))
                )
                await self._add_work(connection, document.id, attempt)
                return document
            there = _document(row)
            return await self._again(connection, there, attempt) if there.state is State.FAILED else there

    async def remove_document(self, document: str) -> set[str]:
        """Remove a document with its pages and passages; which contents (sha256) no document has any more.

        Raises:
            UnknownDocument: it is not this tenant's.
        """
        mine = self._is_document(document)
        async with self._scope.writing() as connection:
            row = (
                await connection.execute(self._documents().where(documents.c.id == document))
            ).one_or_none()
            if row is None:
                raise UnknownDocument(document)
            await self._forget_work(connection, [document])
            await self._revise(connection, row.collection)
            await connection.execute(delete(documents).where(mine))
            return await self._unused(connection, {row.sha256})

    async def set_stage(self, document: str, stage: Stage) -> None:
        """Say how far a document has come."""
        async with self._scope.writing() as connection:
            values = {"state": State.WORKING, "stage": stage}
            await connection.execute(update(documents).where(self._is_document(document)).values(values))

    async def finish(self, document: str) -> None:
        """A document can be found from now on, whole.

        Raises:
            UnknownDocument: it was removed in the meantime.
        """
        await self._settle(document, {"state": State.READY, "stage": Stage.DONE, "error": None})

    async def fail(self, document: str, reason: Unreadable) -> None:
        """A document can't be taken in.

        Raises:
            UnknownDocument: it was removed in the meantime.
        """
        await self._settle(document, {"state": State.FAILED, "stage": Stage.DONE, "error": reason})

    def _documents(self) -> Select[Any]:
        return select(documents).where(documents.c.tenant == self._tenant)

    def _is_collection(self, collection: str) -> ColumnElement[bool]:
        return and_(collections.c.tenant == self._tenant, collections.c.id == collection)

    def _is_document(self, document: str) -> ColumnElement[bool]:
        return and_(documents.c.tenant == self._tenant, documents.c.id == document)

    async def _require_collection(self, connection: AsyncConnection, collection: str) -> None:
        # Locked, so that on PostgreSQL two uploads of one file at once meet here and not at the unique key.
        query = select(collections.c.id).where(self._is_collection(collection)).with_for_update()
        if (await connection.execute(query)).one_or_none() is None:
            raise UnknownCollection(collection)

    async def _again(self, connection: AsyncConnection, document: Document, attempt: str) -> Document:
        values = {"state": State.QUEUED, "stage": Stage.WAITING, "error": None}
        await connection.execute(update(documents).where(self._is_document(document.id)).values(values))
        await self._add_work(connection, document.id, attempt)
        return replace(document, state=State.QUEUED, stage=Stage.WAITING, error=None)

    async def _settle(self, document: str, values: dict[str, Any]) -> None:
        mine = self._is_document(document)
        async with self._scope.writing() as connection:
            settled = update(documents).where(mine).values(values).returning(documents.c.collection)
            collection = (await connection.execute(settled)).scalar_one_or_none()
            await self._forget_work(connection, [document])
            if collection is not None:
                await self._revise(connection, collection)
        if collection is None:
            raise UnknownDocument(document)

    async def _revise(self, connection: AsyncConnection, collection: str) -> None:
        raised = update(collections).where(self._is_collection(collection))
        await connection.execute(raised.values(revision=collections.c.revision + 1))

    async def _add_work(self, connection: AsyncConnection, document: str, attempt: str) -> None:
        row = {"tenant": self._tenant, "document": document, "attempt": attempt, "failures": 0}
        await connection.execute(insert(outbox).values(row))

    async def _forget_work(self, connection: AsyncConnection, ids: Iterable[str]) -> None:
        for document in ids:
            row = and_(outbox.c.tenant == self._tenant, outbox.c.document == document)
            await connection.execute(delete(outbox).where(row))

    async def _unused(self, connection: AsyncConnection, contents: set[str]) -> set[str]:
        mine = select(documents.c.sha256).where(documents.c.tenant == self._tenant)
        held = {row.sha256 for row in await connection.execute(mine.where(documents.c.sha256.in_(contents)))}
        return contents - held


def _collection(row: Row[Any]) -> Collection:
    return Collection(row.id, row.name, _utc(row.created), row.revision)


def _document(row: Row[Any]) -> Document:
    return Document(
        id=row.id,
        collection=row.collection,
        name=row.name,
        media_type=row.media_type,
        sha256=row.sha256,
        size=row.size,
        created=_utc(row.created),
        pages=row.pages,
        state=State(row.state),
        stage=Stage(row.stage),
        error=Unreadable(row.error) if row.error else None,
    )


def _utc(moment: datetime) -> datetime:
    """SQLite gives a moment back without its zone; every one of ours was UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
