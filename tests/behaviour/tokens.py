"""Tokens that a lab's own realm has signed, with claims that it would never write; and some that nobody signed."""

import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from joserfc import jwk, jwt

from tests.behaviour.labs import RunningLab

TIMES = frozenset({"exp", "nbf", "iat"})


@dataclass(frozen=True, slots=True)
class Signer:
    """A key whose public half the realm publishes, and the header that names it."""

    key: jwk.RSAKey
    kid: str

    def changed(self, token: str, change: Mapping[str, object]) -> str:
        """The token with other claims, signed; times are seconds from now."""
        now = int(time.time())
        said = {name: now + value if name in TIMES else value for name, value in change.items()}  # type: ignore[operator]  # a time is an int
        header = {"alg": "RS256", "typ": "JWT", "kid": self.kid}
        return jwt.encode(header, {**claims(token), **said}, self.key)


def claims(token: str) -> dict[str, Any]:
    """What a token says, believed unseen."""
    body = token.split(".")[1]
    found: dict[str, Any] = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return found


def unsigned(token: str, *, algorithm: str) -> str:
    """The same claims under an algorithm that proves nothing."""
    header = urlsafe_b64encode(json.dumps({"alg": algorithm, "typ": "JWT"}).encode()).rstrip(b"=").decode()
    return f"{header}.{token.split('.')[1]}."


def signer_of(lab: RunningLab) -> Signer:
    """A key of the lab's realm: the stand-in's own, or one more that Keycloak is given to publish."""
    return _of_keycloak(lab) if lab.is_full else _of_the_stand_in(lab)


def _of_the_stand_in(lab: RunningLab) -> Signer:
    for file in Path(lab.described.data).glob("identity*"):
        said = json.loads(file.read_text(encoding="utf-8"))
        if "signing" in said:
            key = jwk.RSAKey.import_key(said["signing"])
            return Signer(key, said["signing"]["kid"])
    raise FileNotFoundError("the stand-in's keys")


def _of_keycloak(lab: RunningLab) -> Signer:
    server = lab.described.issuer.removesuffix("/realms/valv")
    password = (lab.plan.keys / "keycloak-bootstrap").read_text(encoding="utf-8")
    form = {"grant_type": "password", "client_id": "admin-cli", "username": "bootstrap", "password": password}
    key = jwk.RSAKey.generate_key(2048)
    config = {"privateKey": [key.as_pem(private=True).decode()], "algorithm": ["RS256"], "active": ["false"]}
    part = {
        "name": "proof",
        "providerId": "rsa",
        "providerType": "org.keycloak.keys.KeyProvider",
        "config": config,
    }
    with httpx.Client(base_url=server, trust_env=False, timeout=30) as http:
        token = http.post("/realms/master/protocol/openid-connect/token", data=form).raise_for_status().json()
        http.headers["authorization"] = f"Bearer {token['access_token']}"
        http.post("/admin/realms/valv/components", json=part).raise_for_status()
        published = http.get("/realms/valv/protocol/openid-connect/certs").raise_for_status().json()["keys"]
    modulus = key.as_dict(private=False)["n"]
    return Signer(key, next(each["kid"] for each in published if each["n"] == modulus))
