import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count

import pytest

from inference.embedder import RouteEmbedder
from inference.errors import CatalogueFaulty
from inference.models import Kind
from tests.inference.fakes import BOLLNAS, REGION, a_route, asking
from tests.inference.upstream import Upstream, answer, embeddings

pytestmark = pytest.mark.anyio

EMBEDDINGS = "/v1/embeddings"
E5 = {
    "prefixes": {"query": "query: ", "passage": "passage: "},
    "control_tokens": ["<s>", "</s>", "<pad>"],
}


def numbered() -> Callable[[], str]:
    numbers = count()
    return lambda: f"e-{next(numbers)}"


@asynccontextmanager
async def embedding(upstream: Upstream, **options: object) -> AsyncIterator[RouteEmbedder]:
    route = a_route(upstream.url, kind=Kind.EMBEDDING, **(options or E5))
    async with asking(route) as models:
        yield RouteEmbedder(models, route, BOLLNAS, numbered())


async def test_questions_and_passages_carry_the_models_own_prefixes() -> None:
    async with Upstream() as upstream:
        upstream.answer(EMBEDDINGS, embeddings())
        async with embedding(upstream) as embedder:
            await embedder.embed_query("vad?")
            await embedder.embed_passages(["det", "här"])

    assert [asked.json["input"] for asked in upstream.asked] == [
        ["query: vad?"],
        ["passage: det", "passage: här"],
    ]


async def test_a_model_without_options_gets_the_text_alone() -> None:
    async with Upstream() as upstream:
        upstream.answer(EMBEDDINGS, embeddings())
        async with embedding(upstream, pooling="mean") as embedder:
            await embedder.embed_query("vad <s>?")

    assert upstream.asked[0].json["input"] == ["vad <s>?"]


@pytest.mark.parametrize("text", ["a<s>b</s><pad>", "a<<s>s>b", "<p<s>ad>", "<</s>/s>"])
async def test_no_control_token_reaches_the_model_however_it_is_hidden(text: str) -> None:
    async with Upstream() as upstream:
        upstream.answer(EMBEDDINGS, embeddings())
        async with embedding(upstream) as embedder:
            await embedder.embed_passages([text])

    (sent,) = upstream.asked[0].json["input"]
    assert not any(token in sent for token in ("<s>", "</s>", "<pad>"))


async def test_vectors_have_length_one_and_zero_stays_zero() -> None:
    data = [{"index": 0, "embedding": [3.0, 4.0]}, {"index": 1, "embedding": [0.0, 0.0]}]
    async with Upstream() as upstream:
        upstream.answer(EMBEDDINGS, answer({"data": data}))
        async with embedding(upstream) as embedder:
            long, zero = await embedder.embed_passages(["a", "b"])

    assert long == pytest.approx([0.6, 0.8])
    assert math.hypot(*long) == pytest.approx(1.0)
    assert zero == [0.0, 0.0]


async def test_passages_go_in_batches_and_come_back_in_order() -> None:
    async with Upstream() as upstream:
        upstream.answer(EMBEDDINGS, embeddings())
        async with embedding(upstream) as embedder:
            vectors = await embedder.embed_passages(["x" * length for length in range(40)])

    assert [len(asked.json["input"]) for asked in upstream.asked] == [16, 16, 8]
    assert len(vectors) == 40
    assert upstream.connections == 1
    assert [asked.headers["x-request-id"] for asked in upstream.asked] == ["e-0", "e-1", "e-2"]


async def test_long_passages_make_small_batches() -> None:
    async with Upstream() as upstream:
        upstream.answer(EMBEDDINGS, embeddings())
        async with embedding(upstream) as embedder:
            await embedder.embed_passages(["x" * 10_000] * 5)

    assert [len(asked.json["input"]) for asked in upstream.asked] == [2, 2, 1]


async def test_no_passage_is_no_question() -> None:
    async with Upstream() as upstream, embedding(upstream) as embedder:
        assert await embedder.embed_passages([]) == []

    assert upstream.asked == []


async def test_an_embedder_of_another_tenant_asks_with_that_tenants_salt() -> None:
    async with Upstream() as upstream:
        upstream.answer(EMBEDDINGS, embeddings())
        async with embedding(upstream) as embedder:
            await embedder.embed_query("a")
            await embedder.of(REGION).embed_query("a")

    first, second = (asked.json["cache_salt"] for asked in upstream.asked)
    assert first != second


async def test_tokens_are_counted_as_the_model_will_see_them() -> None:
    async with Upstream() as upstream:
        upstream.answer("/tokenize", answer({"tokens": [0, 1, 2]}))
        async with embedding(upstream) as embedder:
            assert await embedder.count_tokens("a") == 3

    assert upstream.asked[0].json["prompt"] == "passage: a"


async def test_options_that_make_no_sense_are_named() -> None:
    async with Upstream() as upstream, embedding(upstream, prefixes="query: ") as embedder:
        with pytest.raises(CatalogueFaulty):
            await embedder.embed_query("a")
