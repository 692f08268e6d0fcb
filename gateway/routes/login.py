"""The browser's way in and out: Keycloak's login page, back with a code, a cookie that says nothing by itself."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from audit.records import EventType
from auth.errors import IdentityProviderDown, LoginRefused
from auth.identity import Caller, NotATenant, Principal, TenantId
from auth.signin import SignedIn
from auth.transaction import Purpose, Transaction
from gateway.calls import Call
from gateway.deps import TheCall, TheLab
from gateway.gate import CSRF_HEADER, read_cookie
from gateway.lab import Lab
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
    """Back from the provider: from a login, or with the names of the person's organisations."""
    headers = request.scope["headers"]
    transaction = read_cookie(headers, TRANSACTION_COOKIE) or ""
    former = lab.gate.cookie(headers)
    holder = None if former is None else await lab.sign_in.holder(former)
    try:
        begun = lab.sign_in.begun(transaction)
        if begun.purpose == Purpose.SURVEY:
            return await _surveyed(request, lab, call, begun)
        arrived = await lab.sign_in.arrive(transaction=transaction, answer=dict(request.query_params))
    except LoginRefused:
        call.who = holder
        raise
    await _record(lab, call, arrived.caller, former=holder)
    return await _opened(lab, await lab.sign_in.open(arrived, former=former))


async def _surveyed(request: Request, lab: Lab, call: Call, begun: Transaction) -> RedirectResponse:
    headers = request.scope["headers"]
    browser = await lab.gate.browser(headers)
    call.who = browser.session.caller
    await lab.sign_in.surveyed(
        browser.name,
        browser.session,
        transaction=read_cookie(headers, TRANSACTION_COOKIE) or "",
        answer=dict(request.query_params),
    )
    answer = RedirectResponse(begun.return_to, status_code=302)
    answer.delete_cookie(TRANSACTION_COOKIE, secure=True, httponly=True)
    return answer


async def _record(lab: Lab, call: Call, caller: Caller, *, former: Caller | None) -> None:
    """The login is on record before its session exists; a change of organisation is in both organisations' logs."""
    changes = (
        isinstance(former, Principal) and isinstance(caller, Principal) and former.tenant != caller.tenant
    )
    detail: dict[str, str | int] | None = {"by": "change_of_organisation"} if changes else None
    if changes:
        call.who = former
        await lab.scribe.note(call, EventType.AUTH_LOGOUT, detail=detail)
    call.who = caller
    await lab.scribe.note(call, EventType.AUTH_LOGIN, detail=detail)


async def _opened(lab: Lab, signed_in: SignedIn) -> RedirectResponse:
    """The session's cookie, on the way past the provider once more: it knows all organisations of a person."""
    onward = None
    if isinstance(signed_in.opened.session.caller, Principal):
        onward = await lab.sign_in.survey(return_to=signed_in.return_to)
    answer = RedirectResponse(onward.url if onward else signed_in.return_to, status_code=302)
    if onward is None:
        answer.delete_cookie(TRANSACTION_COOKIE, secure=True, httponly=True)
    else:
        _set(answer, TRANSACTION_COOKIE, onward.transaction, max_age=_TRANSACTION_SECONDS)
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
