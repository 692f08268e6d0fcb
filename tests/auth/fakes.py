"""An issuer of tokens, a clock and some state that the tests of this room share."""

import itertools
from contextlib import asynccontextmanager

import httpx
from joserfc import jwk, jwt

from auth.database import Database
from auth.identity import Method, Principal, Role, TenantId
from auth.signing import SigningKeys
from auth.tables import METADATA

ISSUER = "http://127.0.0.1:1/realms/valv"
AUDIENCE = "valv-api"
NOON = 1_800_000_000.0

EKDALEN = TenantId("ekdalen")
NORRSKOG = TenantId("norrskog")
EKDALEN_ID = "a140a3f5-0000-4000-8000-000000000001"


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, now: float = NOON) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def on(self, seconds: float) -> None:
        self.now += seconds


class Entropy:
    """Bytes that are never the same twice, and always the same from test to test."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def __call__(self, length: int) -> bytes:
        return next(self._count).to_bytes(length, "big")


class Issuer:
    """Signs tokens as Keycloak does, and serves its keys; can fail, and counts what it is asked."""

    def __init__(self) -> None:
        self.keys = {
            "RS256": jwk.RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig", "alg": "RS256"}),
            "PS256": jwk.RSAKey.generate_key(2048, {"kid": "pss", "use": "sig"}),
            "ES256": jwk.ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"}),
            "EdDSA": jwk.OKPKey.generate_key("Ed25519", {"kid": "ed", "use": "sig"}),
        }
        self._encryption = jwk.RSAKey.generate_key(2048, {"kid": "enc", "use": "enc"})
        self.down = False
        self.asked = 0

    def claims(self, clock, **changes):
        said = {
            "iss": ISSUER,
            "aud": [AUDIENCE, "account"],
            "sub": "person-1",
            "azp": "valv-gateway",
            "typ": "Bearer",
            "sid": "login-1",
            "acr": "1",
            "exp": int(clock()) + 300,
            "iat": int(clock()),
            "name": "Medarbetare, Ekdalen",
            "organization": {"ekdalen": {"id": EKDALEN_ID, "groups": ["/employee"]}},
            **changes,
        }
        return {name: value for name, value in said.items() if value is not None}

    def sign(self, claims, *, algorithm="RS256", **header):
        key = self.keys[algorithm]
        if algorithm == "EdDSA":
            # joserfc signs under the newer name (RFC 9864), which we do not take; the bytes are the same.
            return _signed_as_eddsa(key, claims, header)
        said = {"alg": algorithm, "kid": key.kid, **header}
        return jwt.encode(said, claims, key, algorithms=[algorithm])

    def document(self):
        keys = [*self.keys.values(), self._encryption]
        return {"keys": [key.as_dict(private=False) for key in keys]}

    def answer(self, _request):
        self.asked += 1
        if self.down:
            raise httpx.ConnectError("down")
        return httpx.Response(200, json=self.document())

    def signing_keys(self, clock):
        http = httpx.AsyncClient(transport=httpx.MockTransport(self.answer))
        return SigningKeys(http=http, url=f"{ISSUER}/protocol/openid-connect/certs", clock=clock)


def _signed_as_eddsa(key, claims, header):
    import json
    from base64 import urlsafe_b64encode

    def text(said):
        return urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=")

    signed = text({"alg": "EdDSA", "kid": key.kid, **header}) + b"." + text(claims)
    return (signed + b"." + urlsafe_b64encode(key.private_key.sign(signed)).rstrip(b"=")).decode()


@asynccontextmanager
async def database(folder):
    """An empty database with this room's tables."""
    made = Database(f"sqlite:///{folder / 'valv.db'}")
    async with made.engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    try:
        yield made
    finally:
        await made.close()


def prototyper(*roles, tenant=EKDALEN, method=Method.SESSION):
    return Principal("person-1", tenant, frozenset(roles or {Role.PROTOTYPER}), method, ISSUER)
