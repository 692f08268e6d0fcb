"""Events of a chat stream that differ in nothing but their text, read without taking each of them apart.

An engine writes the same bytes around every token. When they are known, and known by decoding to mean a piece of text
and nothing else, what is left to read of an event is one JSON string.
"""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from inference.answers import read_chat_events
from inference.chat import ChatDelta, ChatPiece, TextRun

_TRIES: Final = 4
_BETWEEN: Final = b'","'
_TEXT: Final = re.compile(rb'"content": ?"((?:[^"\\]++|\\.)++)"')
_PROBES: Final = ("a", "b")
_TEXTS: Final = msgspec.json.Decoder(list[str])


class ChatEvents:
    """Reads the events of one stream, in order; called with some of them at a time."""

    __slots__ = ("_after", "_before", "_seam", "_tries")

    def __init__(self) -> None:
        self._before = b""
        self._after = b""
        self._seam = b""
        self._tries = _TRIES

    def __call__(self, route: str, events: Sequence[bytes]) -> list[ChatPiece]:
        """The deltas of some events; pieces of text that follow each other are one run.

        Raises:
            RouteError: an event tells of an error, or is not what it should be.
        """
        if self._before:
            return self._read(route, events)
        if not self._tries:
            return [*read_chat_events(route, events)]
        for place, event in enumerate(events, 1):
            around = _TEXT.search(event)
            if around is not None:
                found = read_chat_events(route, events[:place])
                self._learn(route, event, around, found[-1:])
                return [*found, *self(route, events[place:])]
        return [*read_chat_events(route, events)]

    def _read(self, route: str, events: Sequence[bytes]) -> list[ChatPiece]:
        """Text comes first, if at all: an engine says why it ends, and what that took, after it."""
        pieces = self._leading(events)
        texts = _texts(pieces) if pieces else None
        if texts is None:
            return [*read_chat_events(route, events)]
        return [TextRun(pieces, texts), *read_chat_events(route, events[len(pieces) :])]

    def _leading(self, events: Sequence[bytes]) -> list[bytes]:
        """The pieces of text, if all events have some but the last few; that they do is seen by one comparison."""
        before, after = self._before, self._after
        count = len(events)
        while count and not (events[count - 1].startswith(before) and events[count - 1].endswith(after)):
            count -= 1
        events = events[:count]
        start, end = len(before), -len(after)
        pieces = [event[start:end] for event in events]
        together = before + self._seam.join(pieces) + after
        return pieces if together == b"\n".join(events) else []

    def _learn(self, route: str, event: bytes, around: re.Match[bytes], read: list[ChatDelta]) -> None:
        """If the event was read as a piece of text and nothing else, remember what stands around that."""
        self._tries -= 1
        if not read or not read[0].text or read[0] != ChatDelta(0, read[0].text):
            return
        before, after = event[: around.start(1)], event[around.end(1) :]
        # Whichever place it is, it is the text's if another text there means that and nothing else.
        probe = next(each for each in _PROBES if each != read[0].text)
        if read_chat_events(route, [before + probe.encode() + after]) == [ChatDelta(0, probe)]:
            self._before, self._after, self._seam = before, after, after + b"\n" + before


def _texts(pieces: list[bytes]) -> list[str] | None:
    """What the pieces say, unless one is empty, or is no JSON string by itself."""
    written = b'["%b"]' % _BETWEEN.join(pieces)
    # A piece that ends in a backslash could make the quotation mark behind it its own.
    if b'\\"' in written and (b"\\" + _BETWEEN in written or written.endswith(b'\\"]')):
        return None
    try:
        texts = _TEXTS.decode(written)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return texts if len(texts) == len(pieces) and "" not in texts else None
