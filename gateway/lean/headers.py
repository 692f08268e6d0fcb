"""What every answer of a model carries beside its body: its mark as generated, and what limits leave."""

from collections.abc import Sequence
from typing import Final

from gateway.calls import Call
from gateway.lean.exchange import Header

# AI Act, article 50: whoever gets an answer can tell that a machine made it, which one, and in which call.
AI_HEADER: Final = b"x-valv-ai-generated"


def of(call: Call) -> Sequence[Header]:
    """The headers of an answer: the mark, and OpenAI's names for limits (requests a minute)."""
    mark = (AI_HEADER, f"model={call.model}; call={call.id}".encode())
    left = call.allowance
    if left is None:
        return (mark,)
    return (
        mark,
        (b"x-ratelimit-limit-requests", b"%d" % left.limit),
        (b"x-ratelimit-remaining-requests", b"%d" % left.remaining),
        (b"x-ratelimit-reset-requests", f"{left.reset:.1f}s".encode()),
    )
