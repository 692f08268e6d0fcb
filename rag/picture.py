"""The picture of a page and where its text stands in it: made in the sandbox, checked outside of it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rag.errors import NotDrawn, Unreadable

MEDIA_TYPE = "image/webp"
# Places are whole numbers: ten-thousandths of the page's width and height.
UNITS = 10_000
MOST_BYTES = 16 * 1024 * 1024

# Left, top, right, bottom, in units.
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A part of a page, in fractions of its width and height, from the upper left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of the page's text that stands on one line.

    Attributes:
        start: of its first code point in the page's text.
        text: its code points.
        top, bottom: in units of the page's height.
        lefts, rights: one for each code point, in units of the page's width.
    """

    start: int
    text: str
    top: int
    bottom: int
    lefts: tuple[int, ...]
    rights: tuple[int, ...]

    @property
    def box(self) -> Rectangle:
        """What the whole line takes up."""
        return self.rectangle(self.start, self.start + len(self.text))

    def rectangle(self, start: int, end: int) -> Rectangle:
        """What the page's code points in ``[start, end)`` take up on this line; some must be here."""
        first, last = max(start - self.start, 0), min(end - self.start, len(self.text))
        left, right = min(self.lefts[first:last]), max(self.rights[first:last])
        return Rectangle(
            left / UNITS, self.top / UNITS, (right - left) / UNITS, (self.bottom - self.top) / UNITS
        )


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as it looks.

    Attributes:
        width, height: of the page in points, as it is shown.
        text: of the page, as it is kept.
        image: as ``MEDIA_TYPE``.
    """

    width: float
    height: float
    text: str
    lines: tuple[Line, ...]
    image: bytes

    def rectangles(self, start: int, end: int) -> list[Rectangle]:
        """Where the code points of ``text`` in ``[start, end)`` stand, line by line."""
        begun = [line for line in self.lines if line.start < end and start < line.start + len(line.text)]
        found = [line.rectangle(*_worded(line, start, end)) for line in begun if _words(line, start, end)]
        return [each for each in found if each.width > 0 and each.height > 0]

    def passage(self, text: str, start: int, end: int) -> list[Rectangle]:
        """Where a passage of ``text`` stands, the page's text as it was kept.

        Another version of the parser may read the page otherwise; its words are looked for then.
        """
        if text == self.text or not text[start:end].strip():
            return self.rectangles(start, end)
        found = self.text.find(text[start:end])
        return [] if found < 0 else self.rectangles(found, found + end - start)


def _words(line: Line, start: int, end: int) -> str:
    return line.text[max(start - line.start, 0) : end - line.start].strip()


def _worded(line: Line, start: int, end: int) -> tuple[int, int]:
    """The range without white space at its ends, which would stretch what is marked."""
    first, last = max(start, line.start), min(end, line.start + len(line.text))
    inside = line.text[first - line.start : last - line.start]
    return first + len(inside) - len(inside.lstrip()), last - len(inside) + len(inside.rstrip())


def packed(picture: Picture) -> bytes:
    """One line of JSON, then the image."""
    lines = [
        [line.start, len(line.text), line.top, line.bottom, line.lefts, line.rights] for line in picture.lines
    ]
    head = {"width": picture.width, "height": picture.height, "text": picture.text, "lines": lines}
    return json.dumps(head, ensure_ascii=True, separators=(",", ":")).encode() + b"\n" + picture.image


def unpacked(answer: bytes) -> Picture:
    """What ``packed`` made.

    Raises:
        NotDrawn: it has another shape, or says why there is no picture.
    """
    head, _, image = answer.partition(b"\n")
    try:
        read = json.loads(head)
        if "reason" in read:
            raise NotDrawn(Unreadable(read["reason"]))
        return _picture(read, image)
    except (KeyError, TypeError, ValueError, RecursionError) as broken:
        raise NotDrawn(Unreadable.PARSER_FAILED) from broken


def _picture(read: dict[str, Any], image: bytes) -> Picture:
    text, width, height = str(read["text"]), float(read["width"]), float(read["height"])
    if not (image[:4] == b"RIFF" and image[8:12] == b"WEBP" and 0 < width < 1e6 and 0 < height < 1e6):
        raise ValueError("no picture")
    return Picture(width, height, text, tuple(_lines(text, read["lines"])), image)


def _lines(text: str, read: Sequence[Any]) -> Iterator[Line]:
    for start, length, top, bottom, lefts, rights in read:
        if not (0 <= start < start + length <= len(text) and length == len(lefts) == len(rights)):
            raise ValueError("a line lies outside of the text")
        yield Line(
            start, text[start : start + length], _unit(top), _unit(bottom), _units(lefts), _units(rights)
        )


def _units(values: Sequence[Any]) -> tuple[int, ...]:
    return tuple(_unit(value) for value in values)


def _unit(value: object) -> int:
    if not isinstance(value, int) or not 0 <= value <= UNITS:
        raise ValueError("a place lies outside of the page")
    return value


def lines_of(text: str, boxes: Sequence[Box | None], *, shape: float) -> Iterator[Line]:
    """The lines that these characters stand on.

    ``boxes`` has left, top, right, bottom of each code point, in units, or nothing; ``shape`` is the page's height
    as a part of its width.
    """
    start, last = 0, None
    for at, box in enumerate(boxes):
        if text[at] == "\n":
            yield from _line(text, boxes, start, at)
            start, last = at + 1, None
        elif box is not None:
            if last is not None and _jumps(last, box, shape):
                yield from _line(text, boxes, start, at)
                start = at
            last = box
    yield from _line(text, boxes, start, len(text))


def _jumps(one: Box, other: Box, shape: float) -> bool:
    """Whether the text goes on somewhere else: on another height, to the left, or far to the right."""
    height = max(one[3] - one[1], other[3] - other[1], 1)
    sideways = height * shape
    lower = abs((one[1] + one[3]) - (other[1] + other[3])) > height
    return lower or other[0] < one[0] - sideways or other[0] > one[2] + 3 * sideways


def _line(text: str, boxes: Sequence[Box | None], start: int, end: int) -> Iterator[Line]:
    held = [box for box in boxes[start:end] if box is not None]
    if not held or not text[start:end].strip():
        return
    lefts, rights, at = [], [], held[0][0]
    for box in boxes[start:end]:
        lefts.append(at if box is None else box[0])
        at = at if box is None else box[2]
        rights.append(at)
    top, bottom = min(box[1] for box in held), max(box[3] for box in held)
    yield Line(start, text[start:end], top, bottom, tuple(lefts), tuple(rights))
