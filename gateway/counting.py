"""What an answer's pieces say of the call as a whole: tokens, and why it ended."""

from collections.abc import Iterable

from gateway.calls import Call
from inference.chat import ChatPiece
from inference.completions import CompletionDelta
from inference.usage import Usage


def follow(call: Call, deltas: Iterable[ChatPiece | CompletionDelta]) -> None:
    """Note what the deltas say of the call as a whole."""
    for delta in deltas:
        if delta.usage is not None:
            count(call, delta.usage, call.finish)
        if delta.finish is not None:
            call.finish = delta.finish


def count(call: Call, usage: Usage, finish: str | None) -> None:
    """Note what the engine counted."""
    call.tokens_in, call.tokens_out, call.finish = usage.prompt, usage.completion, finish


def usage_of(call: Call) -> dict[str, int]:
    """The OpenAI `usage` object."""
    return {
        "prompt_tokens": call.tokens_in,
        "completion_tokens": call.tokens_out,
        "total_tokens": call.tokens_in + call.tokens_out,
    }
