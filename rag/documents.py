"""The nouns of the room: collections, documents, their passages, and citations of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from rag.errors import NameInvalid, Unreadable

NAME_LIMIT = 200


class State(StrEnum):
    """What a document can be used for."""

    QUEUED = "queued"
    WORKING = "working"
    READY = "ready"
    FAILED = "failed"


class Stage(StrEnum):
    """How far the taking in of a document has come."""

    WAITING = "waiting"
    PARSING = "parsing"
    EMBEDDING = "embedding"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents that are searched together; ``revision`` grows whenever what can be found in it changes."""

    id: str
    name: str
    created: datetime
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was taken in.

    Attributes:
        id: ours, random; nothing in it says whose it is.
        sha256: of the original's bytes, in hex.
        size: of the original, in bytes.
        pages: how many real pages it has; ``None`` before it was parsed and where its format knows no pages.
        error: why it failed, in state ``failed``.
    """

    id: str
    collection: str
    name: str
    media_type: str
    sha256: str
    size: int
    created: datetime
    pages: int | None = None
    state: State = State.QUEUED
    stage: Stage = Stage.WAITING
    error: Unreadable | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one page: ``text`` is exactly that page's characters from ``start`` up to ``end``.

    Attributes:
        page: 1-based; ``None`` where the format has no pages (its only "page" is then number 1).
        heading: the headings above it, outermost first, joined by " > "; no part of the page's range.
        ordinal: its place among the document's passages, from 0.
        score: 0 to 1 within one answer of a search, 0 outside of one.
    """

    document: str
    collection: str
    name: str
    page: int | None
    start: int
    end: int
    text: str
    ordinal: int
    heading: str = ""
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a claim comes from, or where one may look: ``quote`` is exactly the page's ``start`` up to ``end``.

    Attributes:
        index: the number that the answer uses for it, from 1.
        page: 1-based; ``None`` where the format has no pages.
    """

    index: int
    document: str
    name: str
    page: int | None
    start: int
    end: int
    quote: str
    score: float

    @classmethod
    def of(cls, passage: Passage, index: int, quote: str | None = None, *, start: int | None = None) -> Self:
        """A passage under this number, or ``quote`` of its page: from ``start``, else from the passage's beginning."""
        text = passage.text if quote is None else quote
        begin = passage.start if start is None else start
        return cls(
            index=index,
            document=passage.document,
            name=passage.name,
            page=passage.page,
            start=begin,
            end=begin + len(text),
            quote=text,
            score=passage.score,
        )


def checked_name(name: str) -> str:
    """The name without surrounding white space.

    Raises:
        NameInvalid: empty, over 200 characters, or with control characters.
    """
    trimmed = name.strip()
    if not trimmed or len(trimmed) > NAME_LIMIT or any(not letter.isprintable() for letter in trimmed):
        raise NameInvalid(NAME_LIMIT)
    return trimmed
