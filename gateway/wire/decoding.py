"""From a body to a typed value, with a fault that names the field and never quotes the caller."""

import re
from typing import Annotated, Final, TypeVar

import msgspec
from msgspec import Meta

from gateway.refusals import BadValue, MalformedBody, UnknownParameter

T = TypeVar("T")

_AT: Final = re.compile(r" - at `\$\.?([^`]*)`")
_EXPECTED: Final = re.compile(r"Expected `([^`]+)`((?: (?:of length )?[<>]=? ?[-\d.]+)?)")
_UNKNOWN: Final = re.compile(r"unknown field `(?:([A-Za-z0-9_.-]{1,64})`)?")
_MISSING: Final = re.compile(r"missing required field `([A-Za-z0-9_]+)`")

_PLAIN: Final = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "object": "a JSON object",
    "array": "a list",
}

Penalty = Annotated[float, Meta(ge=-2, le=2)]
Temperature = Annotated[float, Meta(ge=0, le=2)]
Fraction = Annotated[float, Meta(ge=0, le=1)]
Tokens = Annotated[int, Meta(ge=1, le=2**31 - 1)]
TokenId = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Choices = Annotated[int, Meta(ge=1, le=16)]
Alternatives = Annotated[int, Meta(ge=0, le=20)]
Seed = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request body: a field that is not known here is refused, not guessed at."""


def decode(body: bytes, decoder: "msgspec.json.Decoder[T]") -> T:
    """The body as the decoder's type.

    Raises:
        MalformedBody: no JSON, or the wrong shape; names the field.
        UnknownParameter: a field that is not supported.
    """
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as wrong:
        raise _fault(str(wrong)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise MalformedBody from None


def check_depth(value: object, param: str, *, levels: int = 64) -> None:
    """Return if a free-form value is nested at most so deep; what was read must not be too deep to be written.

    Raises:
        BadValue: it is nested deeper.
    """
    if levels == 0:
        raise BadValue(param, expected="JSON that is nested less deep")
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            check_depth(inner, param, levels=levels - 1)


def _fault(message: str) -> MalformedBody | UnknownParameter:
    place = _AT.search(message)
    path = place[1] if place else ""
    unknown = _UNKNOWN.search(message)
    if unknown is not None:
        return UnknownParameter(_join(path, unknown[1] or "(unnamed)"))
    missing = _MISSING.search(message)
    if missing is not None:
        return MalformedBody(param=_join(path, missing[1]), expected=f"the field '{missing[1]}'")
    expected = _EXPECTED.search(message)
    if expected is None:
        return (
            MalformedBody(param=path, expected="a value that is supported here") if path else MalformedBody()
        )
    return MalformedBody(param=path or None, expected=_words(expected[1], expected[2]))


def _words(kind: str, bound: str) -> str:
    names = [_PLAIN.get(name, name) for name in kind.split(" | ") if name != "null"]
    return " or ".join(names) + bound


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
