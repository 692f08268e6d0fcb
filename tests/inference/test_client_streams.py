import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.chat import ChatDelta
from inference.completions import CompletionRequest
from inference.errors import (
    Failure,
    ModelFailed,
    ModelRefused,
    ModelTimedOut,
    ModelUnavailable,
    Refusal,
    RouteError,
    Stage,
)
from inference.models import ModelRoute
from inference.stream import DeltaStream
from inference.upstream import Models
from inference.wire import Limits
from tests.inference.fakes import BOLLNAS, QUESTION, a_route, asking
from tests.inference.upstream import (
    Asked,
    Script,
    Upstream,
    Wire,
    chat,
    chat_stream,
    cut,
    events,
    events_then,
    hang,
    piece,
    refusal,
    usage,
)

pytestmark = pytest.mark.anyio

CHAT = "/v1/chat/completions"


@pytest.fixture(params=[False, True], ids=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, bool]]:
    return "asyncio", {"use_uvloop": request.param}


def stream(models: Models, route: ModelRoute) -> DeltaStream[ChatDelta]:
    return models.chat_stream(route, QUESTION, tenant=BOLLNAS, call="c-1")


async def read(models: Models, route: ModelRoute) -> list[ChatDelta]:
    async with stream(models, route) as deltas:
        return [delta async for delta in deltas]


async def broken(script: Script, limits: Limits | None = None, **deadlines: float) -> tuple[str, RouteError]:
    """What was read before the stream broke, and how it broke."""
    text = ""

    async def collect() -> None:
        nonlocal text
        async with stream(models, route) as deltas:
            async for delta in deltas:
                text += delta.text

    async with Upstream() as upstream:
        upstream.answer(CHAT, script)
        route = a_route(upstream.url)
        async with asking(route, limits, **deadlines) as models:
            with pytest.raises(RouteError) as caught:
                await collect()
            assert models.load(route).running == 0
        await upstream.until(lambda up: up.open == 0)
    return text, caught.value


async def test_a_stream_is_read_to_its_usage_and_its_connection_is_used_again() -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, chat_stream("Hej", " på", " dig"))
        route = a_route(upstream.url)
        async with asking(route) as models:
            deltas = await read(models, route)
            await read(models, route)

    assert "".join(delta.text for delta in deltas) == "Hej på dig"
    assert deltas[0].role == "assistant"
    assert [delta.finish for delta in deltas if delta.finish] == ["stop"]
    assert deltas[-1].usage is not None
    assert upstream.asked[0].json["stream_options"] == {"include_usage": True}
    assert upstream.connections == 1


async def test_the_first_delta_is_there_before_the_stream_is_handed_over() -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, events_then(hang, piece("Hej")))
        route = a_route(upstream.url)
        async with asking(route) as models, stream(models, route) as deltas:
            assert [delta.text for delta in await deltas.some()] == ["Hej"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (refusal(400, "maximum context length"), ModelRefused),
        (refusal(503), ModelUnavailable),
        (events({"error": {"message": "x", "code": 400}}, "[DONE]"), ModelRefused),
        (events({"error": {"message": "x", "code": 500}}), ModelFailed),
        (events("[DONE]"), ModelFailed),
        (events(), ModelFailed),
        (cut, ModelFailed),
        (events_then(cut), ModelFailed),
    ],
)
async def test_what_fails_before_the_first_delta_fails_before_the_stream_is_handed_over(
    script: Script, expected: type[RouteError]
) -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, script)
        route = a_route(upstream.url)
        async with asking(route) as models:
            with pytest.raises(expected):
                await stream(models, route).__aenter__()
            assert models.load(route).running == 0


@pytest.mark.parametrize(
    ("last", "how"),
    [
        (cut, Failure.CLOSED),
        (events_then(cut), Failure.ANSWER),
    ],
)
async def test_a_stream_that_is_cut_gives_what_came_and_then_fails(last: Script, how: Failure) -> None:
    text, error = await broken(events_then(last, piece("Hej"), piece(" på")))

    assert text == "Hej på"
    assert isinstance(error, ModelFailed)
    assert error.how is how


async def test_a_stream_that_ends_without_saying_so_has_failed() -> None:
    text, error = await broken(events(piece("Hej"), piece(None, finish="stop")))

    assert text == "Hej"
    assert isinstance(error, ModelFailed)
    assert error.how is Failure.CLOSED


async def test_an_error_in_mid_stream_comes_behind_every_delta_before_it() -> None:
    error = {"error": {"message": "the prompt was: secret", "type": "InternalServerError", "code": 500}}
    text, failed = await broken(events(piece("Hej"), piece(" då"), error, "[DONE]"))

    assert text == "Hej då"
    assert isinstance(failed, ModelFailed)
    assert failed.how is Failure.ENGINE
    assert "secret" not in repr(vars(failed))


async def test_an_event_that_is_no_json_has_failed() -> None:
    text, failed = await broken(events(piece("Hej"), "nonsense"))

    assert text == "Hej"
    assert isinstance(failed, ModelFailed)
    assert failed.how is Failure.ANSWER


async def test_an_event_over_the_limit_has_failed() -> None:
    text, failed = await broken(events(piece("Hej"), piece("x" * 5000)), Limits(event=1000))

    assert text == "Hej"
    assert isinstance(failed, ModelFailed)
    assert failed.how is Failure.TOO_LARGE


async def test_a_first_byte_that_does_not_come_in_time_is_named() -> None:
    _, slow = await broken(hang, first_byte=0.05)

    assert isinstance(slow, ModelTimedOut)
    assert slow.stage is Stage.FIRST_BYTE


async def test_a_server_that_sends_its_head_at_once_may_still_take_its_time_to_begin() -> None:
    async def slow_reader(_asked: Asked, wire: Wire) -> None:
        await wire.begin_stream()
        await asyncio.sleep(0.6)
        await wire.event(piece("Hej", finish="stop"))
        await wire.event("[DONE]")
        await wire.end_stream()

    async with Upstream() as upstream:
        upstream.answer(CHAT, slow_reader)
        route = a_route(upstream.url)
        async with asking(route, first_byte=5.0, idle=0.25) as models:
            deltas = await read(models, route)

    assert [delta.text for delta in deltas] == ["Hej"]


async def test_a_piece_that_does_not_come_in_time_is_named() -> None:
    text, slow = await broken(events_then(hang, piece("Hej")), idle=0.05)

    assert text == "Hej"
    assert isinstance(slow, ModelTimedOut)
    assert slow.stage is Stage.IDLE


async def test_a_stream_has_an_end_however_often_something_comes() -> None:
    _, slow = await broken(chat_stream(*["x"] * 500, gap=0.01), idle=1.0, total=0.1)

    assert isinstance(slow, ModelTimedOut)
    assert slow.stage is Stage.TOTAL


async def test_a_stream_may_last_longer_than_its_first_byte_may_take() -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, chat_stream(*["x"] * 15, gap=0.05))
        route = a_route(upstream.url)
        async with asking(route, first_byte=0.5, idle=0.5) as models:
            deltas = await read(models, route)

    assert "".join(delta.text for delta in deltas) == "x" * 15


async def test_who_leaves_a_stream_stops_the_engine_at_once() -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, chat_stream(*["x"] * 1000, gap=0.01))
        route = a_route(upstream.url)
        async with asking(route) as models:
            async with stream(models, route) as deltas:
                await anext(aiter(deltas))
            await upstream.until(lambda up: up.left == 1, within=5)
            assert models.load(route).running == 0


async def test_a_cancelled_reader_stops_the_engine_at_once() -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, events_then(hang, piece("Hej")))
        route = a_route(upstream.url)
        async with asking(route) as models:
            reader = asyncio.create_task(read(models, route))
            await upstream.until(lambda up: len(up.asked) == 1)
            reader.cancel()
            await upstream.until(lambda up: up.left == 1, within=5)
            assert models.load(route).running == 0


async def test_who_is_cancelled_before_the_first_delta_stops_the_engine_too() -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, hang)
        route = a_route(upstream.url)
        async with asking(route) as models:
            reader = asyncio.create_task(read(models, route))
            await upstream.until(lambda up: len(up.asked) == 1)
            reader.cancel()
            await upstream.until(lambda up: up.left == 1, within=5)
            assert models.load(route).running == 0


async def test_a_slow_reader_holds_the_engine_back_and_loses_nothing() -> None:
    sent = 0

    async def flood(_asked: Asked, wire: Wire) -> None:
        nonlocal sent
        await wire.begin_stream()
        for _ in range(400):
            await wire.event(piece("x" * 50_000))
            sent += 1
        await wire.event({"choices": [], "usage": usage()})
        await wire.event("[DONE]")
        await wire.end_stream()

    async with Upstream() as upstream:
        upstream.answer(CHAT, flood)
        route = a_route(upstream.url)
        async with asking(route, Limits(unread=65_536), idle=5) as models, stream(models, route) as deltas:
            await asyncio.sleep(0.5)
            early = sent
            length = 0
            async for delta in deltas:
                length += len(delta.text)

    assert early < 400
    assert length == 400 * 50_000


async def test_after_done_the_rest_of_the_stream_can_not_spoil_the_answer() -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, events_then(cut, piece("Hej"), "[DONE]"))
        route = a_route(upstream.url)
        async with asking(route) as models:
            assert [delta.text for delta in await read(models, route)] == ["Hej"]


async def test_several_choices_in_one_event_are_several_deltas() -> None:
    both = {"choices": piece("a", index=0)["choices"] + piece("b", index=1)["choices"]}
    async with Upstream() as upstream:
        upstream.answer(CHAT, events(both, "[DONE]"))
        route = a_route(upstream.url)
        async with asking(route) as models:
            deltas = await read(models, route)

    assert [(delta.index, delta.text) for delta in deltas] == [(0, "a"), (1, "b")]


async def test_some_gives_everything_that_has_come_and_nothing_at_the_end() -> None:
    async with Upstream() as upstream:
        upstream.answer(CHAT, chat_stream("a", "b", "c"))
        route = a_route(upstream.url)
        async with asking(route) as models, stream(models, route) as deltas:
            taken = []
            while some := await deltas.some():
                taken += some

    assert "".join(delta.text for delta in taken) == "abc"


async def test_a_whole_answer_where_a_stream_was_asked_for_has_failed() -> None:
    _, failed = await broken(chat("not a stream"))

    assert isinstance(failed, ModelFailed)


async def test_continuations_are_streamed_alike() -> None:
    texts = [{"choices": [{"index": 0, "text": text, "finish_reason": None}]} for text in ("en", " två")]
    async with Upstream() as upstream:
        upstream.answer("/v1/completions", events(*texts, {"choices": [], "usage": usage()}, "[DONE]"))
        route = a_route(upstream.url)
        request = CompletionRequest(prompts=("räkna:",), max_tokens=4)
        async with (
            asking(route) as models,
            models.complete_stream(route, request, tenant=BOLLNAS, call="c-1") as deltas,
        ):
            read = [delta async for delta in deltas]

    assert [delta.text for delta in read] == ["en", " två", ""]
    assert read[-1].usage is not None
    assert upstream.asked[0].json["prompt"] == "räkna:"


@given(sizes=st.lists(st.integers(1, 40), min_size=1, max_size=20))
@settings(max_examples=15, deadline=None)
def test_a_stream_reads_the_same_whatever_the_pieces(sizes: list[int]) -> None:
    whole = b"".join(
        b"data: %b\r\n\r\n" % data
        for data in (
            b'{"choices":[{"index":0,"delta":{"content":"r\xc3\xa4ksm\xc3\xb6rg\xc3\xa5s"}}]}',
            b'{"choices":[{"index":0,"delta":{"content":" \\u00e5t"},"finish_reason":"stop"}]}',
            b"[DONE]",
        )
    )

    async def in_pieces(_asked: Asked, wire: Wire) -> None:
        await wire.begin_stream()
        start = 0
        for size in sizes * (len(whole) // sum(sizes) + 1):
            if start < len(whole):
                await wire.chunk(whole[start : start + size])
            start += size
        await wire.end_stream()

    async def play() -> str:
        async with Upstream() as upstream:
            upstream.answer(CHAT, in_pieces)
            route = a_route(upstream.url)
            async with asking(route) as models:
                return "".join(delta.text for delta in await read(models, route))

    assert asyncio.run(play()) == "räksmörgås åt"


async def test_a_refusal_of_a_stream_says_why() -> None:
    _, refused = await broken(refusal(400, kind="exceed_context_size_error"))

    assert isinstance(refused, ModelRefused)
    assert refused.reason is Refusal.CONTEXT_LENGTH


async def test_a_connection_whose_end_comes_a_little_after_done_is_used_again() -> None:
    async def late_end(_asked: Asked, wire: Wire) -> None:
        await wire.begin_stream()
        await wire.event(piece("Hej"))
        await wire.event("[DONE]")
        await asyncio.sleep(0.05)
        await wire.end_stream()

    async with Upstream() as upstream:
        upstream.answer(CHAT, late_end)
        route = a_route(upstream.url)
        async with asking(route) as models:
            await read(models, route)
            await read(models, route)

    assert upstream.connections == 1
