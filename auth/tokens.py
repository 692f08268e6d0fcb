"""Access tokens of Keycloak: verified once, then known for at most a minute."""

import hashlib
from collections.abc import Callable
from typing import Final

from auth.claims import Identified, audiences, check_period, identified, text, unplaced
from auth.errors import Reason, TenancyError, Unauthenticated
from auth.identity import Caller, Method, Principal
from auth.recent import Recent
from auth.signing import Claims, SigningKeys, signed_claims
from auth.tenants import Tenants

CACHED_SECONDS: Final = 60.0
CACHED_TOKENS: Final = 10_000


class AccessTokens:
    """Tells whose access token this is.

    A verified token is remembered by its SHA-256 for 60 seconds or until it expires, if that is sooner; so a
    logout at Keycloak takes at most that long to be felt by API calls.
    """

    def __init__(
        self,
        *,
        issuer: str,
        audience: str,
        keys: SigningKeys,
        tenants: Tenants,
        clock: Callable[[], float],
        clients: frozenset[str] = frozenset(),
    ) -> None:
        """``clients``: the ``azp`` that may call; empty means all that get tokens for our audience."""
        self._issuer = issuer
        self._audience = audience
        self._keys = keys
        self._tenants = tenants
        self._clock = clock
        self._clients = clients
        self._recent: Recent[Caller] = Recent(CACHED_TOKENS)

    def known(self, token: str) -> Caller | None:
        """The caller, if this very token was verified within the last minute; never waits."""
        return self._recent.get(_digest(token), self._clock())

    async def authenticate(self, token: str) -> Caller:
        """The caller of an API, by ``Authorization: Bearer``.

        Raises:
            Unauthenticated: the token is not one of Keycloak's for us, or no longer.
            NoTenant: it names no organisation.
            SeveralTenants: it names more than one.
            OperatorInTenant: it is a platform operator's, and names organisations.
            TenantChanged: its alias was another organisation's before.
            IdentityProviderDown: no signing key was ever fetched, and Keycloak does not answer.
        """
        known = self.known(token)
        if known is not None:
            return known
        caller = await self.verify(token, method=Method.ACCESS_TOKEN)
        now = self._clock()
        self._recent.put(_digest(token), caller, min(now + CACHED_SECONDS, float(caller.expires or now)))
        return caller

    async def verify(self, token: str, *, method: Method) -> Caller:
        """The same without the memory; ``method`` is how the caller came by the token."""
        claims = await signed_claims(token, self._keys)
        try:
            self._check(claims)
        except Unauthenticated as refused:
            raise Unauthenticated(refused.reason, named=await self._named(claims, method)) from None
        try:
            found = identified(claims, audience=self._audience, method=method)
            await self._bind(found)
        except TenancyError as refused:
            refused.named = unplaced(claims)
            raise
        return found.caller

    def forget(self, *, subject: str) -> None:
        """Drop what is remembered of this person's tokens."""
        self._recent.forget(lambda caller: caller.subject == subject)

    async def _named(self, claims: Claims, method: Method) -> Principal | None:
        """Whom claims name that were signed and do not count: only for an organisation that is known here."""
        try:
            if text(claims, "iss") != self._issuer:
                return None
            found = identified(claims, audience=self._audience, method=method)
        except (Unauthenticated, TenancyError):
            return None
        if not isinstance(found.caller, Principal) or found.organisation is None:
            return None
        known = await self._tenants.stands_for(found.caller.tenant, found.organisation)
        return found.caller if known else None

    def _check(self, claims: Claims) -> None:
        if text(claims, "iss") != self._issuer:
            raise Unauthenticated(Reason.WRONG_ISSUER)
        # Keycloak's refresh, ID and logout tokens bear the same signature; `typ` tells them apart.
        if claims.get("typ") != "Bearer":
            raise Unauthenticated(Reason.WRONG_TYPE)
        if self._audience not in audiences(claims):
            raise Unauthenticated(Reason.WRONG_AUDIENCE)
        if self._clients and text(claims, "azp") not in self._clients:
            raise Unauthenticated(Reason.WRONG_CLIENT)
        check_period(claims, self._clock())

    async def _bind(self, found: Identified) -> None:
        if isinstance(found.caller, Principal) and found.organisation is not None:
            await self._tenants.bind(found.caller.tenant, found.organisation)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()
