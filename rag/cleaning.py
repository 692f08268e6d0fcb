"""Text as it is kept: what the parsers leave behind is put right once, before any offset is counted."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain

# pdfium puts one of these where it dropped a hyphen and the line end after it; both are no characters of a text.
_DROPPED = re.compile("[\\ufffe\\x02](\\S*)[ ]?")
_SURROGATE = re.compile("[\\ud800-\\udfff]")
_SPACES_AT_END = re.compile(r"[ \t]+(?=\n)")
_LINE_ENDS = re.compile(r"\r\n|[\r\f]")
_CONTROL = dict.fromkeys((*range(9), 0x0B, *range(0x0E, 0x20), 0x7F, 0xAD, 0x200B, 0xFEFF))
# Composition never reaches over the start of an ASCII letter (Unicode UAX 15), so these can be composed one by one.
_COMPOSED_APART = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]*")

# A stretch of text, and where its characters came from.
_Stretch = tuple[str, list[int]]


def clean(text: str) -> str:
    """One newline for each line end, whole words, no control characters, no lone surrogates, NFC."""
    joined = _DROPPED.sub(lambda hyphen: _hyphen(text, hyphen) + hyphen.group(1) + "\n", text)
    lines = _LINE_ENDS.sub("\n", joined).translate(_CONTROL)
    composed = unicodedata.normalize("NFC", _SURROGATE.sub("\ufffd", lines))
    return _SPACES_AT_END.sub("", composed)


def traced(text: str) -> _Stretch:
    """What ``clean`` makes of a text, and for each of its characters the place in ``text`` that it came from."""
    lines = _together(_on_lines(*_together(_joined(text))))
    return _together(_trimmed(*_together(_composed(*lines))))


def _hyphen(text: str, hyphen: re.Match[str]) -> str:
    """The hyphen comes back where it belongs to the word: ``IT-baserade``, ``2009-10``."""
    before, rest = text[hyphen.start() - 1 : hyphen.start()], hyphen.group(1)
    return "" if before.islower() and rest[:1].islower() else "-"


def _together(stretches: Iterator[_Stretch]) -> _Stretch:
    found = list(stretches)
    return "".join(text for text, _ in found), list(chain.from_iterable(places for _, places in found))


def _joined(text: str) -> Iterator[_Stretch]:
    at = 0
    for hyphen in _DROPPED.finditer(text):
        start, (rest, end) = hyphen.start(), hyphen.span(1)
        yield text[at:start], list(range(at, start))
        back = _hyphen(text, hyphen)
        yield back, [start] * len(back)
        yield text[rest:end] + "\n", [*range(rest, end), start]
        at = hyphen.end()
    yield text[at:], list(range(at, len(text)))


def _on_lines(text: str, places: list[int]) -> Iterator[_Stretch]:
    at = 0
    for line_end in chain(_LINE_ENDS.finditer(text), (None,)):
        end = len(text) if line_end is None else line_end.start()
        kept = [index for index in range(at, end) if ord(text[index]) not in _CONTROL]
        yield "".join(text[index] for index in kept), [places[index] for index in kept]
        if line_end is not None:
            yield "\n", [places[end]]
            at = line_end.end()


def _composed(text: str, places: list[int]) -> Iterator[_Stretch]:
    whole = _SURROGATE.sub("\ufffd", text)
    for piece in _COMPOSED_APART.finditer(whole):
        composed = unicodedata.normalize("NFC", piece.group())
        last = piece.end() - 1
        yield composed, [places[min(piece.start() + index, last)] for index in range(len(composed))]


def _trimmed(text: str, places: list[int]) -> Iterator[_Stretch]:
    at = 0
    for spaces in _SPACES_AT_END.finditer(text):
        yield text[at : spaces.start()], places[at : spaces.start()]
        at = spaces.end()
    yield text[at:], places[at:]
