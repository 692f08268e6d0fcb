"""Where a list goes on: the place of its last item, as a word that callers give back unread."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime

from gateway.conversations.conversation import Conversation
from gateway.refusals import BadValue


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation's place in the list of a person's, newest first."""

    updated: datetime
    conversation: str

    @classmethod
    def of(cls, conversation: Conversation) -> "Place":
        """Where this conversation stands."""
        return cls(conversation.updated, conversation.id)

    def __str__(self) -> str:
        return urlsafe_b64encode(f"{self.updated.isoformat()} {self.conversation}".encode()).decode()


def read(cursor: str | None) -> Place | None:
    """The place that a cursor stands for.

    Raises:
        BadValue: no list gave it out.
    """
    if cursor is None:
        return None
    try:
        moment, _, conversation = urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        updated = datetime.fromisoformat(moment)
    except (ValueError, binascii.Error):
        raise BadValue("cursor", expected="the cursor of an earlier answer") from None
    if updated.tzinfo is None:
        raise BadValue("cursor", expected="the cursor of an earlier answer")
    return Place(updated, conversation)
