"""The text of a record: the subset of RFC 8785 (JCS) without floats. Standard library only."""

import json
from json.encoder import encode_basestring
from typing import Final

from audit.errors import RecordRefused

TOP: Final = 2**53
LONGEST: Final = 512
LARGEST_BODY: Final = 16 * 1024

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def printable(text: str) -> str:
    """The text on one line that no terminal obeys, cut at 512 characters.

    Control, format, separator and unassigned characters and lone surrogates become a visible ``\\uXXXX``.
    """
    if len(text) > LONGEST:
        text = text[: LONGEST - 1] + "…"
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)


def quoted(text: str) -> str:
    """The text as a JSON string, made printable."""
    return encode_basestring(printable(text))


def quoted_or_null(text: str | None) -> str:
    return "null" if text is None else quoted(text)


def whole(field: str, number: int | None) -> str:
    """The number as JSON.

    Raises:
        RecordRefused: it is no integer, or not below 2^53 in size (RFC 7493, 2.2).
    """
    if number is None:
        return "null"
    if type(number) is not int or not -TOP < number < TOP:
        raise RecordRefused(field, "not an integer below 2^53")
    return str(number)


def canonical(value: Json) -> str:
    """JCS for text that is printable and integers that were checked (RFC 8785, 3.2)."""
    return _ENCODER.encode(value)
