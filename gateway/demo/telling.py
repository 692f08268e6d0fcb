"""What the demonstration prints: a numbered step, what it saw, and where it stopped."""

import textwrap
from collections.abc import Callable
from typing import Final

Write = Callable[[str], None]

_WIDTH: Final = 100


class StepFailed(Exception):
    """A step did not show what it promises; the text says what was seen instead."""


class Telling:
    """Prints steps and what they saw."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._number = 0

    def step(self, title: str) -> None:
        """A new step."""
        self._number += 1
        self._write(f"\n{self._number}. {title}")

    def saw(self, text: str) -> None:
        """Something that was seen."""
        self._write(textwrap.fill(text, _WIDTH, initial_indent="   ", subsequent_indent="   "))

    def quoted(self, text: str) -> None:
        """Words of an answer or a document."""
        for line in text.splitlines():
            self._write(textwrap.fill(line, _WIDTH, initial_indent="   | ", subsequent_indent="   | "))


def expect(seen: object, *, otherwise: str) -> None:
    """Return if it is true.

    Raises:
        StepFailed: it isn't.
    """
    if not seen:
        raise StepFailed(otherwise)
