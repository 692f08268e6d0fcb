"""What a call cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the engine counted them; ``cached`` are those of the prompt that it already had."""

    prompt: int
    completion: int = 0
    cached: int = 0
