"""Taking a document in: parse, split, embed, make it findable. Each step can be done again after a crash."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from rag.contents import Contents
from rag.documents import Document, Stage, State
from rag.embedding import Embedder
from rag.errors import NotReadable, RetrievalUnavailable, UnknownDocument, Unreadable
from rag.extraction import Extract
from rag.originals import Originals
from rag.records import Records
from rag.sandbox import Sandbox
from rag.splitting import Piece, split
from rag.vectors import TenantVectors

log = structlog.get_logger()

_TEXTS_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Ingestion:
    """Takes one tenant's documents in.

    A document becomes findable in one transaction at the very end. Before that everything is put in the place of
    what an earlier, interrupted try left, so that nothing is there twice.
    """

    records: Records
    contents: Contents
    originals: Originals
    vectors: TenantVectors
    embedder: Embedder
    sandbox: Sandbox

    async def take_in(self, document: str) -> None:
        """Do all that is left to do for a document.

        Raises:
            RetrievalUnavailable: a part is down; the document waits for the next try.
        """
        try:
            found = await self.records.document(document)
            if found.state not in {State.READY, State.FAILED}:
                await self._take_in(found)
        except UnknownDocument:
            log.info("document.gone", document=document)

    async def give_up(self, document: str) -> None:
        """Mark a document as failed for a fault of ours."""
        try:
            await self.records.fail(document, Unreadable.PARSER_FAILED)
        except UnknownDocument:
            log.info("document.gone", document=document)

    async def _take_in(self, document: Document) -> None:
        try:
            await self.records.set_stage(document.id, Stage.PARSING)
            pieces = await self._parse(document)
            if document.state is State.WORKING:
                # An earlier try was interrupted, and may have stored some.
                await self.vectors.remove(document.collection, document.id)
            await self._embed(document, pieces)
            await self.records.finish(document.id)
        except NotReadable as refused:
            log.info("document.refused", document=document.id, reason=refused.reason)
            await self.records.fail(document.id, refused.reason)
        except RetrievalUnavailable as down:
            log.warning("document.delayed", document=document.id, part=down.part)
            await self.records.set_stage(document.id, Stage.WAITING)
            raise
        except UnknownDocument:
            await self.vectors.remove(document.collection, document.id)
            raise
        else:
            log.info("document.ready", document=document.id, passages=len(pieces))

    async def _parse(self, document: Document) -> Sequence[Piece]:
        path = self.originals.path(document.sha256)
        extract = await self.sandbox.read(path, document.media_type)
        pieces = await asyncio.to_thread(_split, extract)
        await self.contents.put(document.id, extract, pieces)
        return pieces

    async def _embed(self, document: Document, pieces: Sequence[Piece]) -> None:
        for at in range(0, len(pieces), _TEXTS_AT_ONCE):
            some = pieces[at : at + _TEXTS_AT_ONCE]
            vectors = await self.embedder.embed_passages([piece.for_embedding for piece in some])
            keys = [f"{document.id}:{ordinal}" for ordinal in range(at, at + len(some))]
            await self.vectors.add(document.collection, keys, vectors)


def _split(extract: Extract) -> list[Piece]:
    return list(split(extract))
