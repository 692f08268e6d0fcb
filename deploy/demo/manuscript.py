"""A manuscript: the Markdown that a document of the demo is written in, read into blocks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HEADING = re.compile(r"(#{2,4}) (.+)")
_BULLET = re.compile(r"- (.+)")
_NUMBERED = re.compile(r"\d+\. (.+)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_PAGE_BREAK = r"\newpage"


class Unreadable(ValueError):
    """The manuscript does not follow the small Markdown that is understood here."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is a chapter."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; ``**`` marks what is bold."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without order."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """A numbered list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of equally many cells; the first row is the head, and is empty where there is none."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Heading | Paragraph | Bullets | Steps | Table | PageBreak


@dataclass(frozen=True, slots=True)
class Manuscript:
    """One document as it was written.

    Attributes:
        name: the file name without its ending.
        facts: what the box on the first page shows, in order.
    """

    name: str
    format: str
    title: str
    organisation: str
    keywords: str
    facts: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]

    @property
    def reference(self) -> str:
        """The registration number (diarienummer)."""
        return dict(self.facts)["Diarienummer"]


def spans(text: str) -> list[tuple[str, bool]]:
    """The text cut where its weight changes: pieces, each with whether it is bold."""
    return [(piece, place % 2 == 1) for place, piece in enumerate(_BOLD.split(text)) if piece]


def read(path: Path) -> Manuscript:
    """The manuscript in a file.

    Raises:
        Unreadable: there is no front matter, or a table whose rows differ in length.
    """
    opening, front, body = _parts(path.read_text("utf-8"))
    if opening:
        raise Unreadable(path.name)
    fields = dict(line.split(": ", 1) for line in front.strip().splitlines())
    return Manuscript(
        name=path.stem,
        format=fields["format"],
        title=fields["title"],
        organisation=fields["organisation"],
        keywords=fields["keywords"],
        facts=tuple((key, value) for key, value in fields.items() if key[0].isupper()),
        blocks=tuple(_blocks(body)),
    )


def _parts(text: str) -> list[str]:
    parts = re.split(r"^---\n", text, maxsplit=2, flags=re.MULTILINE)
    if len(parts) != 3:
        raise Unreadable(text[:40])
    return parts


def _blocks(body: str) -> Iterator[Block]:
    for group in re.split(r"\n{2,}", body.strip()):
        yield from _group(group.splitlines())


def _group(lines: list[str]) -> Iterator[Block]:
    """The blocks of lines between two empty ones: a lead-in and its list may stand together."""
    first = lines[0]
    if first == _PAGE_BREAK:
        yield PageBreak()
    elif heading := _HEADING.fullmatch(first):
        yield Heading(len(heading[1]) - 1, heading[2])
    elif first.startswith("|"):
        yield Table(_rows(lines))
    elif _BULLET.fullmatch(first):
        yield Bullets(_items(lines, _BULLET))
    elif _NUMBERED.fullmatch(first):
        yield Steps(_items(lines, _NUMBERED))
    else:
        yield Paragraph(" ".join(lines))


def _items(lines: list[str], pattern: re.Pattern[str]) -> tuple[str, ...]:
    found = [pattern.fullmatch(line) for line in lines]
    return tuple(item[1] for item in found if item)


def _rows(lines: list[str]) -> tuple[tuple[str, ...], ...]:
    cells = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
    if len({len(row) for row in cells}) != 1:
        raise Unreadable(lines[0])
    return (cells[0], *cells[2:])
