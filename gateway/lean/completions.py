"""`POST /v1/completions`: parse, record, continue the text, whole or as a stream."""

import time
from typing import Any, Final

import msgspec

from auth.identity import Principal
from gateway.asking import Asking
from gateway.calls import Call
from gateway.counting import count, follow, usage_of
from gateway.lean import headers
from gateway.lean.chat import DONE, break_off
from gateway.lean.exchange import Exchange
from gateway.scribe import Scribe
from gateway.wire import texts as wire
from inference.completions import Completion, CompletionDelta, CompletionRequest, Continuation
from inference.errors import InferenceError
from inference.models import Kind, ModelRoute
from inference.upstream import Models

_ENCODER: Final = msgspec.json.Encoder()


class Completions:
    """The handler of the path."""

    def __init__(self, asking: Asking, models: Models, scribe: Scribe, *, body_limit: int) -> None:
        self._asking = asking
        self._models = models
        self._scribe = scribe
        self._body_limit = body_limit

    async def __call__(self, exchange: Exchange, who: Principal) -> None:
        asked = wire.read_completion(await exchange.body(self._body_limit))
        route = self._asking.route(who, asked.model, Kind.CHAT)
        self._asking.bound(route, asked.request.max_tokens)
        with exchange.watched():
            await self._intend(exchange.call, route, asked)
            if asked.stream:
                await self._stream(exchange, who, route, asked)
            else:
                await self._whole(exchange, who, route, asked.request)

    async def _intend(self, call: Call, route: ModelRoute, asked: wire.AskedCompletion) -> None:
        request = asked.request
        await self._asking.intend(
            call,
            route,
            [prompt for prompt in request.prompts if isinstance(prompt, str)],
            name="completion",
            parameters=_parameters(request),
            stream=asked.stream,
            max_tokens=request.max_tokens,
        )

    async def _whole(
        self, exchange: Exchange, who: Principal, route: ModelRoute, request: CompletionRequest
    ) -> None:
        call = exchange.call
        answer = await self._models.complete(route, request, tenant=who.tenant, call=call.id)
        count(call, answer.usage, answer.choices[0].finish)
        await exchange.answer(_completion(call, answer), headers.of(call))

    async def _stream(
        self, exchange: Exchange, who: Principal, route: ModelRoute, asked: wire.AskedCompletion
    ) -> None:
        call = exchange.call
        created = int(time.time())
        piece = b""
        async with self._models.complete_stream(
            route, asked.request, tenant=who.tenant, call=call.id
        ) as deltas:
            call.first_ns = time.monotonic_ns()
            exchange.start_stream(headers.of(call))
            try:
                while some := await deltas.some():
                    follow(call, some)
                    piece = b"".join(
                        [_event(call, created, [_choice(each)]) for each in some if _shows(each)]
                    )
                    if piece and not deltas.over:
                        await exchange.piece(piece)
                        piece = b""
            except InferenceError as broken:
                await break_off(exchange, self._scribe, broken)
                return
        usage = _event(call, created, [], usage=usage_of(call)) if asked.include_usage else b""
        await exchange.end_stream(piece + usage + DONE, self._scribe)


def _shows(delta: CompletionDelta) -> bool:
    return bool(delta.text or delta.finish)


def _event(call: Call, created: int, choices: list[dict[str, Any]], **beside: object) -> bytes:
    return b"data: " + _ENCODER.encode(_head(call, created) | {"choices": choices, **beside}) + b"\n\n"


def _completion(call: Call, answer: Completion) -> bytes:
    choices = [_choice(choice) for choice in answer.choices]
    return _ENCODER.encode(_head(call, int(time.time())) | {"choices": choices, "usage": usage_of(call)})


def _head(call: Call, created: int) -> dict[str, Any]:
    return {"id": f"cmpl-{call.id}", "object": "text_completion", "created": created, "model": call.model}


def _choice(choice: CompletionDelta | Continuation) -> dict[str, Any]:
    return {
        "index": choice.index,
        "text": choice.text,
        "logprobs": msgspec.Raw(choice.logprobs) if choice.logprobs is not None else None,
        "finish_reason": choice.finish,
    }


def _parameters(request: CompletionRequest) -> bytes:
    chosen = {
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "top_p": request.top_p,
        "stop": request.stop,
        "seed": request.seed,
        "n": request.n,
        "presence_penalty": request.presence_penalty,
        "frequency_penalty": request.frequency_penalty,
        "logprobs": request.logprobs,
        "echo": request.echo,
    }
    return msgspec.json.encode(chosen, order="deterministic")
