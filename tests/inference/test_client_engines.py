"""The client against the engines themselves: what the scripted upstream pretends must be true of them."""

import itertools
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from inference.chat import ChatRequest, Message
from inference.completions import CompletionRequest
from inference.embedder import RouteEmbedder
from inference.embeddings import EmbeddingRequest, Encoding
from inference.engines.machine import survey
from inference.errors import ModelRefused, Refusal
from inference.launch.models import model_parts, served_here
from inference.launch.supervisor import Supervisor
from inference.models import Catalogue, Engine, Kind
from inference.salt import TenantSalts
from inference.upstream import Models
from inference.weights.prepare import Folders, prepare
from tests.inference.conftest import Engines
from tests.inference.fakes import BOLLNAS, REGION
from tests.inference.launching import Remembering
from tests.inference.test_launch_models import EMBEDDED, moved, site

ASKED = ChatRequest(
    messages=(Message("user", "What is the capital of Sweden?"),), max_tokens=12, temperature=0.0
)
LONG = " ".join(f"The municipal archive has box number {number}." for number in range(40))


@asynccontextmanager
async def llamacpp(folder: Path, made: Folders) -> AsyncIterator[Catalogue]:
    catalogue = moved(EMBEDDED, Engine.LLAMACPP)
    routes = served_here(catalogue.routes)
    prepared = {route.name: prepare(route, made, lambda _: None) for route in routes}
    place = site(folder, model_python=None, machine=survey(None))
    async with Supervisor(model_parts(routes, prepared, place), Remembering()):
        yield catalogue


@pytest.mark.anyio
@pytest.mark.timeout(600)
async def test_llamacpp_keeps_what_the_client_promises(tmp_path: Path, made: Folders) -> None:
    async with llamacpp(tmp_path, made) as catalogue:
        await _every_promise_holds(catalogue)


@pytest.mark.anyio
@pytest.mark.full
@pytest.mark.timeout(600)
async def test_vllm_keeps_what_the_client_promises(vllm_engines: Engines) -> None:
    await _every_promise_holds(vllm_engines.catalogue)


async def _every_promise_holds(catalogue: Catalogue) -> None:
    models = Models(catalogue, salt=TenantSalts(b"key"))
    assert [(await models.health(route)).well for route in catalogue.routes] == [True] * 3
    await _a_stream_says_what_the_whole_answer_says(catalogue, models)
    await _no_tenant_finds_what_another_has_cached(catalogue, models)
    await _what_is_too_long_is_refused_as_that(catalogue, models)
    await _who_leaves_frees_the_place(catalogue, models)
    await _tokens_are_counted(catalogue, models)
    await _a_text_is_continued(catalogue, models)
    await _vectors_find_what_answers(catalogue, models)
    await models.close()


async def _a_stream_says_what_the_whole_answer_says(catalogue: Catalogue, models: Models) -> None:
    route = catalogue.default(Kind.CHAT)
    answer = await models.chat(route, ASKED, tenant=BOLLNAS, call="c-1")
    async with models.chat_stream(route, ASKED, tenant=BOLLNAS, call="c-2") as stream:
        deltas = [delta async for delta in stream]

    assert "Stockholm" in answer.text
    assert "".join(delta.text for delta in deltas) == answer.text
    assert deltas[0].role == "assistant"
    assert deltas[-1].usage is not None
    assert (deltas[-1].usage.prompt, deltas[-1].usage.completion) == (
        answer.usage.prompt,
        answer.usage.completion,
    )


async def _no_tenant_finds_what_another_has_cached(catalogue: Catalogue, models: Models) -> None:
    route = catalogue.default(Kind.CHAT)
    asked = msgspec.structs.replace(ASKED, messages=(Message("user", LONG),), max_tokens=1)
    for tenant in (BOLLNAS, REGION):
        answer = await models.chat(route, asked, tenant=tenant, call="c-1")
        assert answer.usage.prompt > 300
        assert answer.usage.cached == 0


async def _what_is_too_long_is_refused_as_that(catalogue: Catalogue, models: Models) -> None:
    chat, embedding = catalogue.default(Kind.CHAT), catalogue.default(Kind.EMBEDDING)
    asked = msgspec.structs.replace(ASKED, messages=(Message("user", "word " * 3000),))
    inputs = EmbeddingRequest(inputs=("ord " * 900,))
    for refusal in (
        models.chat(chat, asked, tenant=BOLLNAS, call="c-1"),
        models.chat_stream(chat, asked, tenant=BOLLNAS, call="c-1").__aenter__(),
        models.embed(embedding, inputs, tenant=BOLLNAS, call="c-1"),
    ):
        with pytest.raises(ModelRefused) as caught:
            await refusal
        assert caught.value.reason is Refusal.CONTEXT_LENGTH


async def _who_leaves_frees_the_place(catalogue: Catalogue, models: Models) -> None:
    route = catalogue.default(Kind.CHAT)
    endless = msgspec.structs.replace(
        ASKED, messages=(Message("user", "Write a very long story."),), max_tokens=1500
    )
    for number in range(route.max_parallel):
        async with models.chat_stream(route, endless, tenant=BOLLNAS, call=f"c-{number}") as stream:
            await stream.some()

    answer = await models.chat(
        route, msgspec.structs.replace(ASKED, max_tokens=1), tenant=BOLLNAS, call="c-1"
    )
    assert answer.finish == "length"
    assert models.load(route).running == 0


async def _tokens_are_counted(catalogue: Catalogue, models: Models) -> None:
    route = catalogue.default(Kind.CHAT)
    answer = await models.chat(
        route, msgspec.structs.replace(ASKED, max_tokens=1), tenant=BOLLNAS, call="c-1"
    )

    assert len(await models.tokenize_chat(route, ASKED.messages, call="c-1")) == answer.usage.prompt
    assert len(await models.tokenize(route, "Hej på dig", call="c-1")) > 2


async def _a_text_is_continued(catalogue: Catalogue, models: Models) -> None:
    asked = CompletionRequest(prompts=("One, two, three,",), max_tokens=4, temperature=0.0)
    completion = await models.complete(catalogue.default(Kind.CHAT), asked, tenant=BOLLNAS, call="c-1")

    assert "four" in completion.choices[0].text


async def _vectors_find_what_answers(catalogue: Catalogue, models: Models) -> None:
    numbers = itertools.count()
    route = catalogue.default(Kind.EMBEDDING)
    embedder = RouteEmbedder(models, route, BOLLNAS, lambda: f"e-{next(numbers)}")
    question = await embedder.embed_query("Vem beslutar om bygglov?")
    passages = await embedder.embed_passages(["Nämnden beslutar om bygglov.", "Skolmaten är gratis."])
    near, far = (sum(map(float.__mul__, question, passage)) for passage in passages)
    packed = EmbeddingRequest(inputs=("a",), encoding=Encoding.BASE64)
    (vector,) = (await models.embed(route, packed, tenant=BOLLNAS, call="e-1")).vectors

    assert math.hypot(*question) == pytest.approx(1.0)
    assert near > far + 0.05
    assert await embedder.count_tokens("Nämnden beslutar") > 4
    assert vector.json.startswith(b'"')
    assert len(vector.json) == 2 + 384 * 4 * 4 // 3
