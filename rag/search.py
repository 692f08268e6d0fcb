"""Finding the passages that answer a question: by their words and by their nearness, across collections."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from auth.identity import TenantId
from rag.contents import Contents
from rag.documents import Collection, Passage
from rag.embedding import Embedder
from rag.fusion import MOST, closeness, fuse, ideal_score
from rag.lexical import LexicalIndex, Scores, Statistics, combined
from rag.sentences import sentences
from rag.vectors import TenantVectors
from rag.words import stems, stems_of_each

CANDIDATES = 100
REORDERED = 30
_INDEXES_KEPT = 64

_Key = tuple[TenantId, str]


@dataclass(frozen=True, slots=True)
class Indexed:
    """A collection's passages as they were at one revision, and the index of their words."""

    revision: int
    passages: Sequence[Passage]
    places: Mapping[str, int]
    index: LexicalIndex


class Indexes:
    """The indexes of the collections that were searched last; one is made anew when its collection has changed."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, Indexed] = OrderedDict()
        self._making: dict[_Key, asyncio.Lock] = {}

    async def of(self, tenant: TenantId, collection: Collection, contents: Contents) -> Indexed:
        """The index of a collection at its present revision."""
        key = (tenant, collection.id)
        async with self._making.setdefault(key, asyncio.Lock()):
            found = self._kept.get(key)
            if found is None or found.revision != collection.revision:
                passages = await contents.passages_of(collection.id)
                found = await asyncio.to_thread(indexed, collection.revision, passages)
            self._kept[key] = found
            self._kept.move_to_end(key)
            while len(self._kept) > _INDEXES_KEPT:
                self._making.pop(self._kept.popitem(last=False)[0], None)
        return found

    def forget(self, tenant: TenantId, collection: str) -> None:
        """Let go of a collection that is no more."""
        self._kept.pop((tenant, collection), None)
        self._making.pop((tenant, collection), None)


def indexed(revision: int, passages: Sequence[Passage]) -> Indexed:
    """The index of these passages."""
    words = stems_of_each(f"{passage.heading}\n{passage.text}" for passage in passages)
    places = {key_of(passage): place for place, passage in enumerate(passages)}
    return Indexed(revision, passages, places, LexicalIndex(words))


def key_of(passage: Passage) -> str:
    """What a passage's vector is called."""
    return f"{passage.document}:{passage.ordinal}"


@dataclass(frozen=True, slots=True)
class Search:
    """Searches one tenant's collections."""

    tenant: TenantId
    contents: Contents
    vectors: TenantVectors
    embedder: Embedder
    indexes: Indexes

    async def passages(self, question: str, collections: Sequence[Collection], limit: int) -> list[Passage]:
        """The best passages, best first, at most ``limit``.

        Raises:
            RetrievalUnavailable: the embedder or Chroma does not answer.
        """
        there = {one.id: await self.indexes.of(self.tenant, one, self.contents) for one in collections}
        filled = {collection: found for collection, found in there.items() if found.passages}
        if not filled:
            return []
        vector = await self.embedder.embed_query(question)
        terms = stems(question)
        whole = combined(found.index.statistics(terms) for found in filled.values())
        words: dict[str, float] = {}
        near: dict[str, float] = {}
        passages: dict[str, Passage] = {}
        for collection, found in filled.items():
            scores = found.index.scores(terms, whole)
            similar = await self._similar(collection, found, vector, scores)
            near |= similar
            words |= {key: float(scores[found.places[key]]) for key in similar}
            passages |= {key: found.passages[found.places[key]] for key in similar}
        fused = fuse(words, near, ideal_score(terms, whole))
        ranked = [
            replace(passages[key], score=fused[key]) for key in sorted(fused, key=lambda key: -fused[key])
        ]
        return (await asyncio.to_thread(_reordered, ranked, terms, whole))[:limit]

    async def _similar(
        self, collection: str, found: Indexed, vector: Sequence[float], scores: Scores
    ) -> dict[str, float]:
        """The similarity of the nearest passages and of those with the best words; only of passages that are ready."""
        nearest = await self.vectors.nearest(collection, vector, CANDIDATES)
        best = [key_of(found.passages[place]) for place in np.argsort(-scores, kind="stable")[:CANDIDATES]]
        others = [key for key in best if key not in nearest]
        similar = nearest | await self.vectors.similarities(collection, vector, others)
        return {key: similarity for key, similarity in similar.items() if key in found.places}


def _reordered(ranked: Sequence[Passage], terms: Sequence[str], whole: Statistics) -> list[Passage]:
    """The same passages with the first of them put in order by how close the question's words stand, too."""
    first = [_closer(passage, terms, whole) for passage in ranked[:REORDERED]]
    rest = [replace(passage, score=passage.score / MOST) for passage in ranked[REORDERED:]]
    return sorted(first, key=lambda passage: -passage.score) + rest


def _closer(passage: Passage, terms: Sequence[str], whole: Statistics) -> Passage:
    parts = stems_of_each(passage.text[start:end] for start, end in sentences(passage.text))
    return replace(passage, score=(passage.score + closeness(terms, parts, whole)) / MOST)
