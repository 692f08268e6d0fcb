"""All organisations' documents; the way in to each is its shelf."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import structlog

from auth.database import Database
from auth.identity import TenantId
from rag.album import Album
from rag.contents import Contents
from rag.embedding import Embedders
from rag.errors import RetrievalUnavailable
from rag.ingestion import Ingestion
from rag.jobs import Jobs, Progress
from rag.originals import Originals
from rag.outbox import Outbox, Work
from rag.pictures import Pictures, TenantPictures
from rag.records import Records
from rag.sandbox import Sandbox
from rag.search import Indexes, Search
from rag.shelf import Parts, TenantShelf
from rag.vectors import VectorStores

log = structlog.get_logger()

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Library:
    """Built once. ``open`` before the first upload, ``recover`` every half minute, ``close`` at the end.

    Attributes:
        folder: where the originals are kept; shared by all gateways of an installation.
        now: the clock, with a time zone.
        new_id: random ids, of letters and digits.
        largest: the biggest file that is taken in, in bytes.
    """

    database: Database
    folder: Path
    vectors: VectorStores
    embedder: Embedders
    jobs: Jobs
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    sandbox: Sandbox = field(default_factory=Sandbox)
    pictures: Pictures = field(default_factory=Pictures)
    largest: int = 50 * 1024 * 1024
    _indexes: Indexes = field(default_factory=Indexes)
    _locks: dict[TenantId, asyncio.Lock] = field(default_factory=dict)

    def shelf(self, tenant: TenantId) -> TenantShelf:
        """One organisation's documents; nothing on it leads to another's."""
        contents, records = Contents(self.database, tenant), Records(self.database, tenant)
        vectors, embedder = self.vectors.of(tenant), self.embedder.of(tenant)
        originals, files = Originals(self.folder, tenant), self._locks.setdefault(tenant, asyncio.Lock())
        album = Album(self.folder, tenant)
        return TenantShelf(
            tenant,
            Parts(
                records=records,
                contents=contents,
                originals=originals,
                vectors=vectors,
                embedder=embedder,
                search=Search(tenant, contents, vectors, embedder, self._indexes),
                indexes=self._indexes,
                jobs=self.jobs,
                outbox=self._outbox,
                now=self.now,
                new_id=self.new_id,
                largest=self.largest,
                files=files,
                pictures=TenantPictures(tenant, records, originals, album, self.pictures, files),
            ),
        )

    async def open(self) -> None:
        """Start taking documents in, beginning with what an earlier process left undone."""
        await self.jobs.open(self._take_in)
        await self.recover()

    async def warm(self) -> None:
        """Load what the first question would wait for; the start itself does not."""
        await asyncio.to_thread(_load_vector_store)

    async def recover(self) -> None:
        """See to it that all work that is not done is under way; give up on what failed too often."""
        for work in await self._outbox.waiting():
            progress = await self.jobs.progress(work)
            if progress is Progress.UNKNOWN:
                await self.jobs.enqueue(work)
            elif progress is not Progress.UNDER_WAY:
                await self._again(work, failed=progress is Progress.FAILED)

    async def close(self) -> None:
        """Stop; work that is under way is taken up again by the next ``open``."""
        await self.jobs.close()
        await self.vectors.close()

    @property
    def _outbox(self) -> Outbox:
        return Outbox(self.database)

    async def _again(self, work: Work, *, failed: bool) -> None:
        failures = work.failures + failed
        if failures >= _TRIES:
            log.error("document.given_up", document=work.document, tries=failures)
            await self._ingestion(work.tenant).give_up(work.document)
            return
        following = await self._outbox.retry(work, attempt=self.new_id(), failures=failures)
        if following is not None:
            await self.jobs.enqueue(following)

    async def _take_in(self, tenant: TenantId, document: str) -> None:
        try:
            await self._ingestion(tenant).take_in(document)
        except RetrievalUnavailable as down:
            log.warning("document.waits", document=document, part=down.part)

    def _ingestion(self, tenant: TenantId) -> Ingestion:
        return Ingestion(
            records=Records(self.database, tenant),
            contents=Contents(self.database, tenant),
            originals=Originals(self.folder, tenant),
            vectors=self.vectors.of(tenant),
            embedder=self.embedder.of(tenant),
            sandbox=self.sandbox,
        )


def _load_vector_store() -> None:
    import chromadb
    import langchain_chroma

    log.debug("library.warm", chroma=chromadb.__version__, langchain=langchain_chroma.__name__)
