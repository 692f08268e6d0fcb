"""Passwords, as they are stored, and how often one may be guessed at."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Final

# RFC 7914 section 2. An eighth of what OWASP advises: these are the generated passwords of an evaluation on
# loopback, not passwords that people chose.
_COST: Final = 2**14
_BLOCK: Final = 8
_LANES: Final = 1
_MEMORY: Final = 64 * 1024 * 1024
_SALT: Final = 16

FREE_FAILURES: Final = 5
WAIT_SECONDS: Final = 60
LONGEST_WAIT_SECONDS: Final = 900


def hashed(password: str, *, entropy: Callable[[int], bytes]) -> str:
    """``<salt>$<scrypt>``, both in hexadecimal."""
    salt = entropy(_SALT)
    return f"{salt.hex()}${_scrypt(password, salt).hex()}"


def matches(password: str, stored: str) -> bool:
    """Whether the password is the stored one; takes as long when nothing is stored."""
    salt, _, digest = (stored or f"{'00' * _SALT}$").partition("$")
    return hmac.compare_digest(_scrypt(password, bytes.fromhex(salt)).hex(), digest)


def _scrypt(password: str, salt: bytes) -> bytes:
    said = password.encode(errors="surrogatepass")
    return hashlib.scrypt(said, salt=salt, n=_COST, r=_BLOCK, p=_LANES, maxmem=_MEMORY)


class Throttle:
    """After five failures a name must wait: a minute, two, up to fifteen, as in the realm's settings."""

    def __init__(self, *, clock: Callable[[], float], limit: int = 10_000) -> None:
        self._clock = clock
        self._limit = limit
        self._failures: dict[str, tuple[int, float]] = {}

    def waits(self, name: str) -> bool:
        return self._clock() < self._failures.get(name, (0, 0.0))[1]

    def failed(self, name: str) -> None:
        count = self._failures.pop(name, (0, 0.0))[0] + 1
        wait = min(max(0, count - FREE_FAILURES + 1) * WAIT_SECONDS, LONGEST_WAIT_SECONDS)
        self._failures[name] = (count, self._clock() + wait)
        if len(self._failures) > self._limit:
            del self._failures[next(iter(self._failures))]

    def succeeded(self, name: str) -> None:
        self._failures.pop(name, None)
