"""An answer while it is written, and one that no model writes: it is known before its first piece."""

from typing import Final, Protocol

from inference.chat import ChatDelta, ChatPiece
from inference.usage import Usage

NO_SUPPORT: Final = {
    "sv": "Inga källor i era dokument stöder ett svar på frågan.",
    "en": "No source in your documents supports an answer to this question.",
}


class Deltas(Protocol):
    """An answer while it is written."""

    @property
    def over(self) -> bool:
        """Whether the answer is whole: what was taken so far is all of it."""
        ...

    async def some(self) -> list[ChatPiece]:
        """Every delta that has come by now, at least one; empty at the end.

        Raises:
            InferenceError: the engine broke off.
        """
        ...


class Spoken:
    """The deltas of an answer that is known already."""

    def __init__(self, pieces: tuple[str, ...]) -> None:
        said = [ChatDelta(0, piece if place == 0 else f"\n\n{piece}") for place, piece in enumerate(pieces)]
        self._left: list[ChatPiece] = [
            *said,
            ChatDelta(0, "", finish="stop", usage=Usage(prompt=0, completion=0)),
        ]

    @property
    def over(self) -> bool:
        """Whether they were taken."""
        return not self._left

    async def some(self) -> list[ChatPiece]:
        """All of them, once."""
        taken, self._left = self._left, []
        return taken
