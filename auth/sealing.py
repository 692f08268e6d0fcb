"""Small secrets at rest: sealed with AES-GCM, so that only this installation reads or changes them."""

from collections.abc import Callable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE: Final = 12


class Unsealable(ValueError):
    """The bytes were not sealed with this key for this purpose, or were changed since."""


class Sealer:
    """Seals and opens bytes with one 256-bit key (NIST SP 800-38D; a random 96-bit nonce each)."""

    def __init__(self, key: bytes, *, entropy: Callable[[int], bytes]) -> None:
        """``key``: 32 bytes. ``entropy(n)`` gives n random bytes."""
        if len(key) != 32:
            raise ValueError("the key has 32 bytes")
        self._cipher = AESGCM(key)
        self._entropy = entropy

    def seal(self, plain: bytes, *, purpose: bytes) -> bytes:
        """The nonce, then the sealed bytes; they open for the same ``purpose`` only."""
        nonce = self._entropy(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, purpose)

    def open(self, sealed: bytes, *, purpose: bytes) -> bytes:
        """What was sealed for this purpose.

        Raises:
            Unsealable: something else.
        """
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], purpose)
        except (InvalidTag, ValueError) as fault:
            raise Unsealable from fault
