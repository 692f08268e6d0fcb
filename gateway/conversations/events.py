"""An answer as server-sent events whose ids are places in it, so that a reader goes on wherever they stopped.

The id of a ``delta`` is how many characters (code points) of the text have been sent with it: ``120``. What
follows the text has the same number with a step behind it: ``120.1`` the citations, ``120.2`` the end. So the
events past any place can be made from the answer alone, while it is written and for ever after.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from gateway import problems
from gateway.conversation_errors import AnswerInterrupted
from gateway.conversations.conversation import Message, State
from gateway.problems import Language
from gateway.refusals import BadValue
from gateway.wire.annotations import cited

_PLACE: Final = re.compile(r"([0-9]{1,9})(?:\.([12]))?")
_CITED, _ENDED = 1, 2
_WHOLE: Final = frozenset({State.COMPLETE, State.STOPPED})

PULSE: Final = b": \n\n"


@dataclass(frozen=True, slots=True)
class Place:
    """How much of an answer a reader has: characters of its text, and what came behind it."""

    characters: int
    step: int = 0

    def __str__(self) -> str:
        return f"{self.characters}.{self.step}" if self.step else str(self.characters)


def read(place: str | None) -> Place | None:
    """The place in an event's id; ``None`` for a reader who has nothing yet.

    Raises:
        BadValue: it is no id of ours.
    """
    if not place:
        return None
    found = _PLACE.fullmatch(place)
    if found is None:
        raise BadValue("after", expected="the id of an event of this answer")
    return Place(int(found[1]), int(found[2] or 0))


def past(answer: Message, place: Place | None, language: Language) -> tuple[bytes, Place]:
    """The events that a reader at this place does not have yet, and their place then."""
    said = [] if place is not None else [_event("start", _start(answer), Place(0))]
    at = place or Place(0)
    if len(answer.text) > at.characters and at.step == 0:
        piece, at = delta(answer.text[at.characters :], at)
        said.append(piece)
    if answer.state is not State.WRITING:
        said += _ending(answer, at, language)
        at = Place(at.characters, _ENDED)
    return b"".join(said), at


def delta(text: str, at: Place) -> tuple[bytes, Place]:
    """The event of a piece of the text that stands at this place, and the place behind it."""
    behind = Place(at.characters + len(text))
    return _event("delta", {"text": text}, behind), behind


def ending(answer: Message) -> bytes:
    """What a reader who has all of the text is still to get, in Swedish."""
    return past(answer, Place(len(answer.text)), "sv")[0]


def usage_of(answer: Message) -> dict[str, int]:
    """The OpenAI `usage` object."""
    return {
        "prompt_tokens": answer.tokens_in,
        "completion_tokens": answer.tokens_out,
        "total_tokens": answer.tokens_in + answer.tokens_out,
    }


def problem_of(answer: Message, language: Language) -> dict[str, Any]:
    """Why an answer did not become whole, as a problem document."""
    problem = answer.problem or problems.of(AnswerInterrupted())
    document: dict[str, Any] = json.loads(
        problems.render_problem(problem, request_id=answer.call, language=language)
    )
    return document


def _ending(answer: Message, at: Place, language: Language) -> list[bytes]:
    said: list[bytes] = []
    if at.step < _CITED and (answer.citations or answer.state in _WHOLE):
        items = [cited(each) for each in answer.citations]
        said.append(_event("citations", {"items": items}, Place(at.characters, _CITED)))
    if at.step < _ENDED:
        said.append(_end(answer, Place(at.characters, _ENDED), language))
    return said


def _end(answer: Message, at: Place, language: Language) -> bytes:
    how = {"state": answer.state, "length": len(answer.text)}
    if answer.state not in _WHOLE:
        return _event("error", problem_of(answer, language) | how, at)
    counted = {"finish": answer.finish, "usage": usage_of(answer), "supported": answer.supported}
    return _event("done", how | counted, at)


def _start(answer: Message) -> dict[str, Any]:
    return {
        "message": answer.id,
        "call": answer.call,
        "model": answer.model,
        "kind": answer.kind,
        "forgotten": answer.forgotten,
    }


def _event(name: str, data: dict[str, Any], at: Place) -> bytes:
    return f"id: {at}\nevent: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
