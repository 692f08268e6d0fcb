"""What engines answer, read into our nouns. What is not the promised JSON is a failure of the model."""

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from inference.chat import Answer, ChatDelta, Choice, ToolCall, ToolCallPart
from inference.completions import Completion, CompletionDelta, Continuation
from inference.embeddings import Embeddings, Vector
from inference.errors import Failure, ModelFailed
from inference.refusals import EngineError, read_stream_error
from inference.reranking import Ranking, Score
from inference.usage import Usage

T = TypeVar("T")

_NOTHING = msgspec.Raw()


class _Details(msgspec.Struct):
    cached_tokens: int | None = None


class _Usage(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int | None = None
    prompt_tokens_details: _Details | None = None


class _Function(msgspec.Struct):
    name: str | None = None
    arguments: str | None = None


class _Call(msgspec.Struct):
    index: int = 0
    id: str | None = None
    function: _Function | None = None


class _Message(msgspec.Struct):
    role: str | None = None
    content: str | None = None
    reasoning: str | None = None
    reasoning_content: str | None = None
    tool_calls: list[_Call] | None = None


class _ChatChoice(msgspec.Struct):
    index: int = 0
    message: _Message | None = None
    delta: _Message | None = None
    finish_reason: str | None = None
    logprobs: msgspec.Raw = _NOTHING


class _Chat(msgspec.Struct):
    choices: list[_ChatChoice] = []
    usage: _Usage | None = None
    error: EngineError | None = None


class _TextChoice(msgspec.Struct):
    index: int = 0
    text: str = ""
    finish_reason: str | None = None
    logprobs: msgspec.Raw = _NOTHING


class _Completion(msgspec.Struct):
    choices: list[_TextChoice] = []
    usage: _Usage | None = None
    error: EngineError | None = None


class _Vector(msgspec.Struct):
    embedding: msgspec.Raw
    index: int = 0


class _Embeddings(msgspec.Struct):
    data: list[_Vector]
    usage: _Usage | None = None


class _Score(msgspec.Struct):
    index: int
    relevance_score: float


class _Ranking(msgspec.Struct):
    results: list[_Score]
    usage: _Usage | None = None


class _Tokens(msgspec.Struct):
    tokens: list[int]


class _Prompt(msgspec.Struct):
    prompt: str


_chat = msgspec.json.Decoder(_Chat)
_chats = msgspec.json.Decoder(list[_Chat])
_completion = msgspec.json.Decoder(_Completion)
_completions = msgspec.json.Decoder(list[_Completion])
_embeddings = msgspec.json.Decoder(_Embeddings)
_ranking = msgspec.json.Decoder(_Ranking)
_tokens = msgspec.json.Decoder(_Tokens)
_prompt = msgspec.json.Decoder(_Prompt)
_numbers = msgspec.json.Decoder(list[float])


def _decoded(route: str, decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as odd:
        raise ModelFailed(route, how=Failure.ANSWER) from odd


def _all(route: str, decoder: msgspec.json.Decoder[list[T]], events: Sequence[bytes]) -> list[T]:
    """Every event, read as one array: a call for each would cost more than the reading."""
    read = _decoded(route, decoder, b"[" + b",".join(events) + b"]")
    if len(read) != len(events):
        raise ModelFailed(route, how=Failure.ANSWER)
    return read


def _usage(usage: _Usage) -> Usage:
    details = usage.prompt_tokens_details
    cached = details.cached_tokens if details else None
    return Usage(usage.prompt_tokens, usage.completion_tokens or 0, cached or 0)


def _json(raw: msgspec.Raw) -> bytes | None:
    if raw is _NOTHING:
        return None
    written = bytes(raw)
    return None if written in {b"", b"null"} else written


def _parts(message: _Message) -> tuple[ToolCallPart, ...]:
    return tuple(
        ToolCallPart(
            call.index,
            call.id,
            call.function.name if call.function else None,
            (call.function.arguments if call.function else None) or "",
        )
        for call in message.tool_calls or ()
    )


def _calls(message: _Message) -> tuple[ToolCall, ...]:
    return tuple(
        ToolCall(call.id or "", call.function.name or "", call.function.arguments or "")
        for call in message.tool_calls or ()
        if call.function
    )


def _choice(choice: _ChatChoice) -> Choice:
    message = choice.message or _Message()
    return Choice(
        choice.index,
        message.content or "",
        choice.finish_reason,
        _calls(message) if message.tool_calls else (),
        message.reasoning or message.reasoning_content,
        _json(choice.logprobs),
    )


def _delta(choice: _ChatChoice) -> ChatDelta:
    message = choice.delta
    if message is None:
        return ChatDelta(choice.index, "", choice.finish_reason)
    return ChatDelta(
        choice.index,
        message.content or "",
        choice.finish_reason,
        message.role,
        None,
        () if message.tool_calls is None else _parts(message),
        message.reasoning or message.reasoning_content,
        None if choice.logprobs is _NOTHING else _json(choice.logprobs),
    )


def read_answer(route: str, body: bytes) -> Answer:
    """A whole chat answer.

    Raises:
        ModelFailed: it is none, or it has no choice or no usage.
    """
    chat = _decoded(route, _chat, body)
    if not chat.choices or chat.usage is None:
        raise ModelFailed(route, how=Failure.ANSWER)
    return Answer(tuple([_choice(choice) for choice in chat.choices]), _usage(chat.usage))


def read_chat_events(route: str, events: Sequence[bytes]) -> list[ChatDelta]:
    """The deltas of some events of a chat stream.

    Raises:
        RouteError: an event tells of an error, or is not what it should be.
    """
    deltas: list[ChatDelta] = []
    for chat in _all(route, _chats, events):
        if chat.error is not None:
            raise read_stream_error(route, chat.error)
        choices = chat.choices
        if len(choices) == 1:
            deltas.append(_delta(choices[0]))
        elif choices:
            deltas += [_delta(choice) for choice in choices]
        elif chat.usage is not None:
            deltas.append(ChatDelta(0, "", usage=_usage(chat.usage)))
    return deltas


def read_completion(route: str, body: bytes) -> Completion:
    """Whole continuations.

    Raises:
        ModelFailed: they are none, or there is no choice or no usage.
    """
    read = _decoded(route, _completion, body)
    if not read.choices or read.usage is None:
        raise ModelFailed(route, how=Failure.ANSWER)
    choices = (
        Continuation(choice.index, choice.text, choice.finish_reason, _json(choice.logprobs))
        for choice in read.choices
    )
    return Completion(tuple(choices), _usage(read.usage))


def read_completion_events(route: str, events: Sequence[bytes]) -> list[CompletionDelta]:
    """The deltas of some events of a stream of continuations.

    Raises:
        RouteError: an event tells of an error, or is not what it should be.
    """
    deltas: list[CompletionDelta] = []
    for read in _all(route, _completions, events):
        if read.error is not None:
            raise read_stream_error(route, read.error)
        deltas += [
            CompletionDelta(choice.index, choice.text, choice.finish_reason, None, _json(choice.logprobs))
            for choice in read.choices
        ]
        if read.usage is not None and not read.choices:
            deltas.append(CompletionDelta(0, "", usage=_usage(read.usage)))
    return deltas


def read_embeddings(route: str, body: bytes, count: int) -> Embeddings:
    """``count`` vectors, in the order of the inputs.

    Raises:
        ModelFailed: they are not that many, or not one for each input.
    """
    read = _decoded(route, _embeddings, body)
    data = sorted(read.data, key=lambda vector: vector.index)
    if [vector.index for vector in data] != list(range(count)):
        raise ModelFailed(route, how=Failure.ANSWER)
    vectors = tuple(Vector(vector.index, bytes(vector.embedding)) for vector in data)
    return Embeddings(vectors, _usage(read.usage or _Usage()))


def read_numbers(route: str, vector: Vector) -> list[float]:
    """The numbers of a vector that was asked for as a list.

    Raises:
        ModelFailed: it is no list of numbers.
    """
    return _decoded(route, _numbers, vector.json)


def read_ranking(route: str, body: bytes, count: int) -> Ranking:
    """The scores of some of ``count`` documents, the best first.

    Raises:
        ModelFailed: a score belongs to no document.
    """
    read = _decoded(route, _ranking, body)
    if not all(0 <= score.index < count for score in read.results):
        raise ModelFailed(route, how=Failure.ANSWER)
    ordered = sorted(read.results, key=lambda score: -score.relevance_score)
    scores = tuple(Score(score.index, score.relevance_score) for score in ordered)
    return Ranking(scores, _usage(read.usage or _Usage()))


def read_tokens(route: str, body: bytes) -> tuple[int, ...]:
    """The token ids of a text.

    Raises:
        ModelFailed: they are none.
    """
    return tuple(_decoded(route, _tokens, body).tokens)


def read_prompt(route: str, body: bytes) -> str:
    """The text that llama.cpp makes of a conversation.

    Raises:
        ModelFailed: it is none.
    """
    return _decoded(route, _prompt, body).prompt
