"""Text as it is kept: what the parsers leave behind is put right once, before any offset is counted."""

import re
import unicodedata

# pdfium puts one of these where it dropped a hyphen and the line end after it; both are no characters of a text.
_DROPPED = re.compile("[\\ufffe\\x02](\\S*)[ ]?")
_SURROGATE = re.compile("[\\ud800-\\udfff]")
_SPACES_AT_END = re.compile(r"[ \t]+(?=\n)")
_CONTROL = dict.fromkeys((*range(9), 0x0B, *range(0x0E, 0x20), 0x7F, 0xAD, 0x200B, 0xFEFF))


def clean(text: str) -> str:
    """One newline for each line end, whole words, no control characters, no lone surrogates, NFC."""
    joined = _DROPPED.sub(lambda hyphen: _mended(text, hyphen), text)
    lines = joined.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").translate(_CONTROL)
    composed = unicodedata.normalize("NFC", _SURROGATE.sub("\ufffd", lines))
    return _SPACES_AT_END.sub("", composed)


def _mended(text: str, hyphen: re.Match[str]) -> str:
    """The rest of the word, and the line end after it that was dropped.

    The hyphen comes back where it belongs to the word: ``IT-baserade``, ``2009-10``.
    """
    before, rest = text[hyphen.start() - 1 : hyphen.start()], hyphen.group(1)
    broken = before.islower() and rest[:1].islower()
    return ("" if broken else "-") + rest + "\n"
