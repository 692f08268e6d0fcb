"""Text without the difference of upper and lower case, and the piece of it around what was looked for."""

import unicodedata
from dataclasses import dataclass
from typing import Final

_AROUND: Final = 60


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text on one line; ``text[start:end]`` is what was looked for (code points)."""

    text: str
    start: int
    end: int


def fold(text: str) -> str:
    """The text as it is compared: composed (NFC) and case-folded (Unicode 3.13), so that ``Å`` meets ``å``."""
    return unicodedata.normalize("NFC", text).casefold()


def snippet(text: str, wanted: str) -> Snippet:
    """The piece around the first place where the folded text holds ``wanted``, which is folded already."""
    composed = unicodedata.normalize("NFC", text)
    start, end = _place(composed, wanted)
    first, last = max(0, start - _AROUND), min(len(composed), end + _AROUND)
    before, found, after = (
        _one_line(part) for part in (composed[first:start], composed[start:end], composed[end:last])
    )
    before = before.lstrip() if first == 0 else "…" + before
    after = after.rstrip() if last == len(composed) else after + "…"
    return Snippet(before + found + after, len(before), len(before) + len(found))


def _place(composed: str, wanted: str) -> tuple[int, int]:
    """Where it stands in the text; folding may lengthen a letter (ß), so places are counted letter by letter."""
    folded = composed.casefold()
    at = folded.find(wanted)
    if at < 0:
        return 0, 0
    if len(folded) == len(composed):
        return at, at + len(wanted)
    places = [place for place, letter in enumerate(composed) for _ in letter.casefold()]
    return places[at], places[at + len(wanted) - 1] + 1


def _one_line(text: str) -> str:
    return "".join(" " if letter.isspace() else letter for letter in text)
