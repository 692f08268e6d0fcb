"""Pages drawn a few at a time: a tenant has one turn of the machine's two, so that no one waits for another's file."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from auth.identity import TenantId
from rag.album import Album
from rag.documents import Document
from rag.errors import DrawingBusy, NotDrawn, NotPictured, NotReadable, UnknownPage
from rag.formats import Kind, kind_of
from rag.originals import Originals
from rag.picture import Picture, packed, unpacked
from rag.records import Records
from rag.sandbox import Sandbox

_AT_ONCE = 2
_RETRY_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Pictures:
    """Built once for all tenants.

    Attributes:
        sandbox: where pages are drawn; its ``seconds`` are what one page may cost.
        patience: how long a page waits for its turn, in seconds.
    """

    sandbox: Sandbox = field(default_factory=lambda: Sandbox(seconds=20.0))
    patience: float = 20.0
    _places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))
    _turns: dict[TenantId, asyncio.Lock] = field(default_factory=dict)

    @asynccontextmanager
    async def turn(self, tenant: TenantId) -> AsyncIterator[None]:
        """The tenant's one turn to draw.

        Raises:
            DrawingBusy: it did not come in time.
        """
        own = self._turns.setdefault(tenant, asyncio.Lock())
        try:
            async with asyncio.timeout(self.patience):
                await own.acquire()
                try:
                    await self._places.acquire()
                except BaseException:
                    own.release()
                    raise
        except TimeoutError as late:
            raise DrawingBusy(_RETRY_SECONDS) from late
        try:
            yield
        finally:
            self._places.release()
            own.release()

    async def draw(self, original: Path, page: int) -> Picture:
        """The picture of a PDF's page.

        Raises:
            NotDrawn: with the reason.
        """
        try:
            return unpacked(await self.sandbox.draw(original, page))
        except NotReadable as refused:
            raise NotDrawn(refused.reason) from refused


@dataclass(frozen=True, slots=True)
class TenantPictures:
    """One tenant's pages: those that were drawn before, and new ones.

    Attributes:
        files: held by whoever changes the tenant's files.
    """

    tenant: TenantId
    records: Records
    originals: Originals
    album: Album
    pictures: Pictures
    files: asyncio.Lock

    async def page(self, document: str, number: int) -> Picture:
        """The picture of a page of a PDF, from 1.

        Raises:
            UnknownDocument: not this tenant's, or deleted while it was drawn.
            UnknownPage: there is no such page.
            NotPictured: it is no PDF, or not read yet.
            NotDrawn: it can't be drawn.
            DrawingBusy: too many pages are being drawn.
        """
        found = await self.records.document(document)
        if found.pages is None or kind_of(found.media_type) is not Kind.PDF:
            raise NotPictured(document)
        if not 1 <= number <= found.pages:
            raise UnknownPage(document, number)
        return await self._held(found.sha256, number) or await self._drawn(found, number)

    async def discard(self, sha256: str) -> None:
        """Forget every page of this content."""
        await asyncio.to_thread(self.album.discard, sha256)

    async def _drawn(self, document: Document, number: int) -> Picture:
        async with self.pictures.turn(self.tenant):
            held = await self._held(document.sha256, number)  # drawn while this one waited
            if held is not None:
                return held
            picture = await self.pictures.draw(self.originals.path(document.sha256), number)
            async with self.files:
                await self.records.document(document.id)  # nothing is kept of what was deleted meanwhile
                await asyncio.to_thread(self.album.keep, document.sha256, number, packed(picture))
            return picture

    async def _held(self, sha256: str, number: int) -> Picture | None:
        kept = await asyncio.to_thread(self.album.find, sha256, number)
        if kept is None:
            return None
        try:
            return unpacked(kept)
        except NotDrawn:
            return None  # cut short when the machine went down
