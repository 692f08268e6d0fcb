"""The token endpoint: what is shown, and the tokens for it."""

from typing import Any

from auth.standin.authorize import Authorize
from auth.standin.clients import Client
from auth.standin.minting import Login
from auth.standin.realm import StandInRealm
from auth.standin.scopes import Granted, InvalidScope, grant
from auth.standin.wire import Answer, Request, json_answer, oauth_error


class Grants:
    """The four grants that Keycloak and we both know."""

    def __init__(self, realm: StandInRealm, authorize: Authorize) -> None:
        self._realm = realm
        self._authorize = authorize

    async def answer(self, request: Request) -> Answer:
        """The token endpoint (RFC 6749 section 3.2)."""
        client = self._realm.client_of(request)
        if client is None:
            return oauth_error("unauthorized_client", "Invalid client or Invalid client credentials", 401)
        grant_type = request.form.get("grant_type", "")
        if grant_type == "authorization_code":
            return self._code(client, request.form)
        if grant_type == "refresh_token":
            return self._refresh(client, request.form)
        if grant_type == "password":
            return await self._password(client, request.form)
        if grant_type == "client_credentials":
            return self._service(client)
        return oauth_error("unsupported_grant_type", "Unsupported grant_type")

    def _code(self, client: Client, form: dict[str, str]) -> Answer:
        code = self._authorize.redeem(form.get("code", ""), client, form)
        if code is None:
            return oauth_error("invalid_grant", "Code not valid")
        return self._tokens(client, code.login, code.granted, nonce=code.asked.nonce)

    def _refresh(self, client: Client, form: dict[str, str]) -> Answer:
        claims = self._realm.mint.read(form.get("refresh_token", ""), typ="Refresh")
        if claims is None or claims["azp"] != client.id:
            return oauth_error("invalid_grant", "Invalid refresh token")
        sign_on = self._realm.sign_ons.find(claims["sid"])
        login = self._realm.login(sign_on, claims["acr"]) if sign_on else None
        if login is None:
            return oauth_error("invalid_grant", "Session not active")
        try:
            granted = self._again(client, login, claims)
        except InvalidScope:
            # An organisation that the scope named is gone.
            return oauth_error("invalid_grant", "Invalid refresh token")
        return self._tokens(client, login, granted, nonce=claims.get("nonce"))

    async def _password(self, client: Client, form: dict[str, str]) -> Answer:
        if not client.password:
            return oauth_error("unauthorized_client", "Client not allowed for direct access grants")
        try:
            wished = self._realm.wish(client, form.get("scope", ""))
        except InvalidScope as fault:
            return oauth_error("invalid_scope", f"Invalid scopes: {fault}")
        person = await self._realm.person_with(form.get("username", ""), form.get("password", ""))
        if person is None:
            return oauth_error("invalid_grant", "Invalid user credentials")
        login = Login(self._realm.sign_ons.open(person.id).sid, person)
        return self._tokens(client, login, grant(wished, member_of=self._realm.directory.of(person)))

    def _service(self, client: Client) -> Answer:
        if not client.service:
            return oauth_error("unauthorized_client", "Client not enabled to retrieve service account")
        return json_answer(self._realm.mint.service_tokens(client))

    def _again(self, client: Client, login: Login, claims: dict[str, Any]) -> Granted:
        """The same scope for the person as they are now, and the organisation that was chosen."""
        wished = self._realm.wish(client, claims["scope"])
        member_of = self._realm.directory.of(login.person)
        return grant(wished, member_of=member_of, chosen=claims.get("organization", ""))

    def _tokens(self, client: Client, login: Login, granted: Granted, *, nonce: str | None = None) -> Answer:
        sign_on = self._realm.sign_ons.find(login.sid)
        if sign_on is None:
            return oauth_error("invalid_grant", "Session not active")
        self._realm.sign_ons.use(sign_on, client.id)
        organisations = self._realm.organisations()
        mint = self._realm.mint
        return json_answer(mint.tokens(client, login, granted, organisations=organisations, nonce=nonce))
