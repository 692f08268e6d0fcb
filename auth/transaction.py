"""A login under way: what the browser carries to the login page and back, sealed."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from auth.errors import LoginFault, LoginRefused
from auth.sealing import Sealer, Unsealable

TRANSACTION_SECONDS: Final = 600
_PURPOSE: Final = b"valv login transaction"


class Purpose(StrEnum):
    """Why a browser was sent to the provider: for a login, or to be told its person's organisations."""

    LOGIN = "login"
    SURVEY = "survey"


@dataclass(frozen=True, slots=True)
class Transaction:
    """One login under way: against forgery, replay and a stolen code (RFC 9700 section 2.1.1)."""

    begun: int
    state: str
    nonce: str
    verifier: str
    return_to: str
    purpose: str = Purpose.LOGIN

    @property
    def challenge(self) -> str:
        """RFC 7636 section 4.2, method S256."""
        return urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


def local_path(return_to: str) -> str:
    """The path if it leads back into this site, else ``/``: nobody is sent elsewhere after a login."""
    if not return_to.startswith("/") or return_to.startswith(("//", "/\\")) or not return_to.isprintable():
        return "/"
    return return_to


class Transactions:
    """Logins under way, kept by the browsers themselves in a sealed cookie of ten minutes."""

    def __init__(
        self, *, sealer: Sealer, clock: Callable[[], float], entropy: Callable[[int], bytes]
    ) -> None:
        self._sealer = sealer
        self._clock = clock
        self._entropy = entropy

    def begin(self, return_to: str, purpose: Purpose = Purpose.LOGIN) -> Transaction:
        """A new login, which will end at ``return_to`` if that is a path of this site."""
        state, nonce, verifier = (self._random() for _ in range(3))
        return Transaction(int(self._clock()), state, nonce, verifier, local_path(return_to), purpose)

    def cookie(self, begun: Transaction) -> str:
        """What the browser keeps; it can neither read nor change it."""
        said = [begun.begun, begun.state, begun.nonce, begun.verifier, begun.return_to, begun.purpose]
        return self._sealer.seal(json.dumps(said).encode(), purpose=_PURPOSE).hex()

    def read(self, cookie: str) -> Transaction:
        """The login that a browser brings back.

        Raises:
            LoginRefused: not one of ours, or begun more than ten minutes ago.
        """
        try:
            begun = Transaction(*json.loads(self._sealer.open(bytes.fromhex(cookie), purpose=_PURPOSE)))
        except (Unsealable, ValueError) as fault:
            raise LoginRefused(LoginFault.TRANSACTION_MALFORMED) from fault
        if self._clock() - begun.begun > TRANSACTION_SECONDS:
            raise LoginRefused(LoginFault.TRANSACTION_EXPIRED)
        return begun

    def _random(self) -> str:
        return urlsafe_b64encode(self._entropy(32)).rstrip(b"=").decode()
