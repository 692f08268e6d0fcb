"""The stand-in as an ASGI application: addresses, and what answers there."""

import secrets
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import anyio
import httpx

from auth.standin.admin import Admin
from auth.standin.authorize import PATH, Authorize
from auth.standin.clients import clients
from auth.standin.directory import Directory
from auth.standin.grants import Grants
from auth.standin.logins import SignOns
from auth.standin.logout import Logout
from auth.standin.minting import Mint, keys_of
from auth.standin.passwords import Throttle
from auth.standin.realm import StandInRealm
from auth.standin.wire import Answer, BodyTooLarge, Receive, Request, Scope, Send, json_answer, read, write

_OIDC: Final = f"{PATH}/protocol/openid-connect"
_ADMIN: Final = "/admin/realms/valv/"


class StandIn:
    """One realm of Keycloak, as far as Valv uses it."""

    def __init__(self, realm: StandInRealm, http: httpx.AsyncClient) -> None:
        issuer = realm.mint.issuer
        self._http = http
        self._realm = realm
        self._authorize = Authorize(realm)
        self._grants = Grants(realm, self._authorize)
        self._logout = Logout(realm, http)
        self._admin = Admin(realm, self._logout, root=f"{issuer.removesuffix(PATH)}{_ADMIN.rstrip('/')}")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        try:
            answer = await self._answer(await read(scope, receive))
        except BodyTooLarge:
            answer = Answer(413)
        await write(answer, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._http.aclose()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, request: Request) -> Answer:
        if request.path.startswith(_ADMIN):
            return await self._admin.answer(request, request.path.removeprefix(_ADMIN).split("/"))
        match request.method, request.path:
            case "GET", "/health/ready":
                return json_answer({"status": "UP"})
            case "GET", place if place == f"{PATH}/.well-known/openid-configuration":
                return json_answer(self._discovery())
            case "POST", place if place == f"{PATH}/login-actions/authenticate":
                return await self._authorize.answer(request)
            case method, place if place.startswith(f"{_OIDC}/"):
                return await self._protocol(request, method, place.removeprefix(f"{_OIDC}/"))
        return Answer(404)

    async def _protocol(self, request: Request, method: str, name: str) -> Answer:
        waiting = {
            ("POST", "token"): self._grants.answer,
            ("GET", "logout"): self._logout.visit,
            ("POST", "logout"): self._logout.submit,
        }
        at_once = {
            ("GET", "auth"): self._authorize.begin,
            ("GET", "certs"): self._certs,
            ("GET", "userinfo"): self._userinfo,
            ("POST", "userinfo"): self._userinfo,
        }
        if (method, name) in waiting:
            return await waiting[method, name](request)
        return at_once[method, name](request) if (method, name) in at_once else Answer(404)

    def _certs(self, _request: Request) -> Answer:
        return json_answer(self._realm.mint.published())

    def _userinfo(self, request: Request) -> Answer:
        claims = self._realm.mint.read(request.bearer, typ="Bearer")
        if claims is None or self._realm.sign_ons.find(claims.get("sid", "")) is None:
            return json_answer({"error": "invalid_token"}, 401)
        said = {"sub", "name", "preferred_username", "organization"}
        return json_answer({name: value for name, value in claims.items() if name in said})

    def _discovery(self) -> dict[str, Any]:
        oidc = f"{self._realm.mint.issuer}/protocol/openid-connect"
        return {
            "issuer": self._realm.mint.issuer,
            "authorization_endpoint": f"{oidc}/auth",
            "token_endpoint": f"{oidc}/token",
            "jwks_uri": f"{oidc}/certs",
            "userinfo_endpoint": f"{oidc}/userinfo",
            "end_session_endpoint": f"{oidc}/logout",
            "grant_types_supported": [
                "authorization_code",
                "client_credentials",
                "password",
                "refresh_token",
            ],
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "scopes_supported": sorted({"openid"}.union(*(c.scopes for c in self._realm.clients.values()))),
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
            "authorization_response_iss_parameter_supported": True,
        }


def build(realm: Mapping[str, Any], *, data: Path, issuer: str, clock: Callable[[], float]) -> StandIn:
    """The stand-in for one realm; ``data`` names its files: people, and beside it keys and logins."""
    data.parent.mkdir(parents=True, exist_ok=True)
    shared = StandInRealm(
        clients=clients(realm),
        directory=Directory(data, new_id=_new_id, entropy=secrets.token_bytes),
        sign_ons=SignOns(data.with_suffix(".logins"), clock=clock, new_id=_new_secret),
        mint=Mint(keys_of(data.with_suffix(".keys")), issuer=issuer, clock=clock, new_id=_new_id),
        throttle=Throttle(clock=clock),
        clock=clock,
        new_id=_new_secret,
        slots=anyio.CapacityLimiter(2),
    )
    return StandIn(shared, httpx.AsyncClient())


def _new_id() -> str:
    return str(uuid.uuid4())


def _new_secret() -> str:
    return secrets.token_urlsafe(24)
