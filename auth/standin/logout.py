"""The end of a login: by the browser, by a client, by an administrator; every client is told."""

from typing import Final
from urllib.parse import urlencode

import httpx
import structlog

from auth.standin import pages
from auth.standin.authorize import PATH, SSO_COOKIE, ended_cookie
from auth.standin.logins import SignOn
from auth.standin.realm import StandInRealm
from auth.standin.wire import Answer, Request, oauth_error, redirect

log = structlog.get_logger(__name__)

_TIMEOUT: Final = 5.0


class Logout:
    """The end-session endpoint, and the back-channel logout that follows."""

    def __init__(self, realm: StandInRealm, http: httpx.AsyncClient) -> None:
        self._realm = realm
        self._http = http

    async def visit(self, request: Request) -> Answer:
        """A browser that logs out (OpenID Connect RP-Initiated Logout 1.0); without a hint, a question."""
        claims = self._realm.mint.read_old(request.query.get("id_token_hint", ""), typ="ID")
        if claims is None:
            return pages.logout_page(f"{PATH}/protocol/openid-connect/logout", back_to="")
        client = self._realm.clients.get(claims["azp"])
        place = request.query.get("post_logout_redirect_uri", "")
        if place and (client is None or place not in client.logout_uris):
            return pages.told_page("Det gick inte", "Utloggningen kom från en okänd adress.", status=400)
        await self.end(claims["sid"])
        state = {"state": request.query["state"]} if "state" in request.query else {}
        answer = redirect(f"{place}?{urlencode(state)}" if state else place) if place else self._told()
        return answer.and_header("set-cookie", ended_cookie())

    async def submit(self, request: Request) -> Answer:
        """A client that ends a login with its refresh token, or a person who has confirmed."""
        if "refresh_token" in request.form:
            return await self._by_client(request)
        await self.end(request.cookies.get(SSO_COOKIE, ""))
        return self._told().and_header("set-cookie", ended_cookie())

    async def end(self, sid: str) -> None:
        """End the login, and tell the clients that have tokens of it."""
        sign_on = self._realm.sign_ons.end(sid)
        if sign_on is None:
            return
        for name in sign_on.clients:
            await self._tell(name, sign_on)

    async def _by_client(self, request: Request) -> Answer:
        client = self._realm.client_of(request)
        if client is None:
            return oauth_error("unauthorized_client", "Invalid client or Invalid client credentials", 401)
        claims = self._realm.mint.read(request.form["refresh_token"], typ="Refresh")
        if claims is None or claims["azp"] != client.id:
            return oauth_error("invalid_grant", "Invalid refresh token")
        await self.end(claims["sid"])
        return Answer(204)

    async def _tell(self, name: str, sign_on: SignOn) -> None:
        client = self._realm.clients.get(name)
        if client is None or not client.backchannel:
            return
        form = {"logout_token": self._realm.mint.logout_token(client, sign_on.sid, sign_on.person)}
        try:
            answer = await self._http.post(client.backchannel, data=form, timeout=_TIMEOUT)
        except httpx.HTTPError as fault:
            log.warning("logout.untold", client=name, fault=type(fault).__name__)
            return
        log.info("logout.told", client=name, status=answer.status_code)

    @staticmethod
    def _told() -> Answer:
        return pages.told_page("Utloggad", "Du är utloggad.")
