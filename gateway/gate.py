"""Who is asking, from the headers: an API key or an access token on `/v1`, a session or a token on `/api`."""

from asyncio import Lock
from collections.abc import Iterable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Final
from weakref import WeakValueDictionary

from auth.errors import Reason, Unauthenticated
from auth.identity import Caller
from auth.keys import KeyRing
from auth.sessions import Session
from auth.signin import SignIn
from auth.tokens import AccessTokens

CSRF_HEADER: Final = b"x-valv-csrf"
_KEY_PREFIX: Final = "valv_"

Headers = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Browser:
    """A caller who came with a session cookie; ``name`` is the cookie's value."""

    name: str
    session: Session


class Gate:
    """Turns credentials into callers; it never says what they may do."""

    def __init__(self, *, tokens: AccessTokens, keys: KeyRing, sign_in: SignIn, cookie: str) -> None:
        self._tokens = tokens
        self._keys = keys
        self._sign_in = sign_in
        self._cookie = cookie
        self._looking_up: WeakValueDictionary[str, Lock] = WeakValueDictionary()

    async def programme(self, headers: Headers) -> Caller:
        """The caller of `/v1`: an API key or an access token; a cookie counts for nothing there.

        Raises:
            Unauthenticated, TenancyError, IdentityProviderDown.
        """
        secret = _bearer(headers)
        if secret is None:
            raise Unauthenticated(Reason.MISSING)
        verifier = self._keys if secret.startswith(_KEY_PREFIX) else self._tokens
        return verifier.known(secret) or await self._verified(verifier, secret)

    async def person(self, headers: Headers, *, method: str) -> Caller:
        """The caller of `/api`: a session (with its CSRF header on what changes something) or an access token.

        Raises:
            Unauthenticated, TenancyError, IdentityProviderDown.
        """
        headers = list(headers)
        secret = _bearer(headers)
        if secret is not None:
            if secret.startswith(_KEY_PREFIX):
                raise Unauthenticated(Reason.WRONG_TYPE)
            return self._tokens.known(secret) or await self._verified(self._tokens, secret)
        browser = await self.browser(headers)
        if method not in {"GET", "HEAD"}:
            browser.session.check_csrf(_header(headers, CSRF_HEADER))
        return browser.session.caller

    async def browser(self, headers: Headers) -> Browser:
        """The browser's session, fresh.

        Raises:
            Unauthenticated: no cookie, or one that opens nothing (any more).
        """
        name = self.cookie(headers)
        if name is None:
            raise Unauthenticated(Reason.MISSING)
        return Browser(name, await self._sign_in.current(name))

    async def _verified(self, verifier: KeyRing | AccessTokens, secret: str) -> Caller:
        """The bearer, looked up once however many requests come with the same secret meanwhile."""
        lock = self._looking_up.setdefault(secret, Lock())
        async with lock:
            return await verifier.authenticate(secret)

    def cookie(self, headers: Headers) -> str | None:
        """The value of the session cookie, if the request carries one."""
        return read_cookie(headers, self._cookie)


def read_cookie(headers: Headers, name: str) -> str | None:
    """A cookie's value (RFC 6265 section 5.4); an unreadable header holds none."""
    sent = _header(headers, b"cookie")
    if sent is None:
        return None
    try:
        morsel = SimpleCookie(sent).get(name)
    except CookieError:
        return None
    return morsel.value if morsel is not None else None


def _bearer(headers: Headers) -> str | None:
    """The credential of an ``Authorization: Bearer`` header (RFC 6750 section 2.1)."""
    sent = _header(headers, b"authorization")
    if sent is None:
        return None
    scheme, _, secret = sent.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Unauthenticated(Reason.MALFORMED)
    return secret.strip()


def _header(headers: Headers, name: bytes) -> str | None:
    for key, value in headers:
        if key == name:
            return value.decode("latin-1")
    return None
