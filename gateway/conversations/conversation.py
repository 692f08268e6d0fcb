"""A conversation, its messages, and what was chosen for it."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from auth.identity import Principal, TenantId
from gateway.problems import Problem
from rag.documents import Citation

LONGEST_QUESTION: Final = 32_000
LONGEST_DRAFT: Final = 40_000
_ID: Final = re.compile(r"[0-9a-f]{24}")


def is_id(text: str) -> bool:
    """Whether it has the shape of our ids; whatever has not need not be looked for."""
    return _ID.fullmatch(text) is not None


def cleaned(text: str) -> str:
    """The text as it can be kept: without NUL, and halves of letters (lone surrogates) marked as lost."""
    whole = text.replace("\0", "").encode("utf-16-le", "surrogatepass")
    return whole.decode("utf-16-le", "replace")


class Role(StrEnum):
    """Who speaks."""

    ASSISTANT = "assistant"
    USER = "user"


class State(StrEnum):
    """How far a message has come; a question is complete from the beginning."""

    COMPLETE = "complete"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    STOPPED = "stopped"
    WRITING = "writing"


class Mode(StrEnum):
    """Whether a model writes the answer, or quotations from the documents are the answer."""

    MODEL = "model"
    QUOTATIONS = "quotations"


@dataclass(frozen=True, slots=True)
class Person:
    """Whose conversations: one person in one organisation."""

    tenant: TenantId
    subject: str

    @classmethod
    def of(cls, who: Principal) -> "Person":
        """The person that a caller is."""
        return cls(who.tenant, who.subject)


@dataclass(frozen=True, slots=True)
class Choice:
    """How questions are answered.

    ``model=None``: by the question's language. ``collections=None``: all of the organisation's, an empty tuple: none.
    """

    model: str | None = None
    collections: tuple[str, ...] | None = None
    mode: Mode = Mode.MODEL


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation without its messages; ``leaf`` is the end of the branch that its owner looks at."""

    id: str
    title: str
    created: datetime
    updated: datetime
    choice: Choice
    leaf: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A question or an answer.

    Attributes:
        parent: the answer that a question follows (``None`` at the beginning), the question that is answered.
        call: the call on record.
        supported: ``False`` where the documents hold nothing on the question, ``None`` without retrieval.
        citations: what the answer says it from; where nothing supports one, what lies nearest.
        forgotten: how many earlier messages did not fit and were not sent with the question.
        problem: why it failed.
    """

    id: str
    parent: str | None
    role: Role
    text: str
    state: State
    created: datetime
    call: str
    model: str | None = None
    kind: str | None = None
    supported: bool | None = None
    citations: tuple[Citation, ...] = ()
    finish: str | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    forgotten: int = 0
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    """A conversation with all its messages, oldest first."""

    conversation: Conversation
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed and not sent; ``conversation`` is empty for one that has not begun."""

    conversation: str
    text: str
    updated: datetime | None = None
