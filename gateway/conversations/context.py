"""How much of a conversation goes with its next question: what fits, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gateway.conversations.tree import Turn
from gateway.questions import room_for
from inference.chat import Message
from inference.models import ModelRoute
from rag.grounding import estimated_tokens

_FRAME: Final = 8  # what a chat template puts around a message
_SHARE_WITH_SOURCES: Final = 2  # where sources are searched, at most half of the room is for what was said


@dataclass(frozen=True, slots=True)
class Remembered:
    """The messages that go with a question, and how many earlier ones do not."""

    messages: tuple[Message, ...]
    forgotten: int


def remembered(turns: Sequence[Turn], question: str, route: ModelRoute, *, searched: bool) -> Remembered:
    """The newest turns that fit beside the question; the oldest are left out first, and always whole.

    Args:
        searched: whether passages of documents need room too.
    """
    room = room_for(route, None) - _cost(question)
    room = room // _SHARE_WITH_SOURCES if searched else room
    kept: list[Message] = []
    left = len(turns)
    for turn in reversed(turns):
        room -= _cost(turn.question) + _cost(turn.answer)
        if room < 0:
            break
        kept = [Message("user", turn.question), Message("assistant", turn.answer), *kept]
        left -= 1
    return Remembered(tuple(kept), 2 * left)


def _cost(text: str) -> int:
    return estimated_tokens(text) + _FRAME
