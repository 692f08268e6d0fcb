"""The browser's way through a login: request, form, choice of organisation, code."""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final
from urllib.parse import urlencode

from auth.standin import pages
from auth.standin.clients import Client
from auth.standin.logins import SignOn
from auth.standin.minting import Login
from auth.standin.realm import StandInRealm
from auth.standin.scopes import Granted, InvalidScope, Wish, grant
from auth.standin.wire import Answer, Request, redirect

PATH: Final = "/realms/valv"
SSO_COOKIE: Final = "KEYCLOAK_IDENTITY"
_TAB_COOKIE: Final = "AUTH_SESSION_ID"
_TAB_SECONDS: Final = 1800
_CODE_SECONDS: Final = 60
_LIMIT: Final = 1000
_FAILED: Final = "Fel e-postadress eller lösenord, eller för många försök. Vänta i så fall en minut."


@dataclass(frozen=True, slots=True)
class Asked:
    """An authorisation request that can be answered."""

    client: Client
    redirect_uri: str
    state: str
    nonce: str
    challenge: str
    wished: Wish
    prompt: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A browser that is on its way; ``login`` is there when only the organisation is left to choose."""

    browser: str
    asked: Asked
    begun: float
    login: Login | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """What a code will be exchanged for."""

    asked: Asked
    login: Login
    granted: Granted
    given: float


class Authorize:
    """The authorisation endpoint and the forms behind it."""

    def __init__(self, realm: StandInRealm) -> None:
        self._realm = realm
        self._tabs: dict[str, Tab] = {}
        self._codes: dict[str, Code] = {}

    def begin(self, request: Request) -> Answer:
        """The login form; or, under a login that lasts, straight on."""
        asked = self._asked(request)
        if isinstance(asked, Answer):
            return asked
        sign_on = self._sign_on(request)
        login = self._realm.login(sign_on, "0") if sign_on and asked.prompt != "login" else None
        if login is None and asked.prompt == "none":
            return self._back(asked, {"error": "login_required"})
        tab = Tab(self._realm.new_id(), asked, self._realm.clock(), login)
        if login is None:
            return self._form(self._keep(tab), tab)
        return self._proceed(tab, login)

    async def answer(self, request: Request) -> Answer:
        """A form that was filled in."""
        name = request.query.get("tab", "")
        tab = self._tabs.get(name)
        if tab is None or not self._mine(tab, request):
            return pages.told_page(
                "Inloggningen har gått ut", "Gå tillbaka till Valv och börja om.", status=400
            )
        if tab.login is not None:
            return self._chosen(name, tab, tab.login, request.form.get("kc.org", ""))
        username = request.form.get("username", "")
        person = await self._realm.person_with(username, request.form.get("password", ""))
        if person is None:
            return self._form(name, tab, username=username, failed=_FAILED)
        self._tabs.pop(name, None)
        login = Login(self._realm.sign_ons.open(person.id).sid, person)
        return self._proceed(tab, login).and_header("set-cookie", _cookie(SSO_COOKIE, login.sid))

    def redeem(self, code: str, client: Client, form: dict[str, str]) -> Code | None:
        """What the code stands for, once, within a minute, for those that it was given to."""
        found = self._codes.pop(code, None)
        if found is None or self._realm.clock() - found.given > _CODE_SECONDS:
            return None
        if found.asked.client.id != client.id or found.asked.redirect_uri != form.get("redirect_uri"):
            return None
        return found if _proves(found.asked.challenge, form.get("code_verifier", "")) else None

    def _asked(self, request: Request) -> Asked | Answer:
        said = request.query
        client = self._realm.clients.get(said.get("client_id", ""))
        place = said.get("redirect_uri", "")
        # Nobody is sent to an address that is not the client's (RFC 6749 section 4.1.2.1).
        if client is None or not client.code or place not in client.redirect_uris:
            return pages.told_page("Det gick inte", "Inloggningen kom från en okänd adress.", status=400)
        asked = Asked(
            client,
            place,
            said.get("state", ""),
            said.get("nonce", ""),
            said.get("code_challenge", ""),
            Wish((), None),
            said.get("prompt", ""),
        )
        if said.get("response_type") != "code":
            return self._back(asked, {"error": "unsupported_response_type"})
        if client.pkce and not (asked.challenge and said.get("code_challenge_method") == "S256"):
            return self._back(asked, {"error": "invalid_request"})
        try:
            return replace(asked, wished=self._realm.wish(client, said.get("scope", "")))
        except InvalidScope:
            return self._back(asked, {"error": "invalid_scope"})

    def _sign_on(self, request: Request) -> SignOn | None:
        return self._realm.sign_ons.find(request.cookies.get(SSO_COOKIE, ""))

    def _mine(self, tab: Tab, request: Request) -> bool:
        """Whether the form comes back from the browser that it was shown to."""
        if self._realm.clock() - tab.begun > _TAB_SECONDS:
            return False
        return hmac.compare_digest(request.cookies.get(_TAB_COOKIE, "").encode(), tab.browser.encode())

    def _keep(self, tab: Tab) -> str:
        name = self._realm.new_id()
        self._tabs[name] = tab
        if len(self._tabs) > _LIMIT:
            del self._tabs[next(iter(self._tabs))]
        return name

    def _proceed(self, tab: Tab, login: Login) -> Answer:
        member_of = self._realm.directory.of(login.person)
        if not tab.asked.wished.may_choose or len(member_of) < 2:
            return self._code(tab.asked, login, "")
        if tab.asked.prompt == "none":
            return self._back(tab.asked, {"error": "interaction_required"})
        return self._choice(self._keep(replace(tab, login=login)), tab, login)

    def _chosen(self, name: str, tab: Tab, login: Login, alias: str) -> Answer:
        if alias not in self._realm.directory.of(login.person):
            return self._choice(name, tab, login)
        self._tabs.pop(name, None)
        return self._code(tab.asked, login, alias)

    def _code(self, asked: Asked, login: Login, alias: str) -> Answer:
        granted = grant(asked.wished, member_of=self._realm.directory.of(login.person), chosen=alias)
        code = self._realm.new_id()
        self._codes[code] = Code(asked, login, granted, self._realm.clock())
        if len(self._codes) > _LIMIT:
            del self._codes[next(iter(self._codes))]
        return self._back(asked, {"session_state": login.sid, "code": code})

    def _back(self, asked: Asked, said: dict[str, str]) -> Answer:
        # RFC 9207: every answer names its issuer.
        query = urlencode({"state": asked.state, **said, "iss": self._realm.mint.issuer})
        return redirect(f"{asked.redirect_uri}?{query}")

    def _form(self, name: str, tab: Tab, *, username: str = "", failed: str = "") -> Answer:
        page = pages.login_page(
            _action(name), back_to=tab.asked.redirect_uri, username=username, failed=failed
        )
        return page.and_header("set-cookie", _cookie(_TAB_COOKIE, tab.browser))

    def _choice(self, name: str, tab: Tab, login: Login) -> Answer:
        organisations = self._realm.directory.of(login.person).values()
        page = pages.choice_page(_action(name), organisations, back_to=tab.asked.redirect_uri)
        return page.and_header("set-cookie", _cookie(_TAB_COOKIE, tab.browser))


def _action(tab: str) -> str:
    return f"{PATH}/login-actions/authenticate?tab={tab}"


def _cookie(name: str, value: str) -> str:
    # Not Secure: the stand-in serves loopback alone, over plain HTTP.
    return f"{name}={value}; Path={PATH}/; HttpOnly; SameSite=Lax"


def ended_cookie() -> str:
    """Takes the single sign-on cookie back."""
    return f"{SSO_COOKIE}=; Path={PATH}/; HttpOnly; SameSite=Lax; Max-Age=0"


def _proves(challenge: str, verifier: str) -> bool:
    """RFC 7636 section 4.6, method S256."""
    if not challenge:
        return not verifier
    made = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return hmac.compare_digest(made, challenge)
