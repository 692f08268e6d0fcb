"""One organisation's documents: taken in, read, searched, quoted."""

import asyncio
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from auth.identity import TenantId
from rag.contents import Contents
from rag.documents import Collection, Document, Passage, checked_name
from rag.embedding import Embedder
from rag.errors import NotReadable, UnknownDocument, UnknownPage, Unreadable
from rag.formats import HEAD, recognise
from rag.jobs import Jobs
from rag.originals import Originals
from rag.outbox import Outbox
from rag.picture import Picture
from rag.pictures import TenantPictures
from rag.quoting import Page, Quotations, candidates, quote
from rag.records import Records
from rag.search import Indexes, Search
from rag.vectors import TenantVectors

QUOTED_PASSAGES = 5


@dataclass(frozen=True, slots=True)
class Parts:
    """What a shelf is made of; everything in it that has rows or files was built from the shelf's own tenant."""

    records: Records
    contents: Contents
    originals: Originals
    vectors: TenantVectors
    embedder: Embedder
    search: Search
    indexes: Indexes
    jobs: Jobs
    outbox: Outbox
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    largest: int
    files: asyncio.Lock
    pictures: TenantPictures


class TenantShelf:
    """Built from a tenant; no method takes one, so another tenant's documents can't be named."""

    def __init__(self, tenant: TenantId, parts: Parts) -> None:
        self._tenant = tenant
        self._parts = parts
        self._records = parts.records

    async def collections(self) -> list[Collection]:
        """All collections, oldest first."""
        return await self._records.collections()

    async def collection(self, collection: str) -> Collection:
        """One collection.

        Raises:
            UnknownCollection: not on this shelf.
        """
        return await self._records.collection(collection)

    async def create_collection(self, name: str) -> Collection:
        """A new, empty collection.

        Raises:
            NameInvalid: see ``checked_name``.
        """
        created = Collection(self._parts.new_id(), checked_name(name), self._parts.now())
        await self._records.add_collection(created)
        return created

    async def rename_collection(self, collection: str, name: str) -> None:
        """Give a collection another name.

        Raises:
            NameInvalid: see ``checked_name``.
            UnknownCollection: not on this shelf.
        """
        await self._records.rename_collection(collection, checked_name(name))

    async def delete_collection(self, collection: str) -> None:
        """Delete a collection with its documents: rows, vectors, files.

        Raises:
            UnknownCollection: not on this shelf.
            RetrievalUnavailable: Chroma does not answer; nothing is deleted then.
        """
        await self._records.collection(collection)
        async with self._parts.files:
            await self._parts.vectors.drop(collection)
            unused = await self._records.remove_collection(collection)
            await self._discard(unused)
        self._parts.indexes.forget(self._tenant, collection)

    async def take_in(self, collection: str, name: str, content: bytes | Path) -> Document:
        """Keep a file and have it made findable; on return that will happen, whatever happens to this process.

        A file that the collection has already is not taken in twice: its document is returned, as it stands.

        Raises:
            UnknownCollection: not on this shelf.
            NameInvalid: see ``checked_name``.
            NotReadable: empty, too_large, not_a_pdf, encrypted, unsupported. What shows only on reading becomes the
                document's ``error``.
        """
        named = checked_name(name)
        await self._records.collection(collection)
        if await asyncio.to_thread(_size, content) > self._parts.largest:
            raise NotReadable(Unreadable.TOO_LARGE)
        found = recognise(named, await asyncio.to_thread(_head, content))
        async with self._parts.files:
            original = await asyncio.to_thread(self._parts.originals.keep, content)
            document = await self._records.add_document(
                Document(
                    id=self._parts.new_id(),
                    collection=collection,
                    name=named,
                    media_type=found.media_type,
                    sha256=original.sha256,
                    size=original.size,
                    created=self._parts.now(),
                ),
                attempt=self._parts.new_id(),
            )
        work = await self._parts.outbox.work(self._tenant, document.id)
        if work is not None:
            await self._parts.jobs.enqueue(work)
        return document

    async def documents(self, collection: str) -> list[Document]:
        """A collection's documents, oldest first.

        Raises:
            UnknownCollection: not on this shelf.
        """
        await self._records.collection(collection)
        return await self._records.documents(collection)

    async def document(self, document: str) -> Document:
        """One document.

        Raises:
            UnknownDocument: not on this shelf.
        """
        return await self._records.document(document)

    async def versions(self, documents: Set[str]) -> dict[str, str]:
        """The contents (sha256) of these documents.

        Raises:
            UnknownDocument: one of them is not on this shelf.
        """
        return await self._records.versions(documents)

    async def delete_document(self, document: str) -> None:
        """Delete a document: rows, vectors, and its file unless another document has the same content.

        Raises:
            UnknownDocument: not on this shelf.
            RetrievalUnavailable: Chroma does not answer; nothing is deleted then.
        """
        found = await self._records.document(document)
        async with self._parts.files:
            await self._parts.vectors.remove(found.collection, document)
            await self._discard(await self._records.remove_document(document))

    async def page(self, document: str, number: int) -> str:
        """The text of a page, from 1; a document without pages has its whole text as number 1.

        Raises:
            UnknownDocument: not on this shelf.
            UnknownPage: there is no such page, or it is not read yet.
        """
        return await self._parts.contents.page(document, number)

    async def picture(self, document: str, number: int) -> Picture:
        """A page of a PDF as it looks, from 1, with the place of its text.

        Raises:
            UnknownDocument: not on this shelf.
            UnknownPage: there is no such page.
            NotPictured: the document is no PDF, or not read yet.
            NotDrawn: the page can't be drawn.
            DrawingBusy: too many pages are being drawn.
        """
        return await self._parts.pictures.page(document, number)

    async def original(self, document: str) -> Path:
        """Where the file is, as it was uploaded.

        Raises:
            UnknownDocument: not on this shelf.
        """
        found = await self._records.document(document)
        return self._parts.originals.path(found.sha256)

    async def passages(
        self, question: str, collections: Sequence[str] | None = None, *, limit: int = 10
    ) -> list[Passage]:
        """The passages that answer a question best, best first; ``None`` searches every collection.

        Raises:
            UnknownCollection: one of them is not on this shelf.
            RetrievalUnavailable: the embedder or Chroma does not answer.
        """
        if collections is None:
            chosen = await self._records.collections()
        else:
            chosen = [await self._records.collection(collection) for collection in dict.fromkeys(collections)]
        return await self._parts.search.passages(question, chosen, limit)

    async def quotations(self, question: str, passages: Sequence[Passage], *, limit: int = 3) -> Quotations:
        """The sentences of these passages that answer a question best, word for word; none without support.

        Raises:
            RetrievalUnavailable: the embedder does not answer.
        """
        best = passages[:QUOTED_PASSAGES]
        found = candidates(question, best, await self._pages(best))
        if not found:
            return Quotations((), 0.0)
        asked = await self._parts.embedder.embed_query(question)
        vectors = await self._parts.embedder.embed_passages([one.text for one in found])
        return quote(found, asked, vectors, question=question, limit=limit)

    async def _pages(self, passages: Sequence[Passage]) -> dict[Page, str]:
        pages: dict[Page, str] = {}
        for passage in passages:
            here = (passage.document, passage.page)
            if here not in pages:
                pages[here] = await self._page_of(passage)
        return pages

    async def _page_of(self, passage: Passage) -> str:
        try:
            return await self._parts.contents.page(passage.document, passage.page or 1)
        except (UnknownDocument, UnknownPage):
            return ""  # deleted since it was found: nothing of it is quoted

    async def _discard(self, contents: set[str]) -> None:
        for sha256 in contents:
            await asyncio.to_thread(self._parts.originals.discard, sha256)
            await self._parts.pictures.discard(sha256)


def _size(content: bytes | Path) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def _head(content: bytes | Path) -> bytes:
    if isinstance(content, bytes):
        return content[:HEAD]
    with content.open("rb") as file:
        return file.read(HEAD)
