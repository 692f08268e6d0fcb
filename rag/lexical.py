"""Finding passages by their words: BM25 over one collection, comparable across several."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

K1 = 1.2
B = 0.75

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Statistics:
    """What BM25 must know of everything that is searched: passages, their words, and how many hold each term."""

    passages: int
    words: int
    holding: Mapping[str, int]

    def weight(self, term: str) -> float:
        """How rare a term is: the inverse document frequency that never goes below zero (Lucene's)."""
        holding = self.holding.get(term, 0)
        return float(np.log1p((self.passages - holding + 0.5) / (holding + 0.5)))


class LexicalIndex:
    """The words of a collection's passages, by term; passages are known by their place in the list given."""

    def __init__(self, passages: Sequence[Sequence[str]]) -> None:
        self._vocabulary: dict[str, int] = {}
        terms, places = self._numbered(passages)
        self._lengths = np.fromiter((len(words) for words in passages), np.int64, len(passages))
        pairs, counts = np.unique(terms * max(len(passages), 1) + places, return_counts=True)
        self._places = pairs % max(len(passages), 1)
        self._counts = counts.astype(np.float64)
        self._starts = np.searchsorted(pairs // max(len(passages), 1), np.arange(len(self._vocabulary) + 1))

    def statistics(self, terms: Iterable[str]) -> Statistics:
        """What this collection adds to the whole, for the terms of a question."""
        holding = {term: len(self._postings(term)[0]) for term in set(terms)}
        return Statistics(len(self._lengths), int(self._lengths.sum()), holding)

    def scores(self, terms: Iterable[str], whole: Statistics) -> Scores:
        """Each passage's BM25 score (Robertson and Zaragoza 2009) for the terms, by the statistics of the whole."""
        scores = np.zeros(len(self._lengths))
        mean = max(whole.words / max(whole.passages, 1), 1.0)
        for term in set(terms):
            places, counts = self._postings(term)
            long = K1 * (1 - B + B * self._lengths[places] / mean)
            scores[places] += whole.weight(term) * counts * (K1 + 1) / (counts + long)
        return scores

    def _numbered(
        self, passages: Sequence[Sequence[str]]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        numbers = self._vocabulary
        terms = [numbers.setdefault(word, len(numbers)) for words in passages for word in words]
        places = np.repeat(np.arange(len(passages)), [len(words) for words in passages])
        return np.array(terms, np.int64), places.astype(np.int64)

    def _postings(self, term: str) -> tuple[npt.NDArray[np.int64], Scores]:
        number = self._vocabulary.get(term)
        if number is None:
            return self._places[:0], self._counts[:0]
        chosen = slice(self._starts[number], self._starts[number + 1])
        return self._places[chosen], self._counts[chosen]


def combined(parts: Iterable[Statistics]) -> Statistics:
    """The statistics of several collections searched as one."""
    passages, words, holding = 0, 0, dict[str, int]()
    for part in parts:
        passages += part.passages
        words += part.words
        for term, count in part.holding.items():
            holding[term] = holding.get(term, 0) + count
    return Statistics(passages, words, holding)
