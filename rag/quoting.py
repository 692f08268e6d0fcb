"""Answers that invent nothing: the sentences of the passages that answer best, word for word, or none."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rag.documents import Citation, Passage
from rag.lexical import LexicalIndex
from rag.sentences import sentences
from rag.words import stems, stems_of_each

Page = tuple[str, int | None]

CANDIDATES = 40
_FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a page that stands in one of the passages; ``words`` are its stems."""

    passage: Passage
    start: int
    end: int
    text: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quotations:
    """The sentences that answer, best first, each with where it stands; empty: the documents give no support."""

    sentences: tuple[Citation, ...]
    support: float


def candidates(question: str, passages: Sequence[Passage], pages: Mapping[Page, str]) -> list[Candidate]:
    """The sentences worth a closer look, at most 40: whole ones, also where a passage begins or ends inside one."""
    found: dict[tuple[Page, int], Candidate] = {}
    for passage in passages:
        here = (passage.document, passage.page)
        for candidate in _within(passage, pages[here]):
            found.setdefault((here, candidate.start), candidate)
    kept = [candidate for candidate in found.values() if len(candidate.text.split()) >= _FEWEST_WORDS]
    terms = set(stems(question))
    kept.sort(key=lambda one: (-len(terms & set(one.words)), -one.passage.score))
    return kept[:CANDIDATES]


def _within(passage: Passage, page: str) -> list[Candidate]:
    spans = [
        (start, end)
        for start, end in sentences(page)
        if min(end, passage.end) - max(start, passage.start) > (end - start) / 2
    ]
    words = stems_of_each(page[start:end] for start, end in spans)
    return [
        Candidate(passage, start, end, page[start:end], tuple(stemmed))
        for (start, end), stemmed in zip(spans, words, strict=True)
    ]


def quote(question: str, found: Sequence[Candidate], asked: Sequence[float], vectors: Sequence[Sequence[float]], *, limit: int) -> Quotations:
    return Quotations((), 0.0)
