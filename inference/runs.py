"""Events of a chat stream that differ in nothing but their text, read without taking each of them apart.

An engine writes the same bytes around every token. When they are known, and known by decoding to mean a piece of text
and nothing else, what is left to read of an event is one JSON string.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from inference.answers import read_chat_events
from inference.chat import ChatDelta, ChatPiece, TextRun

_TRIES: Final = 4
_BETWEEN: Final = b'","'
_NAME: Final = re.compile(rb'"content": ?"')
_PROBE: Final = b"a"
_ENCODER: Final = msgspec.json.Encoder()
_TEXTS: Final = msgspec.json.Decoder(list[str])


class ChatEvents:
    """Reads the events of one stream, in order; called with some of them at a time."""

    __slots__ = ("_after", "_before", "_tries")

    def __init__(self) -> None:
        self._before = b""
        self._after = b""
        self._tries = _TRIES

    def __call__(self, route: str, events: Sequence[bytes]) -> list[ChatPiece]:
        """The deltas of some events; pieces of text that follow each other are one run.

        Raises:
            RouteError: an event tells of an error, or is not what it should be.
        """
        found: list[ChatPiece] = []
        place = 0
        while not self._before and self._tries and place < len(events):
            found += self._learnt_from(route, events[place])
            place += 1
        if not self._before:
            return [*found, *read_chat_events(route, events[place:])]
        return found + self._read(route, events[place:])

    def _read(self, route: str, events: Sequence[bytes]) -> list[ChatPiece]:
        before, after = self._before, self._after
        shortest = len(before) + len(after) + 1
        are_text = [
            len(event) >= shortest and event.startswith(before) and event.endswith(after) for event in events
        ]
        found: list[ChatPiece] = []
        start = 0
        while start < len(events):
            end = _end_of(are_text, start)
            some = events[start:end]
            found += self._run(route, some) if are_text[start] else read_chat_events(route, some)
            start = end
        return found

    def _learnt_from(self, route: str, event: bytes) -> list[ChatDelta]:
        """The deltas of an event; if it is a piece of text, what stands around that is remembered."""
        deltas = read_chat_events(route, [event])
        if len(deltas) == 1 and deltas[0].text and deltas[0] == ChatDelta(0, deltas[0].text):
            self._tries -= 1
            self._learn(route, event, _ENCODER.encode(deltas[0].text)[1:-1])
        return deltas

    def _learn(self, route: str, event: bytes, piece: bytes) -> None:
        name = _NAME.search(event)
        if name is None or not event.startswith(piece + b'"', name.end()):
            return
        before, after = event[: name.end()], event[name.end() + len(piece) :]
        # Whichever place it is, it is the text's if another text there means that and nothing else.
        if read_chat_events(route, [before + _PROBE + after]) == [ChatDelta(0, _PROBE.decode())]:
            self._before, self._after = before, after

    def _run(self, route: str, events: Sequence[bytes]) -> Iterable[ChatPiece]:
        start, end = len(self._before), -len(self._after)
        pieces = [event[start:end] for event in events]
        written = b'["%b"]' % _BETWEEN.join(pieces)
        # A piece that ends in a backslash could make the quotation mark behind it its own.
        if b'\\"' in written and (b"\\" + _BETWEEN in written or written.endswith(b'\\"]')):
            return read_chat_events(route, events)
        try:
            texts = _TEXTS.decode(written)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return read_chat_events(route, events)
        if len(texts) != len(pieces):
            return read_chat_events(route, events)
        return [TextRun(pieces, texts)]


def _end_of(kinds: list[bool], start: int) -> int:
    """Where what begins there is followed by something of the other kind."""
    try:
        return kinds.index(not kinds[start], start)
    except ValueError:
        return len(kinds)
