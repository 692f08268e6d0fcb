"""Where Swedish sentences begin and end: in running text, in lists, in statutes, and in lines that a PDF broke."""

import re
from collections.abc import Iterator
from typing import Final

_LONGEST = 700

# After these a full stop ends no sentence, whatever follows.
_ABBREVIATIONS = """
    a.a art avd bil bl.a c.a ca d.v.s dir dnr doc dr dvs e.g el enl ex exkl f f.d ff forts fig
    fr.o.m föreg följ i.e inkl inst jfr kap kl kungl lic m.a.o max min mom mr mrs nr o o.dyl obs p
    p.g.a pga prof prop ref resp s s.k se sid sk skr st str t.ex t.o.m t.v tel tex tf th tom ung u.a
    v vol å.k årg jan feb mars apr aug sep sept okt nov dec mån tis ons tors fre lör sön
"""
_NEVER_LAST: Final = frozenset(_ABBREVIATIONS.split())
_STOP = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s+[\"'”’»(\[–-]*\s*([A-ZÅÄÖÉÜ0-9§])|\s*$)")
_TOKEN_BEFORE = re.compile(r"[^\s(\[\"”'»]+$")
_INITIAL = re.compile(r"^[A-ZÅÄÖ]$")
_MARKER = re.compile(
    r"[ \t]*(?:[-–—•*·●▪◦o][ \t]+|\(?\d{1,3}[.)][ \t]+|\(?[a-zåäö][.)][ \t]+|\d+\s?[a-z]?\s§)"
)
_ITEM_END = re.compile(r"[.,;]\s*$")
_MARKER_ONLY = re.compile(r"^\(?(?:\d{1,3}|[a-zåäö])[.)]$")


def sentences(text: str) -> list[tuple[int, int]]:
    """The ranges of a text's sentences, in order, without the white space between them.

    A list's item, a heading and a table's row are sentences of their own.
    """
    return [piece for start, end in _blocks(text) for piece in _in_block(text, start, end)]


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Stretches that no sentence crosses: paragraphs, items, headings."""
    lines = [(found.start(), found.end()) for found in re.finditer(r"[^\n]+", text)]
    width = _usual_width([end - start for start, end in lines])
    begin: int | None = None
    for place, (start, end) in enumerate(lines):
        begin = start if begin is None else begin
        last = place + 1 == len(lines)
        if last or _ends_block(text, lines[place], lines[place + 1], width):
            yield begin, end
            begin = None


def _usual_width(lengths: list[int]) -> int:
    """How long full lines are; a few that are longer still do not count."""
    return sorted(lengths)[int(0.9 * (len(lengths) - 1))] if lengths else 0


def _ends_block(text: str, line: tuple[int, int], following: tuple[int, int], width: int) -> bool:
    """Whether the author broke the line, and not the layout."""
    here, there = text[line[0] : line[1]], text[following[0] : following[1]]
    if not here.strip() or not there.strip() or following[0] - line[1] > 1:
        return True
    if _MARKER.match(there) or (_MARKER.match(here) and _ITEM_END.search(here) and there[:1].isupper()):
        return True
    # Layout breaks a line where the next word has no room; letters differ in width, so a fifth is allowed for.
    next_word = there.split(maxsplit=1)[0]
    return len(here.rstrip()) + 1 + len(next_word) < 0.8 * width


def _in_block(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for stop in _STOP.finditer(text, start, end):
        if _ends_sentence(text, begin, stop):
            yield from _bounded(text, begin, stop.end())
            begin = stop.end()
    yield from _bounded(text, begin, end)


def _ends_sentence(text: str, begin: int, stop: re.Match[str]) -> bool:
    if stop.group()[0] != ".":
        return True
    before = _TOKEN_BEFORE.search(text, begin, stop.start())
    token = before.group() if before else ""
    if _MARKER_ONLY.match(text[begin : stop.start() + 1].strip()):
        return False
    return token.lower() not in _NEVER_LAST and not _INITIAL.match(token)


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretch without white space around it, in pieces where it is too long to be a sentence (tables)."""
    while end - start > _LONGEST:
        cut = max(text.rfind("\n", start, start + _LONGEST), text.rfind("; ", start, start + _LONGEST))
        cut = cut if cut > start else text.rfind(" ", start, start + _LONGEST)
        cut = cut + 1 if cut > start else start + _LONGEST
        yield from _trimmed(text, start, cut)
        start = cut
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    part = text[start:end]
    first, last = start + len(part) - len(part.lstrip()), end - (len(part) - len(part.rstrip()))
    if first < last:
        yield first, last
