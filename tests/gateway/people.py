"""The demonstration's people, their access tokens, and tokens that only a test would make."""

import base64
import json
import time

import httpx
from joserfc import jwk, jwt

from auth.standin.minting import keys_of
from tests.auth.providers import SECRETS, password_of

HERE, THERE = "ekdalen", "norrskog"
ROLES = {
    "employee": "medarbetare",
    "prototyper": "prototypare",
    "security-officer": "granskare",
    "tenant-admin": "administrator",
}
OPERATOR = "drift@valv.example"
IN_TWO = "delad@ekdalen.example"
_FRESH_SECONDS = 200


def username(role, tenant=HERE):
    return f"{ROLES[role]}@{tenant}.example"


class People:
    """Gets tokens as the demonstration's own client does, and remembers them while they are fresh."""

    def __init__(self, issuer, keys_file):
        self._issuer = issuer
        self._keys_file = keys_file
        self._known = {}

    async def token(self, role="employee", tenant=HERE):
        if role == "operator":
            return await self.token_of(OPERATOR, "openid")
        return await self.token_of(username(role, tenant), f"openid organization:{tenant}")

    async def token_of(self, name, scope):
        known = self._known.get((name, scope))
        if known is None or time.monotonic() - known[1] > _FRESH_SECONDS:
            known = self._known[name, scope] = (await self._fetched(name, scope), time.monotonic())
        return known[0]

    async def forged(self, *, role="employee", tenant=HERE, **changes):
        """The person's token with other claims, signed with the provider's own key; None leaves a claim out."""
        return self.signed(claims_of(await self.token(role, tenant)) | changes)

    def signed(self, claims, key=None, **header):
        signing = keys_of(self._keys_file).signing
        said = {name: value for name, value in claims.items() if value is not None}
        head = {"alg": "RS256", "kid": signing.kid, **header}
        return jwt.encode(head, said, key or signing)

    async def _fetched(self, name, scope):
        form = {
            "grant_type": "password",
            "client_id": "valv-demo",
            "client_secret": SECRETS["VALV_DEMO_SECRET"],
            "username": name,
            "password": password_of(name),
            "scope": scope,
        }
        async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
            answer = await http.post(f"{self._issuer}/protocol/openid-connect/token", data=form)
        assert answer.status_code == 200, answer.text
        return answer.json()["access_token"]


def claims_of(token):
    return json.loads(_unpadded(token.split(".")[1]))


def unsigned(claims):
    """A token of the algorithm `none` (RFC 7519 section 6)."""
    parts = [{"alg": "none", "typ": "JWT"}, claims]
    return (
        ".".join([base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts])
        + "."
    )


def somebody_elses_key():
    return jwk.RSAKey.generate_key(2048, auto_kid=True)


def _unpadded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
