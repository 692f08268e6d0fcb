"""Where the vectors are: one Chroma folder a tenant, or a Chroma server with one database a tenant.

Chroma's tenants and databases are names, not access control. So collections and vectors have names of ours here,
and no id that a client sent reaches Chroma before it was found on the client's own shelf.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar
from urllib.parse import urlsplit

from auth.identity import TenantId
from rag.errors import RetrievalUnavailable

if TYPE_CHECKING:
    from chromadb import AdminAPI, ClientAPI
    from chromadb.config import Settings as ChromaSettings
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings

_PART = "chroma"
_BATCH = 500
_SECONDS = 60.0
_Answer = TypeVar("_Answer")


class VectorStores(Protocol):
    """Opens a tenant's vectors."""

    def of(self, tenant: TenantId) -> "TenantVectors": ...

    async def close(self) -> None: ...


class EmbeddedVectors:
    """One persistent Chroma directory a tenant, for one gateway process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[TenantId, TenantVectors] = {}

    def of(self, tenant: TenantId) -> "TenantVectors":
        return self._open.setdefault(
            tenant, TenantVectors(lambda: _open_folder(self._folder / tenant.alias), _leave)
        )

    async def close(self) -> None:
        for vectors in self._open.values():
            await vectors.close()
        self._open.clear()


class ServerVectors:
    """One database a tenant on a Chroma server, which only the gateways can reach."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._open: dict[TenantId, TenantVectors] = {}

    def of(self, tenant: TenantId) -> "TenantVectors":
        return self._open.setdefault(
            tenant, TenantVectors(lambda: _open_database(self._url, tenant), _hang_up)
        )

    async def close(self) -> None:
        for vectors in self._open.values():
            await vectors.close()
        self._open.clear()


class TenantVectors:
    """The vectors of one tenant's collections, each known by a key of ours (``<document>:<ordinal>``).

    Raises:
        RetrievalUnavailable: with part ``chroma``, from every method.
    """

    def __init__(self, connect: "Callable[[], ClientAPI]", leave: "Callable[[ClientAPI], None]") -> None:
        self._connect = connect
        self._leave = leave
        self._client: ClientAPI | None = None
        self._lock = threading.Lock()

    async def add(self, collection: str, keys: Sequence[str], vectors: Sequence[Sequence[float]]) -> None:
        """Store vectors under their keys; one that is there already is replaced."""
        await self._do(lambda: self._add(collection, keys, vectors))

    async def nearest(self, collection: str, vector: Sequence[float], limit: int) -> dict[str, float]:
        """The keys of the nearest vectors, with their cosine similarity."""
        return await self._do(lambda: self._nearest(collection, vector, limit))

    async def similarities(
        self, collection: str, vector: Sequence[float], keys: Sequence[str]
    ) -> dict[str, float]:
        """The cosine similarity of the vectors under these keys; keys without a vector are left out."""
        if not keys:
            return {}
        return await self._do(lambda: self._similarities(collection, vector, keys))

    async def remove(self, collection: str, document: str) -> None:
        """Remove a document's vectors."""
        await self._do(lambda: self._store(collection).delete(where={"document": document}))

    async def drop(self, collection: str) -> None:
        """Remove a collection with all its vectors."""
        await self._do(lambda: self._drop(collection))

    async def close(self) -> None:
        """Let go of files and connections."""
        client, self._client = self._client, None
        if client is not None:
            await asyncio.to_thread(self._leave, client)

    async def _do(self, work: Callable[[], _Answer]) -> _Answer:
        try:
            # Chroma's own client waits for ever.
            async with asyncio.timeout(_SECONDS):
                return await asyncio.to_thread(_call, work)
        except TimeoutError as slow:
            raise RetrievalUnavailable(_PART) from slow

    def _add(self, collection: str, keys: Sequence[str], vectors: Sequence[Sequence[float]]) -> None:
        sources = [{"document": key.rpartition(":")[0]} for key in keys]
        for at in range(0, len(keys), _BATCH):
            some = slice(at, at + _BATCH)
            # Text stays in the database, once; here is only what is searched by nearness.
            store = self._store(collection, given=[list(vector) for vector in vectors[some]])
            store.add_texts([""] * len(keys[some]), sources[some], list(keys[some]))

    def _nearest(self, collection: str, vector: Sequence[float], limit: int) -> dict[str, float]:
        store = self._store(collection)
        found = store.similarity_search_by_vector_with_relevance_scores(list(vector), limit)
        return {str(document.id): 1.0 - distance for document, distance in found}

    def _similarities(
        self, collection: str, vector: Sequence[float], keys: Sequence[str]
    ) -> dict[str, float]:
        import numpy as np

        got = self._store(collection).get(ids=list(keys), include=["embeddings"])
        vectors = np.asarray(got["embeddings"], dtype=np.float64).reshape(len(got["ids"]), -1)
        if not len(vectors):
            return {}
        lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(vector)
        return dict(zip(got["ids"], (vectors @ np.asarray(vector) / lengths).tolist(), strict=True))

    def _drop(self, collection: str) -> None:
        self._store(collection).delete_collection()

    def _store(self, collection: str, given: list[list[float]] | None = None) -> "Chroma":
        from langchain_chroma import Chroma

        return Chroma(
            client=self._connected(),
            collection_name=f"c-{collection}",
            embedding_function=None if given is None else _given(given),
            collection_configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
        )

    def _connected(self) -> "ClientAPI":
        with self._lock:
            if self._client is None:
                self._client = self._connect()
            return self._client


def _given(vectors: list[list[float]]) -> "Embeddings":
    """LangChain's way to bring vectors along: an "embedding" that answers with those that are there already."""
    from langchain_core.embeddings import Embeddings as Interface

    class Given(Interface):
        """Vectors that were made elsewhere."""

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return vectors[: len(texts)]

        def embed_query(self, text: str) -> list[float]:
            raise NotImplementedError(text)

    return Given()


def _call(work: Callable[[], _Answer]) -> _Answer:
    """Do something with Chroma, and say so where it can't be done."""
    import httpx
    from chromadb.errors import ChromaError

    try:
        return work()
    except (ChromaError, httpx.HTTPError) as down:
        raise RetrievalUnavailable(_PART) from down


def _open_folder(folder: Path) -> "ClientAPI":
    import chromadb

    folder.mkdir(parents=True, exist_ok=True)
    return chromadb.PersistentClient(path=str(folder), settings=_settings())


def _open_database(url: str, tenant: TenantId) -> "ClientAPI":
    import chromadb

    where = urlsplit(url)
    host, port, ssl = where.hostname or "", where.port or 8000, where.scheme == "https"
    database = f"valv-{tenant.alias}"
    admin = chromadb.AdminClient(_server_settings(host, port, ssl=ssl))
    try:
        _require_database(admin, database)
        return chromadb.HttpClient(host=host, port=port, ssl=ssl, settings=_settings(), database=database)
    except ValueError as refused:
        # That is what its client raises when nothing listens; the cause is not kept.
        raise RetrievalUnavailable(_PART) from refused
    finally:
        _close_pool(admin)


def _require_database(admin: "AdminAPI", database: str) -> None:
    """Make the database, unless it is there; over HTTP Chroma says "exists" with no error class of its own."""
    from chromadb.errors import NotFoundError

    try:
        admin.get_database(database)
    except NotFoundError:
        admin.create_database(database)


def _leave(client: "ClientAPI") -> None:
    client.close()


def _hang_up(client: "ClientAPI") -> None:
    client.close()
    _close_pool(client)
    _close_pool(client._admin_client)  # noqa: SLF001  it has a pool of its own


def _close_pool(client: "ClientAPI | AdminAPI") -> None:
    """What Chroma's own ``close`` leaves open: its connections."""
    client._server._session.close()  # noqa: SLF001  there is no public way


def _settings() -> "ChromaSettings":
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


def _server_settings(host: str, port: int, *, ssl: bool) -> "ChromaSettings":
    settings = _settings()
    settings.chroma_api_impl = "chromadb.api.fastapi.FastAPI"
    settings.chroma_server_host = host
    settings.chroma_server_http_port = port
    settings.chroma_server_ssl_enabled = ssl
    return settings
