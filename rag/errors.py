"""What can go wrong between a document and an answer that cites it.

::

    RagError
    ├── UnknownCollection      not on this shelf, or never existed       .collection
    ├── UnknownDocument        not on this shelf, or never existed       .document
    ├── UnknownPage            the document has no such page             .document, .page
    ├── NameInvalid            empty, too long, or control characters    .limit
    ├── NotReadable            the file can't be taken in                .reason
    ├── NotPictured            the document has no pages to show         .document
    ├── NotDrawn               a page can't be shown as a picture        .reason
    ├── DrawingBusy            too many pages are being drawn            .retry_after
    └── RetrievalUnavailable   a part that retrieval needs is down       .part
"""

from enum import StrEnum

__all__ = [
    "DrawingBusy",
    "NameInvalid",
    "NotDrawn",
    "NotPictured",
    "NotReadable",
    "RagError",
    "RetrievalUnavailable",
    "UnknownCollection",
    "UnknownDocument",
    "UnknownPage",
    "Unreadable",
]


class Unreadable(StrEnum):
    """Why a file can't be taken in; stored on the failed document, so a value keeps its meaning."""

    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    NOT_A_PDF = "not_a_pdf"
    NO_TEXT = "no_text"
    PARSER_FAILED = "parser_failed"
    TIMED_OUT = "timed_out"
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"
    UNSUPPORTED = "unsupported"


class RagError(Exception):
    """Something about documents, or about finding their passages."""


class UnknownCollection(RagError):
    """No such collection on this shelf; another tenant's is as unknown as one that never was."""

    def __init__(self, collection: str) -> None:
        super().__init__(collection)
        self.collection = collection


class UnknownDocument(RagError):
    """No such document on this shelf; another tenant's is as unknown as one that never was."""

    def __init__(self, document: str) -> None:
        super().__init__(document)
        self.document = document


class UnknownPage(RagError):
    """The document is there, and has no such page."""

    def __init__(self, document: str, page: int) -> None:
        super().__init__(document, page)
        self.document = document
        self.page = page


class NameInvalid(RagError):
    """A name is empty, longer than ``limit`` characters, or holds control characters."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class NotReadable(RagError):
    """The file can't be taken in."""

    def __init__(self, reason: Unreadable) -> None:
        super().__init__(reason)
        self.reason = reason


class NotPictured(RagError):
    """Only a PDF, once it is read, has pages that can be shown as pictures."""

    def __init__(self, document: str) -> None:
        super().__init__(document)
        self.document = document


class NotDrawn(RagError):
    """The page can't be shown as a picture; its text may be there all the same."""

    def __init__(self, reason: Unreadable) -> None:
        super().__init__(reason)
        self.reason = reason


class DrawingBusy(RagError):
    """No page can be drawn just now; ``retry_after`` in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class RetrievalUnavailable(RagError):
    """A part that retrieval needs does not answer: ``chroma``, ``embedder``."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part
