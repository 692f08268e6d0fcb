"""What an engine's error answer means, without a word of its text: it may quote the prompt."""

from typing import Final

import msgspec

from inference.errors import (
    Failure,
    ModelFailed,
    ModelOverloaded,
    ModelRefused,
    ModelTimedOut,
    ModelUnavailable,
    PromptTooLong,
    Refusal,
    RouteError,
    Stage,
)

_DEFAULT_RETRY: Final = 1
_LONGEST_RETRY: Final = 3600

# How vLLM and llama.cpp say that a text is too long; llama.cpp says it with 500 for an embedding.
_TOO_LONG: Final = (
    "maximum context length",
    "maximum model length",
    "max_model_len",
    "exceeds the available context size",
    "larger than the max context size",
    "too large to process",
)
_TOO_LONG_TYPES: Final = frozenset({"exceed_context_size_error"})
_TOO_LONG_PARAMS: Final = frozenset({"input_tokens", "input_text"})

# Only names that callers know may leave; an engine may put anything in ``param``.
_PARAMS: Final = frozenset(
    {
        "dimensions", "documents", "echo", "encoding_format", "frequency_penalty", "input",
        "logprobs", "max_tokens", "messages", "n", "presence_penalty", "prompt", "query",
        "response_format", "seed", "stop", "suffix", "temperature", "tool_choice", "tools",
        "top_logprobs", "top_n", "top_p",
    }
)  # fmt: skip
_REFUSING: Final = frozenset({400, 413, 422})


class EngineError(msgspec.Struct):
    """The error object that both engines write."""

    message: str = ""
    type: str = ""
    param: str | None = None
    code: int | str | None = None


class _Wrapped(msgspec.Struct):
    error: EngineError | str | None = None


def _read(body: bytes) -> EngineError:
    try:
        error = msgspec.json.decode(body, type=_Wrapped).error
    except (msgspec.DecodeError, UnicodeDecodeError):
        return EngineError()
    if isinstance(error, EngineError):
        return error
    return EngineError(message=error or "")


def _too_long(error: EngineError) -> bool:
    return (
        error.type in _TOO_LONG_TYPES
        or error.param in _TOO_LONG_PARAMS
        or any(words in error.message for words in _TOO_LONG)
    )


def _domain(route: str, status: int, error: EngineError, retry_after: int | None) -> RouteError:
    param = error.param if error.param in _PARAMS else None
    if _too_long(error):
        return PromptTooLong(route, param=param)
    if status in _REFUSING:
        return ModelRefused(route, reason=Refusal.BAD_REQUEST, param=param)
    if status == 429:
        return ModelOverloaded(route, retry_after=min(retry_after or _DEFAULT_RETRY, _LONGEST_RETRY))
    if status == 503:
        return ModelUnavailable(route)
    if status in {408, 504}:
        return ModelTimedOut(route, stage=Stage.TOTAL)
    return ModelFailed(route, how=Failure.ENGINE if status >= 500 else Failure.STATUS)


def read_refusal(route: str, status: int, body: bytes, retry_after: int | None = None) -> RouteError:
    """The error that an answer with a status other than 200 stands for."""
    return _domain(route, status, _read(body), retry_after)


def read_stream_error(route: str, error: EngineError) -> RouteError:
    """The error that an event of a stream stands for; its ``code`` is a status where it is a number."""
    code = error.code if isinstance(error.code, int) else 500
    return _domain(route, code, error, None)
