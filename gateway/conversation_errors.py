"""What can go wrong with a person's conversations.

::

    ConversationError
    ├── UnknownConversation    this person has none of that id
    ├── UnknownMessage         the conversation has none of that id, or not of that role
    ├── StillWriting           the answer to go on from is not written yet
    ├── NothingAsked           the question has no text
    ├── TextTooLong                                                   .limit
    ├── TooManyAtOnce          as many answers are being written      .limit, .retry_after
    └── AnswerInterrupted      the lab stopped while it was written
"""

from typing import Final


class ConversationError(Exception):
    """Something about a person's conversations; the root of the tree above."""


class UnknownConversation(ConversationError):
    """This person has no conversation of that id."""


class UnknownMessage(ConversationError):
    """The conversation has no message of that id that could be used so."""


class StillWriting(ConversationError):
    """The answer that is to be gone on from is still being written."""


class NothingAsked(ConversationError):
    """The question has no text."""


class TextTooLong(ConversationError):
    """The text has more than ``limit`` characters."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class TooManyAtOnce(ConversationError):
    """``limit`` answers are being written for this person already."""

    retry_after: Final = 5

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class AnswerInterrupted(ConversationError):
    """The lab was stopped, or broke, while the answer was being written."""
