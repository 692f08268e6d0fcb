"""Texts as vectors to compare: with the model's prefixes, without its control tokens, of length 1."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from auth.identity import TenantId
from inference.answers import read_numbers
from inference.embeddings import EmbeddingRequest
from inference.errors import CatalogueFaulty
from inference.models import ModelRoute
from inference.upstream import Models

_BATCH = 16
_BATCH_CHARACTERS = 24_000
"""About 6,000 tokens of Swedish: a batch that a small machine embeds within seconds."""


@dataclass(frozen=True, slots=True)
class _Manners:
    """What a model wants to be told before a text, and what must not be in it."""

    query: str
    passage: str
    control_tokens: tuple[str, ...]

    @classmethod
    def of(cls, route: ModelRoute) -> "_Manners":
        prefixes = route.options.get("prefixes", {})
        tokens = route.options.get("control_tokens", [])
        if not isinstance(prefixes, Mapping) or not isinstance(tokens, Sequence) or isinstance(tokens, str):
            raise CatalogueFaulty([f"route {route.name}: options prefixes or control_tokens are not usable"])
        return cls(
            str(prefixes.get("query", "")),
            str(prefixes.get("passage", "")),
            tuple(str(token) for token in tokens),
        )

    def clean(self, text: str) -> str:
        """The text without the control tokens, which the tokenizer would take for its own."""
        for token in self.control_tokens:
            # A space in its place, so that what stood around it does not make a new one.
            text = text.replace(token, " ")
        return text


def _normalised(vector: list[float]) -> list[float]:
    length = math.sqrt(math.fsum(number * number for number in vector))
    return [number / length for number in vector] if length else vector


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """In order, at most 16 texts and 24,000 characters each, unless one text alone is longer."""
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and (len(batch) == _BATCH or size + len(text) > _BATCH_CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch


@dataclass(frozen=True, slots=True)
class RouteEmbedder:
    """An embedding route in the shape that retrieval wants; ``of`` gives one that takes another's turns.

    The route's options ``prefixes`` (``query``, ``passage``) and ``control_tokens`` say what its model needs.
    A batch goes out when the one before it is answered, so a long document leaves room for questions.
    """

    models: Models
    route: ModelRoute
    tenant: TenantId
    new_call: Callable[[], str]

    def of(self, tenant: TenantId) -> "RouteEmbedder":
        """The same for another tenant."""
        return replace(self, tenant=tenant)

    async def embed_query(self, text: str) -> list[float]:
        """The vector of a question, of length 1.

        Raises:
            RouteError: the model can't be asked, or the text is too long for it.
        """
        manners = _Manners.of(self.route)
        (vector,) = await self._embed([manners.query + manners.clean(text)])
        return vector

    async def embed_passages(self, texts: Sequence[str]) -> list[list[float]]:
        """A vector for each passage, of length 1, in their order.

        Raises:
            RouteError: the model can't be asked, or a passage is too long for it.
        """
        manners = _Manners.of(self.route)
        vectors: list[list[float]] = []
        for batch in _batches(manners.passage + manners.clean(text) for text in texts):
            vectors += await self._embed(batch)
        return vectors

    async def count_tokens(self, text: str) -> int:
        """How many tokens of the model's context the text takes as a passage, special tokens counted.

        Raises:
            RouteError: the model can't be asked.
        """
        manners = _Manners.of(self.route)
        passage = manners.passage + manners.clean(text)
        return len(await self.models.tokenize(self.route, passage, call=self.new_call()))

    async def _embed(self, texts: list[str]) -> list[list[float]]:
        request = EmbeddingRequest(inputs=tuple(texts))
        answer = await self.models.embed(self.route, request, tenant=self.tenant, call=self.new_call())
        return [_normalised(read_numbers(self.route.name, vector)) for vector in answer.vectors]
