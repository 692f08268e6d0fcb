"""What a call cost."""

import msgspec


class Usage(msgspec.Struct, frozen=True, gc=False):
    """Tokens as the engine counted them; ``cached`` are those of the prompt that it already had."""

    prompt: int
    completion: int = 0
    cached: int = 0
