"""Where the identity provider does what, for browsers and for the gateway itself."""

from dataclasses import dataclass
from typing import Final

import httpx

from auth.errors import IdentityProviderDown, IdentityProviderRefused

TIMEOUT: Final = httpx.Timeout(10.0, connect=2.0)


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The provider's addresses (OpenID Connect Discovery 1.0).

    Browsers are sent to ``authorization`` and ``logout``; the gateway itself asks ``token`` and ``ending``.
    """

    authorization: str
    token: str
    logout: str
    ending: str


class Discovery:
    """A realm: its public address, which stands in its tokens, and the one that it is reached at from here."""

    def __init__(self, *, http: httpx.AsyncClient, issuer: str, backend: str | None = None) -> None:
        self.issuer = issuer
        self._http = http
        self._backend = backend or issuer
        self._found: Endpoints | None = None

    async def endpoints(self) -> Endpoints:
        """The provider's addresses, asked for once.

        Raises:
            IdentityProviderDown: it does not answer, or is another issuer.
        """
        return self._found or await self.ask()

    async def ask(self) -> Endpoints:
        """The same, asked for now.

        Raises:
            IdentityProviderDown: it does not answer, or is another issuer.
        """
        url = f"{self._backend}/.well-known/openid-configuration"
        try:
            said = checked(await self._http.get(url, timeout=TIMEOUT), "discovery")
        except (httpx.HTTPError, IdentityProviderRefused) as fault:
            raise IdentityProviderDown("discovery") from fault
        # OpenID Connect Discovery 1.0 section 4.3: the issuer must be the one of the tokens, wherever it was asked.
        if said.get("issuer") != self.issuer:
            raise IdentityProviderDown("discovery")
        leaving = str(said.get("end_session_endpoint"))
        self._found = Endpoints(
            authorization=self._public(str(said.get("authorization_endpoint"))),
            token=self._reached(str(said.get("token_endpoint"))),
            logout=self._public(leaving),
            ending=self._reached(leaving),
        )
        return self._found

    def _public(self, url: str) -> str:
        return _moved(url, self._backend, self.issuer)

    def _reached(self, url: str) -> str:
        return _moved(url, self.issuer, self._backend)


def _moved(url: str, here: str, there: str) -> str:
    """The address under ``there`` that is ``url`` under ``here``; any other stays."""
    return there + url.removeprefix(here) if url.startswith(here + "/") else url


def checked(answer: httpx.Response, operation: str) -> dict[str, object]:
    """The answer's JSON object, or what it says went wrong (RFC 6749 section 5.2).

    Raises:
        IdentityProviderDown: a fault of the provider's own.
        IdentityProviderRefused: it said no.
    """
    if answer.status_code >= 500:
        raise IdentityProviderDown(operation)
    try:
        said = answer.json() if answer.content else {}
    except ValueError:
        said = {}
    if answer.is_success and isinstance(said, dict):
        return said
    code = said.get("error") if isinstance(said, dict) else None
    raise IdentityProviderRefused(operation, code if isinstance(code, str) else str(answer.status_code))
