"""What this room needs of an embedding model; the gateway hands one in."""

from typing import Protocol

from auth.identity import TenantId


class Embedder(Protocol):
    """Turns text into vectors of one fixed length; cosine similarity is what they are compared by.

    It adds whatever the model wants around a text (e5: ``query: `` and ``passage: ``) and cuts texts that are
    longer than the model can take.

    Raises:
        RetrievalUnavailable: with part ``embedder``, when no backend answers.
    """

    async def embed_query(self, text: str) -> list[float]: ...

    async def embed_passages(self, texts: list[str]) -> list[list[float]]: ...


class Embedders(Protocol):
    """An embedder for each tenant: what one asks takes no turn of another's, and warms no cache for them."""

    def of(self, tenant: TenantId) -> Embedder: ...
