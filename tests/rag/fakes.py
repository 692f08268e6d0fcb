"""Stand-ins that we own: an embedder that needs no model, and jobs that are done at once."""

import zlib
from collections.abc import Sequence

import numpy as np

from auth.identity import TenantId
from rag.errors import RetrievalUnavailable
from rag.jobs import Progress, Task
from rag.outbox import Work
from rag.words import stems

LENGTH = 64


class WordEmbedder:
    """Texts are near each other when they share words; says what it was asked, and can be down."""

    def __init__(self) -> None:
        self.down = False
        self.texts: list[str] = []
        self.tenants: list[TenantId] = []

    def of(self, tenant: TenantId) -> "WordEmbedder":
        self.tenants.append(tenant)
        return self

    async def embed_query(self, text: str) -> list[float]:
        return self._vector(text)

    async def embed_passages(self, texts: list[str]) -> list[list[float]]:
        self.texts += texts
        return [self._vector(text) for text in texts]

    def _vector(self, text: str) -> list[float]:
        if self.down:
            raise RetrievalUnavailable("embedder")
        vector = np.full(LENGTH, 0.01)
        for stem in stems(text):
            vector[zlib.crc32(stem.encode()) % LENGTH] += 1
        return (vector / np.linalg.norm(vector)).tolist()


class InlineJobs:
    """Does the work before ``enqueue`` returns; a try that raised has failed, as with the durable ones."""

    def __init__(self) -> None:
        self._task: Task | None = None
        self._progress: dict[str, Progress] = {}
        self.held: list[Work] | None = None

    async def open(self, task: Task) -> None:
        self._task = task

    async def enqueue(self, work: Work) -> None:
        if work.key in self._progress:
            return
        if self.held is not None:
            self.held.append(work)
            self._progress[work.key] = Progress.UNDER_WAY
            return
        await self._do(work)

    async def progress(self, work: Work) -> Progress:
        return self._progress.get(work.key, Progress.UNKNOWN)

    async def close(self) -> None:
        self._task = None

    async def release(self) -> None:
        """Do what was held back."""
        held, self.held = self.held or [], None
        for work in held:
            await self._do(work)

    async def _do(self, work: Work) -> None:
        assert self._task is not None
        self._progress[work.key] = Progress.UNDER_WAY
        try:
            await self._task(work.tenant, work.document)
        except RuntimeError:
            self._progress[work.key] = Progress.FAILED
        else:
            self._progress[work.key] = Progress.ENDED


def names(things: Sequence[object]) -> list[str]:
    return [thing.name for thing in things]  # type: ignore[attr-defined]
