"""Where the headings are, and which of them stand above a place; they help finding, and are never quoted."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_MARKDOWN = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
# "3 Ansvar", "3.1 Delegation", "2 kap. Allmänna bestämmelser".
_NUMBERED = re.compile(
    r"^\d{1,2}(?P<deeper>(?:\.\d{1,2}){0,3})(?P<stop>\.?)[ \t]+"
    r"(?:kap\.[ \t]+)?(?P<words>[A-ZÅÄÖ][^\n:;]{2,78}[^\n.,:;])$",
    re.MULTILINE,
)
_LEADER = "..."  # a line of a table of contents
_ITEM_WORDS = (
    6  # "1. Inledning" is a heading; a longer line after such a number is the first of a list's item
)
_TITLE_LIMIT = 120


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: on which page (from 1), where it begins there, how deep (1 is outermost), and its words."""

    page: int
    start: int
    level: int
    title: str


def in_markdown(text: str) -> Iterator[Heading]:
    """The ``#`` headings of one Markdown text."""
    for found in _MARKDOWN.finditer(text):
        yield Heading(1, found.start(), len(found.group(1)), _short(found.group(2)))


def numbered(pages: Sequence[str]) -> Iterator[Heading]:
    """Lines that look like numbered headings, for formats that do not mark them."""
    for number, text in enumerate(pages, 1):
        for found in _NUMBERED.finditer(text):
            if _is_heading(found):
                yield Heading(number, found.start(), found["deeper"].count(".") + 1, _short(found.group()))


def matched(titles: Sequence[tuple[int, str]], pages: Sequence[str]) -> Iterator[Heading]:
    """Where headings known by level and words stand, each sought after the one before it."""
    page, start = 0, 0
    for level, title in titles:
        place = _find(title, pages, page, start)
        if place is None:
            continue
        page, start = place
        yield Heading(page + 1, start, level, _short(title))
        start += len(title)


def path(headings: Sequence[Heading], page: int, start: int) -> str:
    """The headings above a place, outermost first: ``Riktlinjer > 3 Ansvar``."""
    above: list[Heading] = []
    for heading in headings:
        if (heading.page, heading.start) > (page, start):
            break
        above = [outer for outer in above if outer.level < heading.level]
        above.append(heading)
    return " > ".join(heading.title for heading in above)


def _is_heading(found: re.Match[str]) -> bool:
    running = found.start() == 0
    return not running and not _is_item(found) and _LEADER not in found.group()


def is_numbered(line: str) -> bool:
    """Whether a line is nothing but a numbered heading: ``2 Så mycket får du arbeta på distans``."""
    found = _NUMBERED.fullmatch(line)
    return found is not None and not _is_item(found)


def _is_item(found: re.Match[str]) -> bool:
    return bool(found["stop"]) and len(found["words"].split()) >= _ITEM_WORDS


def _find(title: str, pages: Sequence[str], page: int, start: int) -> tuple[int, int] | None:
    line = re.compile(rf"^{re.escape(title)}$", re.MULTILINE)
    for number in range(page, len(pages)):
        found = line.search(pages[number], start if number == page else 0)
        if found:
            return number, found.start()
    return None


def _short(title: str) -> str:
    return title.strip("*_ ")[:_TITLE_LIMIT]
