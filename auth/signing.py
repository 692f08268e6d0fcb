"""Keycloak's signatures: the published keys, and the claims that they vouch for."""

import binascii
import json
from collections.abc import Callable, Mapping
from typing import Final, TypeGuard

import anyio
import httpx
from joserfc import jwk, jws, jwt
from joserfc.errors import (
    BadSignatureError,
    InvalidKeyTypeError,
    JoseError,
    UnsupportedAlgorithmError,
    UnsupportedKeyAlgorithmError,
)
from joserfc.jwa import JWSAlgModel
from joserfc.util import urlsafe_b64decode

from auth.errors import IdentityProviderDown, Reason, Unauthenticated

# RFC 8725 section 3.1: an allow-list of our own; never "none", never a symmetric algorithm.
ALGORITHMS: Final = ("RS256", "ES256", "PS256", "EdDSA")
TOKEN_LIMIT: Final = 16 * 1024
REFETCH_SECONDS: Final = 30.0
FIRST_FETCH_SECONDS: Final = 1.0
# A key that Keycloak has withdrawn is forgotten after this long, even if no unknown one turns up.
KEYS_SECONDS: Final = 3600.0
_TIMEOUT: Final = httpx.Timeout(5.0, connect=2.0)

Claims = Mapping[str, object]


class _Signatures(jws.JWSRegistry):
    """Our algorithms alone, under the names that Keycloak writes."""

    def get_alg(self, name: str) -> JWSAlgModel:
        # joserfc warns about the name EdDSA (RFC 9864 renames it Ed25519); Keycloak still writes it.
        if name not in ALGORITHMS:
            raise UnsupportedAlgorithmError
        return self.algorithms[name]


class SigningKeys:
    """The provider's public keys by ``kid``: fetched when first needed, and again for an unknown one.

    An unknown ``kid`` causes at most one fetch in 30 seconds. While the provider is down, the known keys
    go on serving.
    """

    def __init__(self, *, http: httpx.AsyncClient, url: str, clock: Callable[[], float]) -> None:
        self._http = http
        self._url = url
        self._clock = clock
        self._keys: dict[str, jwk.Key] = {}
        self._fetched = self._tried = float("-inf")
        self._turn = anyio.Lock()

    async def find(self, kid: str) -> jwk.Key:
        """The key of that id.

        Raises:
            Unauthenticated: the provider does not publish such a key.
            IdentityProviderDown: no key was ever fetched, and the provider does not answer.
        """
        if self._wanted(kid):
            async with self._turn:
                if self._wanted(kid):
                    await self._refetch()
        if not self._keys:
            raise IdentityProviderDown("keys")
        if kid not in self._keys:
            raise Unauthenticated(Reason.UNKNOWN_KEY)
        return self._keys[kid]

    def _wanted(self, kid: str) -> bool:
        now = self._clock()
        if now - self._tried < (REFETCH_SECONDS if self._keys else FIRST_FETCH_SECONDS):
            return False
        return kid not in self._keys or now - self._fetched >= KEYS_SECONDS

    async def _refetch(self) -> None:
        self._tried = self._clock()
        try:
            answer = await self._http.get(self._url, timeout=_TIMEOUT)
            answer.raise_for_status()
            self._keys = published(answer.json())
        except (httpx.HTTPError, ValueError):
            return
        self._fetched = self._tried


def published(document: object) -> dict[str, jwk.Key]:
    """The signature keys of a JWK set, by ``kid``; others are left out (RFC 7517 section 5).

    Raises:
        ValueError: the document is no JWK set, or holds no key that could sign for us.
    """
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
        raise ValueError("no JWK set")  # noqa: TRY004  a wrong document, not a programmer's wrong type
    found = [_imported(entry) for entry in document["keys"] if _signs(entry)]
    keys = {key.kid: key for key in found if key is not None and key.kid is not None}
    if not keys:
        raise ValueError("no signature key")
    return keys


def _imported(entry: jwk.DictKey) -> jwk.Key | None:
    try:
        return jwk.import_key(entry)
    except (JoseError, KeyError, ValueError):
        return None


def _signs(entry: object) -> TypeGuard[jwk.DictKey]:
    if not isinstance(entry, dict) or not isinstance(entry.get("kid"), str):
        return False
    return entry.get("kty") in {"RSA", "EC", "OKP"} and entry.get("use", "sig") == "sig"


def _header(token: str) -> dict[str, object]:
    if len(token) > TOKEN_LIMIT or token.count(".") != 2:
        raise Unauthenticated(Reason.MALFORMED)
    try:
        header = json.loads(urlsafe_b64decode(token.partition(".")[0].encode("ascii")))
    except (ValueError, binascii.Error) as fault:
        raise Unauthenticated(Reason.MALFORMED) from fault
    if not isinstance(header, dict):
        raise Unauthenticated(Reason.MALFORMED)
    return header


async def signed_claims(token: str, keys: SigningKeys) -> Claims:
    """The claims of a JWT in compact form, whose signature is the provider's; nothing else is checked.

    Raises:
        Unauthenticated: malformed, unsupported_algorithm, unknown_key or bad_signature.
        IdentityProviderDown: no key was ever fetched, and the provider does not answer.
    """
    header = _header(token)
    if header.get("alg") not in ALGORITHMS:
        raise Unauthenticated(Reason.UNSUPPORTED_ALGORITHM)
    kid = header.get("kid")
    if not isinstance(kid, str):
        raise Unauthenticated(Reason.UNKNOWN_KEY)
    return _decoded(token, await keys.find(kid))


def _decoded(token: str, key: jwk.Key) -> Claims:
    try:
        return jwt.decode(token, key, registry=_Signatures()).claims
    except BadSignatureError as fault:
        raise Unauthenticated(Reason.BAD_SIGNATURE) from fault
    except (InvalidKeyTypeError, UnsupportedKeyAlgorithmError) as fault:
        raise Unauthenticated(Reason.UNSUPPORTED_ALGORITHM) from fault
    except (JoseError, ValueError) as fault:
        raise Unauthenticated(Reason.MALFORMED) from fault
