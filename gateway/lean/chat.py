"""`POST /v1/chat/completions`: parse, prepare, answer whole or as a stream."""

import time
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from auth.identity import Principal
from gateway import errors, problems
from gateway.asking import Asking, Prepared, Question
from gateway.calls import Call
from gateway.counting import count, follow, usage_of
from gateway.lean import headers
from gateway.lean.exchange import Exchange
from gateway.scribe import Scribe
from gateway.wire import chat as wire
from gateway.wire.annotations import annotations
from inference.chat import Answer, ChatDelta, ChatPiece, Choice, TextRun
from inference.errors import InferenceError
from inference.models import Kind

DONE: Final = b"data: [DONE]\n\n"
_ENCODER: Final = msgspec.json.Encoder()
_TEXT_ENDS: Final = b'"},"finish_reason":null}]}\n\n'
_NOTHING: Final = ChatDelta(0, "")


class ChatCompletions:
    """The handler of the path."""

    def __init__(self, asking: Asking, scribe: Scribe, *, body_limit: int) -> None:
        self._asking = asking
        self._scribe = scribe
        self._body_limit = body_limit

    async def __call__(self, exchange: Exchange, who: Principal) -> None:
        asked = wire.read(await exchange.body(self._body_limit))
        route = self._asking.route(who, asked.model, Kind.CHAT, Kind.EXTRACTIVE)
        question = Question(route, asked.request, asked.collections, asked.stream)
        with exchange.watched():
            prepared = await self._asking.prepare(exchange.call, who, question)
            if asked.stream:
                await self._stream(exchange, who, prepared, include_usage=asked.include_usage)
            else:
                await self._whole(exchange, who, prepared)

    async def _whole(self, exchange: Exchange, who: Principal, prepared: Prepared) -> None:
        call = exchange.call
        answer = await self._asking.answer(call, who, prepared)
        count(call, answer.usage, answer.finish)
        await exchange.answer(_completion(call, prepared, answer), headers.of(call))

    async def _stream(
        self, exchange: Exchange, who: Principal, prepared: Prepared, *, include_usage: bool
    ) -> None:
        call = exchange.call
        frames = Frames(call)
        piece = b""
        async with self._asking.answering(call, who, prepared) as deltas:
            call.first_ns = time.monotonic_ns()
            exchange.start_stream(headers.of(call))
            try:
                while some := await deltas.some():
                    follow(call, some)
                    piece = frames.of(some)
                    if piece and not deltas.over:
                        await exchange.piece(piece)
                        piece = b""
            except InferenceError as broken:
                await break_off(exchange, self._scribe, broken)
                return
        tail = frames.annotations(prepared) + (frames.usage() if include_usage else b"")
        await exchange.end_stream(piece + tail + DONE, self._scribe)


async def break_off(exchange: Exchange, scribe: Scribe, broken: InferenceError) -> None:
    """The status is out already: the stream says what happened and ends without `[DONE]`."""
    problem = errors.told(exchange.call, broken)
    body = problems.render_openai(problem, request_id=exchange.call.id)
    await exchange.end_stream(b"data: " + body + b"\n\n", scribe)


class Frames:
    """The events of one stream; what is the same in each of them is made once."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._created = int(time.time())
        head = {
            "id": f"chatcmpl-{call.id}",
            "object": "chat.completion.chunk",
            "created": self._created,
            "model": call.model,
        }
        self._head = _ENCODER.encode(head)[:-1]
        self._text = b"data: " + self._head + b',"choices":[{"index":0,"delta":{"content":"'
        self._between = _TEXT_ENDS + self._text

    def of(self, some: Iterable[ChatPiece]) -> bytes:
        """An event for each piece of text, and for whatever else is said; nothing for the usage alone."""
        return b"".join([self._run(each) if isinstance(each, TextRun) else self._one(each) for each in some])

    def _run(self, run: TextRun) -> bytes:
        return self._text + self._between.join(run.pieces) + _TEXT_ENDS

    def _one(self, delta: ChatDelta) -> bytes:
        if delta.finish is None and (delta.usage is not None or delta == _NOTHING):
            return b""
        return self._event([_choice(delta)])

    def annotations(self, prepared: Prepared) -> bytes:
        """The event that carries the citations, if retrieval was asked for."""
        if prepared.supported is None:
            return b""
        found = {"annotations": annotations(prepared.citations)}
        return self._event([{"index": 0, "delta": found, "finish_reason": None}])

    def usage(self) -> bytes:
        """The event that `stream_options.include_usage` asks for."""
        return self._event([], usage=usage_of(self._call))

    def _event(self, choices: list[dict[str, Any]], **beside: object) -> bytes:
        rest = _ENCODER.encode({"choices": choices, **beside})
        return b"data: " + self._head + b"," + rest[1:] + b"\n\n"


def _choice(delta: ChatDelta) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if delta.role is not None:
        said["role"] = delta.role
    if delta.text or delta.role is not None:
        said["content"] = delta.text
    if delta.reasoning is not None:
        said["reasoning_content"] = delta.reasoning
    if delta.tool_calls:
        said["tool_calls"] = [_call_part(part) for part in delta.tool_calls]
    choice: dict[str, Any] = {"index": delta.index, "delta": said, "finish_reason": delta.finish}
    if delta.logprobs is not None:
        choice["logprobs"] = msgspec.Raw(delta.logprobs)
    return choice


def _call_part(part: Any) -> dict[str, Any]:  # noqa: ANN401  a ToolCallPart
    function = {"arguments": part.arguments, **({"name": part.name} if part.name else {})}
    started = {"id": part.id, "type": "function"} if part.id else {}
    return {"index": part.index, "function": function, **started}


def _completion(call: Call, prepared: Prepared, answer: Answer) -> bytes:
    choices = [_whole_choice(choice, prepared) for choice in answer.choices]
    return _ENCODER.encode(
        {
            "id": f"chatcmpl-{call.id}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": call.model,
            "choices": choices,
            "usage": usage_of(call),
        }
    )


def _whole_choice(choice: Choice, prepared: Prepared) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": choice.text or None, "refusal": None}
    if choice.text or not choice.tool_calls:
        message["content"] = choice.text
    if choice.reasoning is not None:
        message["reasoning_content"] = choice.reasoning
    if choice.tool_calls:
        message["tool_calls"] = [
            {"id": c.id, "type": "function", "function": {"name": c.name, "arguments": c.arguments}}
            for c in choice.tool_calls
        ]
    if prepared.supported is not None:
        message["annotations"] = annotations(prepared.citations)
    whole = {"index": choice.index, "message": message, "finish_reason": choice.finish}
    whole["logprobs"] = msgspec.Raw(choice.logprobs) if choice.logprobs is not None else None
    return whole
