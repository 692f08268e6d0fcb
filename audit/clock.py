"""Time and unique ids, handed in so that tests decide them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS: Final = tuple([first + second for first in _CROCKFORD for second in _CROCKFORD])
_FORTY_BITS: Final = (1 << 40) - 1
_POOL: Final = 8192
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """Wall time and monotonic time, both in nanoseconds."""

    wall_ns: Callable[[], int] = time.time_ns
    mono_ns: Callable[[], int] = time.monotonic_ns


class RandomPool:
    """Random bytes for one thread, fetched many at a time: each fetch gives up the interpreter lock."""

    def __init__(self, entropy: Callable[[int], bytes]) -> None:
        self._entropy = entropy
        self._pool = b""
        self._used = 0

    def __call__(self, size: int) -> bytes:
        start = self._used
        self._used = end = start + size
        if end > len(self._pool):
            self._pool, start, self._used = self._entropy(_POOL + size), 0, size
            end = size
        return self._pool[start:end]


def ulid(wall_ns: int, entropy: bytes) -> str:
    """A sortable id: 48 bits of milliseconds and 80 random bits, in Crockford's base 32."""
    chance = int.from_bytes(entropy[:10], "big")
    return _time_of(wall_ns // 1_000_000) + _letters(chance >> 40) + _letters(chance & _FORTY_BITS)


@lru_cache(maxsize=64)
def _time_of(wall_ms: int) -> str:
    return _PAIRS[wall_ms >> 40 & 1023] + _letters(wall_ms & _FORTY_BITS)


def _letters(bits: int) -> str:
    """Forty bits as eight letters; unrolled, because every call's id is made here."""
    return _PAIRS[bits >> 30] + _PAIRS[bits >> 20 & 1023] + _PAIRS[bits >> 10 & 1023] + _PAIRS[bits & 1023]


def instant(text: str) -> str:
    """A time (ISO 8601, UTC unless it says otherwise) as the stamps of records compare to.

    Raises:
        ValueError: it is no time.
    """
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")


def micros(stamp: str) -> int:
    """A record's stamp (or what ``instant`` made) as microseconds since the epoch.

    Raises:
        ValueError: it is no time.
    """
    moment = datetime.fromisoformat(stamp)
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - _EPOCH) // _MICROSECOND


def second_of(wall_ns: int) -> str:
    """``2026-11-21T19:02:54`` in UTC."""
    return datetime.fromtimestamp(wall_ns // 1_000_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
