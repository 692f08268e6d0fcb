import asyncio
import gc
import json

import pytest

from inference.completions import CompletionRequest
from inference.embeddings import EmbeddingRequest
from inference.errors import (
    Failure,
    ModelFailed,
    ModelOverloaded,
    ModelRefused,
    ModelTimedOut,
    ModelUnavailable,
    Refusal,
    RouteError,
    Stage,
    UnknownModel,
)
from inference.models import Engine, Kind, ModelRoute
from inference.reranking import RerankRequest
from inference.upstream import Models
from inference.wire import Limits
from tests.inference.fakes import BOLLNAS, QUESTION, REGION, a_route, asking
from tests.inference.upstream import (
    Script,
    Upstream,
    after,
    answer,
    chat,
    closing,
    cut,
    embeddings,
    hang,
    raw,
    refusal,
    usage,
)

pytestmark = pytest.mark.anyio

CHAT = "/v1/chat/completions"


@pytest.fixture(params=[False, True], ids=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, bool]]:
    return "asyncio", {"use_uvloop": request.param}


WHOLE = json.dumps({"choices": [{"message": {"content": "Hej"}}], "usage": usage()}).encode()


async def ask(models: Models, route: ModelRoute) -> str:
    return (await models.chat(route, QUESTION, tenant=BOLLNAS, call="c-1")).text


async def failure(upstream: Upstream, **deadlines: float) -> RouteError:
    route = a_route(upstream.url)
    async with asking(route, **deadlines) as models:
        with pytest.raises(RouteError) as caught:
            await ask(models, route)
        assert models.load(route).running == 0
    return caught.value


async def test_a_call_carries_its_id_and_comes_back_whole() -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, chat("Hej på dig"))
        route = a_route(upstream.url)
        async with asking(route) as models:
            answered = await models.chat(route, QUESTION, tenant=BOLLNAS, call="c-1")

    assert (answered.text, answered.finish, answered.usage.prompt) == ("Hej på dig", "stop", 5)
    assert upstream.asked[0].headers["x-request-id"] == "c-1"
    assert upstream.asked[0].json["model"] == "m"


async def test_calls_one_after_another_use_one_connection() -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, chat("Hej"))
        route = a_route(upstream.url)
        async with asking(route) as models:
            for _ in range(20):
                await ask(models, route)

    assert upstream.connections == 1


async def test_an_idle_connection_that_was_closed_is_replaced_unseen() -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, chat("Hej"), cut, chat("igen"))
        route = a_route(upstream.url)
        async with asking(route) as models:
            await ask(models, route)

            assert await ask(models, route) == "igen"

    assert [asked.connection for asked in upstream.asked] == [0, 0, 1]


async def test_a_closed_connection_is_replaced_only_once() -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, chat("Hej"), cut)
        route = a_route(upstream.url)
        async with asking(route) as models:
            await ask(models, route)
            with pytest.raises(ModelFailed) as caught:
                await ask(models, route)

    assert caught.value.how is Failure.CLOSED
    assert len(upstream.asked) == 3


async def test_a_question_is_not_repeated_once_a_byte_of_the_answer_has_come() -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, chat("Hej"), raw(b"HTTP/1.1 2"))
        route = a_route(upstream.url)
        async with asking(route) as models:
            await ask(models, route)
            with pytest.raises(ModelFailed):
                await ask(models, route)

    assert len(upstream.asked) == 2


async def test_a_question_that_broke_a_server_is_not_handed_to_the_next() -> None:
    async with Upstream() as first, Upstream() as second:
        first.answer(CHAT, cut)
        second.answer(CHAT, cut)
        route = a_route(first.url, second.url)
        async with asking(route) as models:
            with pytest.raises(ModelFailed):
                await ask(models, route)

    assert len(first.asked) + len(second.asked) == 1


async def test_a_server_that_closes_after_its_answer_is_asked_on_a_fresh_connection() -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, closing(chat("Hej")))
        route = a_route(upstream.url)
        async with asking(route) as models:
            for _ in range(3):
                assert await ask(models, route) == "Hej"

    assert upstream.connections == 3


@pytest.mark.parametrize(
    "response",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(WHOLE), WHOLE),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(WHOLE), WHOLE),
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n%b" % WHOLE,
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(WHOLE), WHOLE),
    ],
    ids=["length", "chunked", "until closed", "continue first"],
)
@pytest.mark.parametrize("size", [1, 7, 100_000])
async def test_every_framing_is_read_in_pieces_of_any_size(response: bytes, size: int) -> None:
    async def in_pieces(_asked: object, wire: object) -> None:
        for start in range(0, len(response), size):
            await wire.send(response[start : start + size])  # type: ignore[attr-defined]  # a Wire
            await asyncio.sleep(0)

    async with Upstream() as upstream:
        upstream.answer(CHAT, closing(in_pieces))
        route = a_route(upstream.url)
        async with asking(route) as models:
            assert await ask(models, route) == "Hej"


@pytest.mark.parametrize(
    ("script", "how"),
    [
        (cut, Failure.CLOSED),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"), Failure.CLOSED),
        (raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf"), Failure.CLOSED),
        (raw(b"SSH-2.0-no\r\n\r\n"), Failure.ANSWER),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nnot json!"), Failure.ANSWER),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n\xff\xfe\xfd\xfc\xfb\xfa\xf9"), Failure.ANSWER),
        (answer({"choices": []}), Failure.ANSWER),
        (answer({"choices": [{"message": {"content": "no usage"}}]}), Failure.ANSWER),
        (refusal(500), Failure.ENGINE),
        (refusal(404), Failure.STATUS),
        (answer({}, 302), Failure.STATUS),
    ],
)
async def test_a_broken_answer_is_a_failed_model(script: Script, how: Failure) -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, script)
        failed = await failure(upstream)

    assert isinstance(failed, ModelFailed)
    assert failed.how is how


@pytest.mark.parametrize(
    "response",
    [
        b"HTTP/1.1 200 OK\r\n" + b"X-Long: %b\r\n" % (b"x" * 100) * 50,
        b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + (b"1000\r\n" + b"x" * 4096 + b"\r\n") * 2,
    ],
    ids=["headers", "body", "chunked body"],
)
async def test_more_than_the_limits_allow_is_not_read(response: bytes) -> None:
    async def flood(_asked: object, wire: object) -> None:
        await wire.send(response)  # type: ignore[attr-defined]  # a Wire
        await asyncio.Event().wait()

    async with Upstream() as upstream:
        upstream.answer(CHAT, flood)
        route = a_route(upstream.url)
        async with asking(route, Limits(head=2000, body=2000)) as models:
            with pytest.raises(ModelFailed) as caught:
                await ask(models, route)
        await upstream.until(lambda up: up.open == 0)

    assert caught.value.how is Failure.TOO_LARGE


async def test_a_refusal_says_why_and_repeats_nothing_of_the_engines_text() -> None:
    text = "This model's maximum context length is 2048 tokens. Your prompt: my secret"
    async with Upstream() as upstream:
        upstream.answer(CHAT, refusal(400, text, param="input_tokens"))
        refused = await failure(upstream)

    assert isinstance(refused, ModelRefused)
    assert (refused.reason, refused.param) == (Refusal.CONTEXT_LENGTH, None)
    assert "secret" not in repr(refused) + str(refused) + repr(vars(refused))


async def test_an_engine_that_is_still_loading_is_unavailable() -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, refusal(503, "Loading model"))

        assert isinstance(await failure(upstream), ModelUnavailable)


async def test_a_busy_engine_says_when_to_come_back() -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, answer({}, 429, Retry_After="7"))
        busy = await failure(upstream)

    assert isinstance(busy, ModelOverloaded)
    assert busy.retry_after == 7


async def test_a_server_that_is_not_there_is_unavailable_and_found_again_when_it_comes() -> None:
    upstream = Upstream()
    async with upstream:
        upstream.answer(CHAT, chat("Hej"))
    route = a_route(upstream.url)
    async with asking(route) as models:
        with pytest.raises(ModelUnavailable):
            await ask(models, route)
        assert models.load(route).up == 0
        async with upstream:
            assert await ask(models, route) == "Hej"
            assert models.load(route).up == 1


async def test_every_call_succeeds_while_one_server_lives() -> None:
    dead = Upstream()
    async with dead:
        pass
    async with Upstream() as alive:
        alive.answer(CHAT, chat("Hej"))
        route = a_route(dead.url, alive.url)
        async with asking(route) as models:
            assert [await ask(models, route) for _ in range(10)] == ["Hej"] * 10


async def test_calls_spread_over_the_servers() -> None:
    async with Upstream() as first, Upstream() as second:
        for upstream in (first, second):
            upstream.answer(CHAT, after(0.01, chat("Hej")))
        route = a_route(first.url, second.url)
        async with asking(route) as models:
            await asyncio.gather(*(ask(models, route) for _ in range(8)))

    assert len(first.asked) == len(second.asked) == 4


async def test_a_server_that_accepts_and_says_nothing_is_given_up_after_the_total_deadline() -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, hang)
        slow = await failure(upstream, total=0.05)
        await upstream.until(lambda up: up.left == 1)

    assert isinstance(slow, ModelTimedOut)
    assert slow.stage is Stage.TOTAL


async def test_an_answer_that_stops_half_way_is_given_up_after_the_idle_deadline() -> None:
    async def half(_asked: object, wire: object) -> None:
        await wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx")  # type: ignore[attr-defined]  # a Wire
        await asyncio.Event().wait()

    async with Upstream() as upstream:
        upstream.answer(CHAT, half)
        slow = await failure(upstream, idle=0.05)

    assert isinstance(slow, ModelTimedOut)
    assert slow.stage is Stage.IDLE


async def test_a_cancelled_call_leaves_its_server_at_once_and_gives_back_its_turn() -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, hang, chat("Hej"))
        route = a_route(upstream.url, max_parallel=1)
        async with asking(route) as models:
            call = asyncio.create_task(ask(models, route))
            await upstream.until(lambda up: len(up.asked) == 1)
            call.cancel()
            await upstream.until(lambda up: up.left == 1, within=5)

            assert await ask(models, route) == "Hej"


async def test_no_more_calls_are_in_flight_than_the_route_allows() -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, after(0.02, chat("Hej")))
        route = a_route(upstream.url, max_parallel=2, max_queue=20)
        async with asking(route) as models:
            calls = [asyncio.create_task(ask(models, route)) for _ in range(8)]
            await upstream.until(lambda up: len(up.asked) == 2)
            load = models.load(route)
            await asyncio.gather(*calls)

    assert (load.running, load.waiting) == (2, 6)
    assert upstream.connections == 2


async def test_a_full_queue_is_an_overload_with_advice() -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, hang)
        route = a_route(upstream.url, max_parallel=1, max_queue=0)
        async with asking(route) as models:
            first = asyncio.create_task(ask(models, route))
            await upstream.until(lambda up: len(up.asked) == 1)
            with pytest.raises(ModelOverloaded) as caught:
                await models.chat(route, QUESTION, tenant=REGION, call="c-2")
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)

    assert caught.value.retry_after >= 1


async def test_bytes_that_nobody_asked_for_end_the_connection() -> None:
    twice = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(WHOLE), WHOLE) * 2

    async def both(_asked: object, wire: object) -> None:
        await wire.send(twice)  # type: ignore[attr-defined]  # a Wire

    async with Upstream() as upstream:
        upstream.answer(CHAT, both)
        route = a_route(upstream.url)
        async with asking(route) as models:
            assert [await ask(models, route) for _ in range(3)] == ["Hej"] * 3

    assert upstream.connections == 3


async def test_a_call_id_that_could_end_a_header_is_refused() -> None:
    route = a_route("http://127.0.0.1:1")
    async with asking(route) as models:
        with pytest.raises(ValueError, match="evil"):
            await models.chat(route, QUESTION, tenant=BOLLNAS, call="evil\r\nX-A: b")


async def test_a_route_without_an_engine_is_unknown_here_but_well() -> None:
    route = a_route(kind=Kind.EXTRACTIVE, engine=None)
    async with asking(route) as models:
        with pytest.raises(UnknownModel):
            await ask(models, route)
        assert (await models.health(route)).well
        assert models.load(route).servers == 0


async def test_health_tells_each_server_and_is_remembered() -> None:
    lost = Upstream()
    async with lost:
        pass
    async with Upstream() as well, Upstream() as loading:
        loading.answer("/health", refusal(503))
        route = a_route(lost.url, well.url, loading.url)
        async with asking(route) as models:
            health = await models.health(route)
            load = models.load(route)

    assert {backend.url: backend.well for backend in health.backends} == {
        lost.url: False,
        well.url: True,
        loading.url: False,
    }
    assert health.well
    assert (load.up, load.servers) == (1, 3)


async def test_a_server_that_does_not_say_how_it_is_in_time_is_not_well() -> None:
    async with Upstream() as upstream:
        upstream.answer("/health", hang)
        route = a_route(upstream.url)
        async with asking(route, probe=0.05) as models:
            assert not (await models.health(route)).well
        await upstream.until(lambda up: up.open == 0)


async def test_nothing_is_left_open_after_close() -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, after(0.01, chat("Hej")))
        route = a_route(upstream.url)
        async with asking(route) as models:
            await asyncio.gather(*(ask(models, route) for _ in range(8)))
        await upstream.until(lambda up: up.open == 0)
    gc.collect()

    assert upstream.connections == 8


async def test_large_vectors_come_back_as_they_were_written() -> None:
    async with Upstream() as upstream:
        upstream.answer("/v1/embeddings", embeddings(2000))
        route = a_route(upstream.url, kind=Kind.EMBEDDING)
        async with asking(route) as models:
            request = EmbeddingRequest(inputs=tuple("x" * length for length in range(1, 65)))
            embedded = await models.embed(route, request, tenant=BOLLNAS, call="c-1")

    assert [json.loads(vector.json)[0] for vector in embedded.vectors] == list(range(1, 65))


async def test_documents_are_reranked_and_texts_tokenized_over_the_same_client() -> None:
    async with Upstream() as upstream:
        upstream.answer("/v1/rerank", answer({"results": [{"index": 1, "relevance_score": 0.9}]}))
        upstream.answer("/tokenize", answer({"tokens": [1, 2]}))
        upstream.answer("/v1/completions", answer({"choices": [{"text": "två"}], "usage": usage()}))
        route = a_route(upstream.url)
        async with asking(route) as models:
            ranking = await models.rerank(
                route, RerankRequest(query="a", documents=("b", "c")), tenant=BOLLNAS, call="c-1"
            )
            tokens = await models.tokenize(route, "Hej", call="c-1")
            chat_tokens = await models.tokenize_chat(route, QUESTION.messages, call="c-1")
            completion = await models.complete(
                route, CompletionRequest(prompts=("ett",)), tenant=BOLLNAS, call="c-1"
            )

    assert [score.index for score in ranking.scores] == [1]
    assert tokens == chat_tokens == (1, 2)
    assert completion.choices[0].text == "två"


async def test_llamacpp_tokenizes_a_conversation_by_its_template_first() -> None:
    async with Upstream() as upstream:
        upstream.answer("/apply-template", answer({"prompt": "<|user|>Hej"}))
        upstream.answer("/tokenize", answer({"tokens": [1, 2, 3]}))
        route = a_route(upstream.url, engine=Engine.LLAMACPP)
        async with asking(route) as models:
            assert await models.tokenize_chat(route, QUESTION.messages, call="c-1") == (1, 2, 3)

    assert upstream.asked[1].json["content"] == "<|user|>Hej"


async def test_a_connection_that_lay_idle_for_too_long_is_not_used_again() -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, chat("Hej"))
        route = a_route(upstream.url)
        async with asking(route, Limits(keep=0.0)) as models:
            await ask(models, route)
            await ask(models, route)
            await upstream.until(lambda up: up.open <= 1)

    assert upstream.connections == 2


async def test_a_server_that_is_still_loading_is_passed_over_for_one_that_is_not() -> None:
    async with Upstream() as loading, Upstream() as ready:
        loading.answer(CHAT, refusal(503, "Loading model"))
        ready.answer(CHAT, chat("Hej"))
        route = a_route(loading.url, ready.url)
        async with asking(route) as models:
            assert [await ask(models, route) for _ in range(4)] == ["Hej"] * 4
            assert models.load(route).up == 1

    assert len(loading.asked) <= 1


async def test_no_server_is_thought_busy_after_its_calls_have_ended() -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, chat("Hej"), refusal(500), cut, refusal(503), chat("Hej"))
        route = a_route(upstream.url)
        async with asking(route) as models:
            for _ in range(5):
                await asyncio.gather(ask(models, route), return_exceptions=True)
            servers = models._lanes["m"].servers.all

    assert [server.outstanding for server in servers] == [0]
