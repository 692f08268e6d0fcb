"""The clients of the realm, as the realm's own file describes them."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Client:
    """A confidential client."""

    id: str
    secret: str
    redirect_uris: frozenset[str]
    logout_uris: frozenset[str]
    backchannel: str
    code: bool
    password: bool
    service: bool
    pkce: bool
    scopes: frozenset[str]
    always: tuple[str, ...]
    audiences: tuple[str, ...]
    rights: frozenset[str]

    def proves(self, secret: str) -> bool:
        return hmac.compare_digest(secret.encode(errors="replace"), self.secret.encode())


def clients(realm: Mapping[str, Any]) -> dict[str, Client]:
    """Every client that can ask for tokens, by its id."""
    rights = {
        each["serviceAccountClientId"]: frozenset(each["clientRoles"].get("realm-management", ()))
        for each in realm.get("users", ())
        if "serviceAccountClientId" in each
    }
    scopes = {each["name"]: each for each in realm["clientScopes"]}
    return {
        each["clientId"]: _client(each, rights.get(each["clientId"], frozenset()), scopes)
        for each in realm["clients"]
        if "secret" in each
    }


def _audiences(scope: Mapping[str, Any]) -> tuple[str, ...]:
    mappers = [each["config"] for each in scope.get("protocolMappers", ())]
    return tuple(each["included.client.audience"] for each in mappers if "included.client.audience" in each)


def _shown(scope: Mapping[str, Any]) -> bool:
    return bool(scope["attributes"]["include.in.token.scope"] == "true")


def _client(
    said: Mapping[str, Any], rights: frozenset[str], scopes: Mapping[str, Mapping[str, Any]]
) -> Client:
    attributes = said.get("attributes", {})
    defaults = [scopes[name] for name in said.get("defaultClientScopes", ())]
    return Client(
        id=said["clientId"],
        secret=said["secret"],
        redirect_uris=frozenset(said.get("redirectUris", ())),
        logout_uris=frozenset(attributes.get("post.logout.redirect.uris", "").split("##")) - {""},
        backchannel=attributes.get("backchannel.logout.url", ""),
        code=said.get("standardFlowEnabled") is True,
        password=said.get("directAccessGrantsEnabled") is True,
        service=said.get("serviceAccountsEnabled") is True,
        pkce=attributes.get("pkce.code.challenge.method") == "S256",
        scopes=frozenset(each["name"] for each in defaults) | frozenset(said.get("optionalClientScopes", ())),
        always=tuple(each["name"] for each in defaults if _shown(each)),
        audiences=tuple(audience for each in defaults for audience in _audiences(each)),
        rights=rights,
    )
