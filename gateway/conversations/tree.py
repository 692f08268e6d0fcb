"""The messages of a conversation as a tree: the way from its root to a message."""

from collections.abc import Iterable
from dataclasses import dataclass

from gateway.conversation_errors import UnknownMessage
from gateway.conversations.conversation import Message, Role


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and the answer that was gone on from."""

    question: str
    answer: str


def found(messages: Iterable[Message], message: str, role: Role) -> Message:
    """The message of that id and role.

    Raises:
        UnknownMessage: there is none.
    """
    for each in messages:
        if each.id == message and each.role is role:
            return each
    raise UnknownMessage


def path(messages: Iterable[Message], leaf: str | None) -> list[Message]:
    """From the root to this message; nothing for ``None``."""
    by_id = {message.id: message for message in messages}
    upward: list[Message] = []
    while leaf is not None:
        upward.append(by_id[leaf])
        leaf = upward[-1].parent
    return upward[::-1]


def turns(messages: Iterable[Message], leaf: str | None) -> list[Turn]:
    """The questions on the way to this message that have an answer with text, oldest first."""
    way = path(messages, leaf)
    pairs = zip(way[::2], way[1::2], strict=False)
    return [Turn(asked.text, answered.text) for asked, answered in pairs if answered.text]
