"""Answers that invent nothing: the sentences of the passages that answer best, word for word, or none."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.documents import Citation, Passage
from rag.headings import is_numbered
from rag.sentences import sentences
from rag.words import stems, stems_of_each

Page = tuple[str, int | None]

NEAREST = 3
CANDIDATES = 16  # with 12 as with 40 the same sentences are quoted; each costs an embedding
_FEWEST_WORDS = 3

# How likely a sentence is to answer: a logistic function of its nearness to the question, of the share of the
# question's words in it, and of its passage's score; fitted on the development split with questions that the
# documents do not answer (docs/decisions/0014; `bench/retrieval.py quotes` measures it).
BIAS, NEAR, WORDS, PASSAGE = -21.2, 16.6, 1.6, 4.9
SUPPORT = 0.015  # the least that is an answer
BESIDE = 0.25  # which part of the best one's likelihood another needs, to stand beside it


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
    """The sentences worth a closer look, at most 16: whole ones, also where a passage begins or ends inside one."""
    found: dict[tuple[Page, int], Candidate] = {}
    for passage in passages:
        here = (passage.document, passage.page)
        for candidate in _within(passage, pages[here]):
            found.setdefault((here, candidate.start), candidate)
    kept = [candidate for candidate in found.values() if _says_something(candidate)]
    terms = set(stems(question))
    kept.sort(key=lambda one: (-len(terms & set(one.words)), -one.passage.score))
    return _each_once(kept)[:CANDIDATES]


def _each_once(ordered: Sequence[Candidate]) -> list[Candidate]:
    """What several documents say in the same words stands where it was found best."""
    said: dict[str, Candidate] = {}
    for candidate in ordered:
        said.setdefault(" ".join(candidate.text.casefold().split()), candidate)
    return list(said.values())


def _says_something(candidate: Candidate) -> bool:
    """A heading, or a question that the document asks itself, repeats a question best of all, and answers nothing."""
    text = candidate.text
    if text.rstrip("\"'”’»)]").endswith("?"):
        return False
    heading = is_numbered(text) or text in candidate.passage.heading.split(" > ")
    return not heading and len(text.split()) >= _FEWEST_WORDS


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


def quote(
    found: Sequence[Candidate],
    asked: Sequence[float],
    vectors: Sequence[Sequence[float]],
    *,
    question: str,
    limit: int,
) -> Quotations:
    """The best of these sentences, at most ``limit``; none where even the best gives too little support.

    Args:
        asked: the question's vector.
        vectors: the candidates', in their order.
    """
    if not found:
        return Quotations((), 0.0)
    scores = _scores(found, stems(question), _similarities(asked, vectors))
    order = sorted(range(len(found)), key=lambda place: -scores[place])
    best = scores[order[0]]
    if best < SUPPORT:
        return Quotations((), best)
    chosen = [place for place in order[:limit] if scores[place] >= max(SUPPORT, best * BESIDE)]
    return Quotations(
        tuple(_cited(index, found[place], scores[place]) for index, place in enumerate(chosen, 1)), best
    )


def nearest(passages: Sequence[Passage], *, limit: int = NEAREST) -> tuple[Citation, ...]:
    """Where one may look when nothing answers: the best passage of each page, best page first, at most ``limit``."""
    best: dict[Page, Passage] = {}
    for passage in passages:
        best.setdefault((passage.document, passage.page), passage)
    return tuple(Citation.of(passage, index) for index, passage in enumerate(list(best.values())[:limit], 1))


def _scores(found: Sequence[Candidate], terms: Sequence[str], similar: Sequence[float]) -> list[float]:
    return [
        1
        / (
            1
            + math.exp(-(BIAS + NEAR * near + WORDS * _share(terms, one.words) + PASSAGE * one.passage.score))
        )
        for one, near in zip(found, similar, strict=True)
    ]


def _share(terms: Sequence[str], words: Sequence[str]) -> float:
    asked = set(terms)
    return len(asked & set(words)) / len(asked) if asked else 0.0


def _similarities(asked: Sequence[float], vectors: Sequence[Sequence[float]]) -> list[float]:
    matrix, question = np.asarray(vectors, dtype=np.float64), np.asarray(asked, dtype=np.float64)
    lengths = np.linalg.norm(matrix, axis=1) * np.linalg.norm(question)
    return [float(similarity) for similarity in matrix @ question / np.maximum(lengths, 1e-12)]


def _cited(index: int, candidate: Candidate, score: float) -> Citation:
    return replace(Citation.of(candidate.passage, index, candidate.text, start=candidate.start), score=score)
