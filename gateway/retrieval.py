"""How retrieval gets its vectors and its background work: rag's needs, satisfied with inference's client."""

import secrets
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from auth.database import Database
from auth.identity import TenantId
from gateway.settings import Settings
from inference.embedder import RouteEmbedder
from inference.errors import InferenceError
from inference.models import Catalogue, Kind, ModelRoute
from inference.upstream import Models
from rag.errors import RetrievalUnavailable
from rag.jobs import DurableJobs, JobSettings
from rag.library import Library
from rag.vectors import EmbeddedVectors, ServerVectors, VectorStores

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Embeddings:
    """``rag.embedding.Embedder`` over an embedding route."""

    inner: RouteEmbedder

    async def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return await _translated(lambda: self.inner.embed_query(text))

    async def embed_passages(self, texts: list[str]) -> list[list[float]]:
        """A vector for each passage."""
        return await _translated(lambda: self.inner.embed_passages(texts))


@dataclass(frozen=True, slots=True)
class TenantEmbeddings:
    """``rag.embedding.Embedders``: an organisation's own documents and questions take its own turns."""

    models: Models
    route: ModelRoute

    def of(self, tenant: TenantId) -> Embeddings:
        """The vectors of one organisation."""
        return Embeddings(RouteEmbedder(self.models, self.route, tenant, lambda: secrets.token_hex(8)))


async def _translated(work: Callable[[], Awaitable[_Answer]]) -> _Answer:
    """The answer, or the fault in rag's words."""
    try:
        return await work()
    except InferenceError as down:
        raise RetrievalUnavailable("embedder") from down


async def open_library(
    settings: Settings, stack: AsyncExitStack, database: Database, catalogue: Catalogue, models: Models
) -> Library:
    """The library, with what an earlier process left undone under way again."""
    library = Library(
        database=database,
        folder=settings.data / "documents",
        vectors=_stores(settings),
        embedder=TenantEmbeddings(models, catalogue.default(Kind.EMBEDDING)),
        jobs=DurableJobs(JobSettings(url=jobs_url(settings))),
        now=lambda: datetime.now(UTC),
        new_id=lambda: secrets.token_hex(12),
        largest=settings.limits.upload_bytes,
    )
    stack.push_async_callback(library.close)
    await library.open()
    return library


def jobs_url(settings: Settings) -> str:
    """Where background jobs are kept: a file of their own, or a database on PostgreSQL."""
    url = (settings.jobs_url or settings.database_url).get_secret_value()
    if url.startswith("sqlite"):
        return f"sqlite:///{settings.data / 'jobs.db'}"
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _stores(settings: Settings) -> VectorStores:
    vectors = settings.vectors
    if vectors.server is not None:
        return ServerVectors(str(vectors.server).rstrip("/"))
    return EmbeddedVectors(vectors.folder or settings.data / "chroma")
