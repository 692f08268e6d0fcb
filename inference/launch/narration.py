"""What people see while parts start: sentences that stay, and one line that changes."""

import time
from collections.abc import Callable
from typing import Protocol, TextIO

CLEAR = "\r\x1b[K"


class Narrator(Protocol):
    """Whoever tells people what happens."""

    def say(self, sentence: str) -> None:
        """A sentence that stays."""

    def show(self, state: str) -> None:
        """What is being waited for now; the next state, or sentence, takes its place."""


class Terminal:
    """For a terminal: the state is rewritten in place."""

    __slots__ = ("_stream",)

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def say(self, sentence: str) -> None:
        self._write(f"{CLEAR}{sentence}\n")

    def show(self, state: str) -> None:
        self._write(f"{CLEAR}{state}")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


class Plain:
    """For a file or a pipe: a state becomes a line of its own, but only after `every` quiet seconds."""

    __slots__ = ("_clock", "_every", "_next", "_stream")

    def __init__(
        self, stream: TextIO, *, every: float = 15.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = stream
        self._every = every
        self._clock = clock
        self._next = clock() + every

    def say(self, sentence: str) -> None:
        self._stream.write(f"{sentence}\n")
        self._stream.flush()
        self._next = self._clock() + self._every

    def show(self, state: str) -> None:
        if self._clock() >= self._next:
            self.say(state)


def narrator(stream: TextIO) -> Narrator:
    """The narrator that fits the stream."""
    return Terminal(stream) if stream.isatty() else Plain(stream)
