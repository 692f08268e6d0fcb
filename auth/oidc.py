"""The gateway as a client of Keycloak: authorization code with PKCE, refresh, logout."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

import httpx

from auth.claims import audiences, check_period, organisations, text, unplaced
from auth.discovery import TIMEOUT, Discovery, checked
from auth.errors import (
    IdentityProviderDown,
    IdentityProviderRefused,
    LoginFault,
    LoginRefused,
    Reason,
    Unauthenticated,
)
from auth.identity import Organisation, TenantId
from auth.sessions import Tokens
from auth.signing import Claims, SigningKeys, signed_claims
from auth.transaction import Purpose, Transaction, Transactions

_LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(frozen=True, slots=True)
class Departure:
    """A browser on its way to the login page: the address, and the cookie that it must bring back."""

    url: str
    transaction: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """A browser that came back: its tokens, the person, the local path that it set out from.

    ``organisations`` are those that its identity token names.
    """

    tokens: Tokens
    subject: str
    return_to: str
    organisations: tuple[Organisation, ...] = ()


@dataclass(frozen=True, slots=True)
class LogoutNotice:
    """Whom a back-channel logout is about: one login (``sid``), or everything of a person (``subject``)."""

    sid: str | None
    subject: str | None


class Provider:
    """Keycloak, as seen by one confidential client of the realm."""

    def __init__(
        self,
        *,
        http: httpx.AsyncClient,
        discovery: Discovery,
        client: str,
        secret: str,
        redirect_uri: str,
        keys: SigningKeys,
        transactions: Transactions,
        clock: Callable[[], float],
    ) -> None:
        self._http = http
        self._discovery = discovery
        self._issuer = discovery.issuer
        self._client = client
        self._secret = secret
        self._redirect_uri = redirect_uri
        self._keys = keys
        self._transactions = transactions
        self._clock = clock

    async def check(self) -> None:
        """Return if the provider answers now.

        Raises:
            IdentityProviderDown: it does not, or is another issuer.
        """
        await self._discovery.ask()

    async def begin(self, *, return_to: str = "/", tenant: TenantId | None = None) -> Departure:
        """The way to the login page; with ``tenant``, for that organisation (also to switch without a login).

        The provider is asked each time: nobody is sent to a page that does not answer.

        Raises:
            IdentityProviderDown.
        """
        scope = f"openid organization{'' if tenant is None else f':{tenant}'}"
        return await self._departure(self._transactions.begin(return_to), scope=scope)

    async def survey(self, *, return_to: str) -> Departure:
        """Past the provider without a page, under a login: its answer names all the person's organisations.

        The tokens of the session stay what they are; a token that names several opens nothing.

        Raises:
            IdentityProviderDown.
        """
        begun = self._transactions.begin(return_to, Purpose.SURVEY)
        return await self._departure(begun, scope="openid organization:*", prompt="none")

    def begun(self, transaction: str) -> Transaction:
        """What a browser that comes back had set out for.

        Raises:
            LoginRefused: nothing that we know of.
        """
        return self._transactions.read(transaction)

    async def _departure(self, begun: Transaction, **asked: str) -> Departure:
        endpoints = await self._discovery.ask()
        query = {
            "response_type": "code",
            "client_id": self._client,
            "redirect_uri": self._redirect_uri,
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": begun.challenge,
            "code_challenge_method": "S256",
            **asked,
        }
        url = f"{endpoints.authorization}?{urlencode(query)}"
        return Departure(url, self._transactions.cookie(begun))

    async def finish(self, *, transaction: str, answer: Mapping[str, str]) -> Arrival:
        """The tokens of a login; ``answer`` is the query that the browser came back with.

        Raises:
            LoginRefused: the answer is not the one to this browser's question, or the provider said no.
            IdentityProviderDown.
        """
        begun = self._transactions.read(transaction)
        # RFC 9207: an answer of another issuer is refused, if it names one.
        if answer.get("iss", self._issuer) != self._issuer:
            raise LoginRefused(LoginFault.STATE_MISMATCH)
        if not hmac.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
            raise LoginRefused(LoginFault.STATE_MISMATCH)
        if "error" in answer:
            raise LoginRefused(_FAULTS.get(answer["error"], LoginFault.PROVIDER_ERROR))
        tokens = await self._exchanged(answer.get("code", ""), begun.verifier)
        claims = await self._identity(tokens.identity)
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), begun.nonce.encode()):
            raise LoginRefused(LoginFault.WRONG_ID_TOKEN, named=unplaced(claims))
        return Arrival(tokens, text(claims, "sub"), begun.return_to, organisations(claims))

    async def refresh(self, tokens: Tokens) -> Tokens:
        """Fresh tokens for the same login and organisation.

        Raises:
            IdentityProviderRefused: the login has ended at the provider (``invalid_grant``).
            IdentityProviderDown.
        """
        form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh}
        return self._tokens(await self._post("refresh", form), former=tokens)

    async def logout_url(self, tokens: Tokens, *, return_to: str) -> str:
        """Where the browser ends its login at the provider; ``return_to`` is a registered absolute address.

        Raises:
            IdentityProviderDown.
        """
        query = {
            "id_token_hint": tokens.identity,
            "client_id": self._client,
            "post_logout_redirect_uri": return_to,
        }
        return f"{(await self._discovery.endpoints()).logout}?{urlencode(query)}"

    async def end(self, tokens: Tokens) -> None:
        """End the login at the provider without a browser.

        Raises:
            IdentityProviderRefused.
            IdentityProviderDown.
        """
        form = {"refresh_token": tokens.refresh, "client_id": self._client, "client_secret": self._secret}
        try:
            answer = await self._http.post(
                (await self._discovery.endpoints()).ending, data=form, timeout=TIMEOUT
            )
        except httpx.HTTPError as fault:
            raise IdentityProviderDown("logout") from fault
        checked(answer, "logout")

    async def logout_notice(self, token: str) -> LogoutNotice:
        """Whom a back-channel logout token is about (OpenID Connect Back-Channel Logout 1.0 section 2.6).

        Raises:
            Unauthenticated: the token is no logout token of the provider's for us.
            IdentityProviderDown.
        """
        claims = await signed_claims(token, self._keys)
        self._check_party(claims)
        check_period(claims, self._clock())
        events = claims.get("events")
        if not isinstance(events, Mapping) or _LOGOUT_EVENT not in events or "nonce" in claims:
            raise Unauthenticated(Reason.WRONG_TYPE)
        if "sid" not in claims:
            return LogoutNotice(None, text(claims, "sub"))
        return LogoutNotice(text(claims, "sid"), None)

    async def _identity(self, token: str) -> Claims:
        """The claims of an ID token for us (OpenID Connect Core 1.0 section 3.1.3.7)."""
        try:
            claims = await signed_claims(token, self._keys)
            self._check_party(claims)
            check_period(claims, self._clock())
        except Unauthenticated as fault:
            raise LoginRefused(LoginFault.WRONG_ID_TOKEN) from fault
        if claims.get("typ", "ID") != "ID" or claims.get("azp", self._client) != self._client:
            raise LoginRefused(LoginFault.WRONG_ID_TOKEN, named=unplaced(claims))
        return claims

    def _check_party(self, claims: Claims) -> None:
        if text(claims, "iss") != self._issuer:
            raise Unauthenticated(Reason.WRONG_ISSUER)
        if self._client not in audiences(claims):
            raise Unauthenticated(Reason.WRONG_AUDIENCE)

    async def _exchanged(self, code: str, verifier: str) -> Tokens:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": verifier,
        }
        try:
            return self._tokens(await self._post("exchange", form))
        except IdentityProviderRefused as fault:
            raise LoginRefused(LoginFault.CODE_REFUSED) from fault

    def _tokens(self, answer: Mapping[str, object], former: Tokens | None = None) -> Tokens:
        access, lifetime = answer.get("access_token"), answer.get("expires_in")
        refresh = answer.get("refresh_token", former.refresh if former else None)
        identity = answer.get("id_token", former.identity if former else None)
        if not (isinstance(access, str) and isinstance(refresh, str) and isinstance(identity, str)):
            raise IdentityProviderDown("token")
        if not isinstance(lifetime, int):
            raise IdentityProviderDown("token")
        return Tokens(access, refresh, identity, int(self._clock()) + lifetime)

    async def _post(self, operation: str, form: Mapping[str, str]) -> dict[str, object]:
        endpoints = await self._discovery.endpoints()
        try:
            answer = await self._http.post(
                endpoints.token, data=form, auth=(self._client, self._secret), timeout=TIMEOUT
            )
        except httpx.HTTPError as fault:
            raise IdentityProviderDown(operation) from fault
        return checked(answer, operation)


_FAULTS: Final = {
    "access_denied": LoginFault.CANCELLED,
    "invalid_scope": LoginFault.NO_ORGANISATION_SCOPE,
}
