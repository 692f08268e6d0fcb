"""The browser's way in and out: Keycloak's login page, back with a code, a cookie that says nothing by itself."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from audit.records import EventType
from auth.errors import IdentityProviderDown, LoginRefused
from auth.identity import NotATenant, TenantId
from gateway.deps import TheCall, TheLab
from gateway.gate import CSRF_HEADER, read_cookie
from gateway.refusals import BadValue

router = APIRouter(prefix="/auth")

SESSION_COOKIE: Final = "__Host-valv"
TRANSACTION_COOKIE: Final = "__Host-valv-login"
_TRANSACTION_SECONDS: Final = 600


class Left(BaseModel):
    """Where the browser goes to end its login at the identity provider too."""

    redirect: str


@router.get("/login")
async def login(lab: TheLab, return_to: str = "/", organisation: str | None = None) -> RedirectResponse:
    """To the login page, or under a login straight to another organisation."""
    departure = await lab.sign_in.begin(return_to=return_to, tenant=_tenant(organisation))
    answer = RedirectResponse(departure.url, status_code=302)
    _set(answer, TRANSACTION_COOKIE, departure.transaction, max_age=_TRANSACTION_SECONDS)
    return answer


@router.get("/callback")
async def callback(request: Request, lab: TheLab, call: TheCall) -> RedirectResponse:
    """Back from the login page: the login is on record before the session's cookie is handed out."""
    headers = request.scope["headers"]
    former = lab.gate.cookie(headers)
    try:
        signed_in = await lab.sign_in.finish(
            transaction=read_cookie(headers, TRANSACTION_COOKIE) or "",
            answer=dict(request.query_params),
            former=former,
        )
    except LoginRefused:
        call.who = None if former is None else await lab.sign_in.holder(former)
        raise
    call.who = signed_in.opened.session.caller
    await lab.scribe.note(call, EventType.AUTH_LOGIN)
    answer = RedirectResponse(signed_in.return_to, status_code=302)
    answer.delete_cookie(TRANSACTION_COOKIE, secure=True, httponly=True)
    _set(answer, SESSION_COOKIE, signed_in.opened.name)
    return answer


@router.post("/logout")
async def logout(request: Request, response: Response, lab: TheLab, call: TheCall) -> Left:
    """End the session here, and say where to end it at the identity provider."""
    browser = await lab.gate.browser(request.scope["headers"])
    browser.session.check_csrf(request.headers.get(CSRF_HEADER.decode()))
    call.who = browser.session.caller
    await lab.scribe.note(call, EventType.AUTH_LOGOUT)
    home = lab.settings.origin + "/"
    try:
        redirect = await lab.sign_in.leave(browser.name, return_to=home)
    except IdentityProviderDown:
        redirect = home
    response.delete_cookie(SESSION_COOKIE, secure=True, httponly=True)
    response.headers["clear-site-data"] = '"cache", "storage"'
    return Left(redirect=redirect)


@router.post("/backchannel-logout")
async def backchannel_logout(logout_token: Annotated[str, Form()], lab: TheLab, call: TheCall) -> Response:
    """Keycloak says that a login has ended (OpenID Connect Back-Channel Logout 1.0)."""
    ended = await lab.sign_in.ended_elsewhere(logout_token)
    detail: dict[str, str | int] = {"by": "identity_provider", "sessions": ended.sessions}
    await lab.scribe.note(call, EventType.AUTH_LOGOUT, detail=detail)
    await lab.sign_in.end(ended)
    return Response(status_code=200, headers={"cache-control": "no-store"})


def _tenant(alias: str | None) -> TenantId | None:
    if alias is None:
        return None
    try:
        return TenantId(alias)
    except NotATenant:
        raise BadValue("organisation", expected="the alias of an organisation") from None


def _set(answer: Response, name: str, value: str, *, max_age: int | None = None) -> None:
    answer.set_cookie(name, value, max_age=max_age, path="/", secure=True, httponly=True, samesite="lax")
