"""Documents ordered by how well they answer a question."""

from dataclasses import dataclass

from inference.usage import Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class RerankRequest:
    """A question and the documents to order; ``top`` keeps only the best."""

    query: str
    documents: tuple[str, ...]
    top: int | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """How relevant the document at ``index`` is; higher is better, the scale is the model's own."""

    index: int
    relevance: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The documents' scores, the best first."""

    scores: tuple[Score, ...]
    usage: Usage
