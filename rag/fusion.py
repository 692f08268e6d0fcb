"""Putting what words find and what nearness finds into one order."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from rag.lexical import K1, Statistics

# All chosen on the development split (docs/decisions/0014); bench/retrieval.py measures them.
NEAR_WEIGHT = 0.5
SENTENCE_WEIGHT = 0.2
ORDER_WEIGHT = 0.1
MOST = 1 + SENTENCE_WEIGHT + ORDER_WEIGHT  # the highest that `fuse` and `closeness` can add up to


def fuse(words: Mapping[str, float], near: Mapping[str, float], ideal: float) -> dict[str, float]:
    """One score from 0 to 1 for each passage, from its BM25 score and its cosine similarity.

    BM25 is measured against ``ideal``, the best that any passage could reach for this question, not against the
    best that was found: a question whose words hardly occur (in other words, in another language) is decided by
    nearness then. Similarity is spread over the range that was found; a missing one counts as the least.
    """
    least, most = min(near.values(), default=0.0), max(near.values(), default=0.0)
    spread = most - least or 1.0
    return {
        key: (1 - NEAR_WEIGHT) * min(words.get(key, 0.0) / ideal, 1.0)
        + NEAR_WEIGHT * (near.get(key, least) - least) / spread
        for key in words.keys() | near.keys()
    }


def ideal_score(terms: Sequence[str], whole: Statistics) -> float:
    """What a passage would score that is full of every term of the question."""
    return sum(whole.weight(term) for term in set(terms)) * (K1 + 1) or 1.0


def closeness(terms: Sequence[str], sentences: Sequence[Sequence[str]], whole: Statistics) -> float:
    """How much of a question stands together in a passage: in one sentence, and in the question's own order."""
    in_sentence = max((coverage(terms, sentence, whole) for sentence in sentences), default=0.0)
    words = [word for sentence in sentences for word in sentence]
    return SENTENCE_WEIGHT * in_sentence + ORDER_WEIGHT * _in_order(terms, words)


def coverage(terms: Sequence[str], words: Sequence[str], whole: Statistics) -> float:
    """Which part of a question's terms is among the words, each term by how rare it is; 0 to 1."""
    asked = set(terms)
    total = sum(whole.weight(term) for term in asked)
    return sum(whole.weight(term) for term in asked & set(words)) / total if total else 0.0


def _in_order(terms: Sequence[str], words: Sequence[str]) -> float:
    pairs = set(pairwise(terms))
    return len(pairs & set(pairwise(words))) / len(pairs) if pairs else 0.0
