"""Tokens with Keycloak's claims, signed with the stand-in's own keys."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from joserfc import jwk, jwt
from joserfc.errors import JoseError

from auth.claims import DISPLAY_NAME, PLATFORM_OPERATOR
from auth.standin.clients import Client
from auth.standin.directory import Organisation, Person, write_private
from auth.standin.scopes import Granted

ACCESS_SECONDS: Final = 300
API: Final = "valv-api"
_LOGOUT: Final = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(frozen=True, slots=True)
class Login:
    """One login of a person, under which tokens are given; ``strong``: the password was just shown."""

    sid: str
    person: Person
    strong: bool = True


@dataclass(frozen=True, slots=True)
class Keys:
    """The key that signs tokens for others (RS256), and the one for tokens to ourselves (HS512)."""

    signing: jwk.RSAKey
    own: jwk.OctKey


def keys_of(file: Path) -> Keys:
    """The keys of the file; they are made when it isn't there."""
    if not file.exists():
        # RSA 2048 and RS256, because that is what Keycloak does by default.
        signing = jwk.RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
        own = jwk.OctKey.generate_key(512, auto_kid=True)
        said = {"signing": signing.as_dict(private=True), "own": own.as_dict(private=True)}
        write_private(file, json.dumps(said).encode())
    said = json.loads(file.read_text())
    return Keys(jwk.RSAKey.import_key(said["signing"]), jwk.OctKey.import_key(said["own"]))


class Mint:
    """Makes tokens, and reads those that come back."""

    def __init__(
        self, keys: Keys, *, issuer: str, clock: Callable[[], float], new_id: Callable[[], str]
    ) -> None:
        self._keys = keys
        self.issuer = issuer
        self._clock = clock
        self._new_id = new_id

    def published(self) -> dict[str, Any]:
        """The public half, as a JWK set."""
        return {"keys": [self._keys.signing.as_dict(private=False)]}

    def tokens(
        self,
        client: Client,
        login: Login,
        granted: Granted,
        *,
        organisations: dict[str, Organisation],
        nonce: str | None = None,
    ) -> dict[str, Any]:
        """The answer of the token endpoint."""
        person = self._person(login, granted, organisations)
        access = self._signed({**self._common(client, login), **self._authority(client, login), **person})
        answer = {
            "access_token": access,
            "expires_in": ACCESS_SECONDS,
            "refresh_expires_in": 1800,
            "refresh_token": self._refresh(client, login, granted, nonce),
            "token_type": "Bearer",
            "not-before-policy": 0,
            "session_state": login.sid,
            "scope": granted.scope,
        }
        if "openid" in granted.scope.split():
            del person["scope"]
            answer["id_token"] = self._identity(client, login, person, access=access, nonce=nonce)
        return answer

    def service_tokens(self, client: Client) -> dict[str, Any]:
        """The answer to a client that asks for itself."""
        claims = {
            **self._period(),
            "aud": [*client.audiences, *(["realm-management"] if client.rights else [])],
            "sub": f"service-account-{client.id}",
            "typ": "Bearer",
            "azp": client.id,
            "acr": "1",
            "scope": "profile",
            "preferred_username": f"service-account-{client.id}",
            "resource_access": {"realm-management": {"roles": sorted(client.rights)}}
            if client.rights
            else {},
        }
        access = self._signed(claims)
        return {
            "access_token": access,
            "expires_in": ACCESS_SECONDS,
            "token_type": "Bearer",
            "scope": "profile",
        }

    def logout_token(self, client: Client, sid: str, subject: str) -> str:
        """OpenID Connect Back-Channel Logout 1.0 section 2.4."""
        claims = {**self._period(), "aud": client.id, "sub": subject, "sid": sid, "typ": "Logout"}
        return self._signed({**claims, "events": {_LOGOUT: {}}}, kind="logout+jwt")

    def read(self, token: str, *, typ: str) -> dict[str, Any] | None:
        """The claims of a token of ours of that kind that has not run out, or nothing."""
        claims = self.read_old(token, typ=typ)
        return claims if claims and claims["exp"] > self._clock() else None

    def read_old(self, token: str, *, typ: str) -> dict[str, Any] | None:
        """The same, also when it has run out."""
        key, algorithm = (self._keys.own, "HS512") if typ == "Refresh" else (self._keys.signing, "RS256")
        try:
            claims = jwt.decode(token, key, algorithms=[algorithm]).claims
        except (JoseError, ValueError):
            return None
        return claims if claims.get("typ") == typ and claims.get("iss") == self.issuer else None

    def _person(
        self, login: Login, granted: Granted, organisations: dict[str, Organisation]
    ) -> dict[str, Any]:
        claims: dict[str, Any] = {"scope": granted.scope}
        if granted.aliases is not None:
            said = {alias: _claim(organisations[alias], login.person) for alias in granted.aliases}
            claims["organization"] = said
        return {**claims, "name": login.person.name, "preferred_username": login.person.username}

    def _common(self, client: Client, login: Login) -> dict[str, Any]:
        return {
            **self._period(),
            "sub": login.person.id,
            "azp": client.id,
            "sid": login.sid,
            "acr": "1" if login.strong else "0",
        }

    def _authority(self, client: Client, login: Login) -> dict[str, Any]:
        said: dict[str, Any] = {"typ": "Bearer", "aud": _one_or_many(client.audiences)}
        if login.person.operator:
            said["resource_access"] = {API: {"roles": [PLATFORM_OPERATOR]}}
        return said

    def _identity(
        self, client: Client, login: Login, person: dict[str, Any], *, access: str, nonce: str | None
    ) -> str:
        half = urlsafe_b64encode(sha256(access.encode()).digest()[:16]).rstrip(b"=").decode()
        claims = {**self._common(client, login), "typ": "ID", "aud": client.id, "at_hash": half, **person}
        return self._signed(claims | ({"nonce": nonce} if nonce else {}))

    def _refresh(self, client: Client, login: Login, granted: Granted, nonce: str | None) -> str:
        claims = {**self._common(client, login), "typ": "Refresh", "aud": self.issuer, "scope": granted.scope}
        claims["exp"] = int(self._clock()) + 1800
        if nonce:
            claims["nonce"] = nonce
        if granted.aliases and len(granted.aliases) == 1:
            claims["organization"] = granted.aliases[0]
        return jwt.encode({"alg": "HS512"}, claims, self._keys.own, algorithms=["HS512"])

    def _period(self) -> dict[str, Any]:
        now = int(self._clock())
        return {"exp": now + ACCESS_SECONDS, "iat": now, "jti": self._new_id(), "iss": self.issuer}

    def _signed(self, claims: dict[str, Any], kind: str = "JWT") -> str:
        header = {"alg": "RS256", "typ": kind, "kid": self._keys.signing.kid or ""}
        return jwt.encode(header, claims, self._keys.signing, algorithms=["RS256"])


def _one_or_many(audiences: tuple[str, ...]) -> str | list[str]:
    return audiences[0] if len(audiences) == 1 else list(audiences)


def _claim(organisation: Organisation, person: Person) -> dict[str, Any]:
    groups = [f"/{name}" for name in organisation.members.get(person.id, ())]
    # As in Keycloak: someone in no group has no list of them.
    said = {"id": organisation.id, DISPLAY_NAME: [organisation.name]}
    return said | ({"groups": groups} if groups else {})
