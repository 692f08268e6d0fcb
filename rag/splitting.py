"""From pages to passages: each within one page, none too long for an embedding model, no text lost."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.extraction import Extract
from rag.headings import path

SIZE = 1200
OVERLAP = 150

# Best place to break first; a piece keeps the separator at its end, so that pieces add up to the page.
_SEPARATORS = ("\n\n", "\n", ". ", " ", "")
# Digits and signs take up to a token each, letters one for every 2.4 at the least: weighed like this, a passage
# that costs 1,200 has at most 500 tokens.
_DEAR = re.compile(r"[^\w\s]|\d")
_DEAR_EXTRA = 1.4
_SENTENCE_START = re.compile(r"[.!?]\s+(?=\S)|\n\s*(?=\S)")
_WORD_START = re.compile(r"\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage before it has a document: exactly ``pages[number - 1][start:end]``."""

    number: int
    start: int
    end: int
    heading: str
    text: str

    @property
    def for_embedding(self) -> str:
        """The text under its headings; what the embedding model reads."""
        return f"{self.heading}\n{self.text}" if self.heading else self.text


def split(extract: Extract, *, size: int = SIZE, overlap: int = OVERLAP) -> Iterator[Piece]:
    """The passages of a text, in order; ``size`` and ``overlap`` in characters.

    Every character that is no white space is in at least one passage.
    """
    for number, text in enumerate(extract.pages, 1):
        for start, end in ranges(text, size=size, overlap=overlap):
            yield Piece(number, start, end, path(extract.headings, number, start), text[start:end])


def ranges(text: str, *, size: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Where the passages of one page begin and end."""
    end = 0
    for part in _parts(text, size - overlap):
        begin, end = end, end + len(part)
        first, last = _trimmed(text, begin, end)
        if first < last:
            room = overlap * (last - first) // cost(text[first:last])
            yield _reached_back(text, first, room), last


def _parts(text: str, size: int) -> Sequence[str]:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=size,
        chunk_overlap=0,
        length_function=cost,
        separators=list(_SEPARATORS),
        keep_separator="end",
        strip_whitespace=False,
    )
    return splitter.split_text(text)


def cost(text: str) -> int:
    """The length of a text with what is dear in tokens counted for more."""
    return len(text) + round(_DEAR_EXTRA * len(_DEAR.findall(text)))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - (len(part) - len(part.rstrip()))


def _reached_back(text: str, start: int, room: int) -> int:
    """A start up to ``room`` characters earlier: where a sentence begins, else where a word does."""
    window = text[max(0, start - room) : start]
    found = _SENTENCE_START.search(window) or _WORD_START.search(window)
    return start - len(window) + found.end() if found else start
