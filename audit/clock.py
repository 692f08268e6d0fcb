"""Time and unique ids, handed in so that tests decide them."""

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

_CROCKFORD: Final = bytes.maketrans(b"0123456789ABCDEFGHIJKLMNOPQRSTUV", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ")


@dataclass(frozen=True, slots=True)
class Clock:
    """Wall time and monotonic time, both in nanoseconds."""

    wall_ns: Callable[[], int] = time.time_ns
    mono_ns: Callable[[], int] = time.monotonic_ns


def ulid(wall_ns: int, entropy: bytes) -> str:
    """A sortable id: 48 bits of milliseconds and 80 random bits, in Crockford's base 32."""
    value = ((wall_ns // 1_000_000) << 80) | int.from_bytes(entropy[:10], "big")
    return base64.b32hexencode(value.to_bytes(20, "big"))[6:].translate(_CROCKFORD).decode()


def second_of(wall_ns: int) -> str:
    """``2026-11-21T19:02:54`` in UTC."""
    return datetime.fromtimestamp(wall_ns // 1_000_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
