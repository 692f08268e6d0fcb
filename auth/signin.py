"""The life of a browser's login: out to Keycloak, back, kept fresh, ended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from weakref import WeakValueDictionary

import anyio

from auth.errors import (
    IdentityProviderDown,
    IdentityProviderRefused,
    LoginFault,
    LoginRefused,
    Reason,
    TenancyError,
    Unauthenticated,
)
from auth.identity import Caller, Method, Principal, TenantId
from auth.oidc import Departure, LogoutNotice, Provider
from auth.sessions import OpenedSession, Session, Sessions, Tokens
from auth.tokens import AccessTokens
from auth.transaction import Transaction

REFRESH_SECONDS: Final = 30
_FORGERIES: Final = frozenset({LoginFault.STATE_MISMATCH, LoginFault.WRONG_ID_TOKEN})


@dataclass(frozen=True, slots=True)
class Arrived:
    """Someone who has shown who they are, and has no session yet."""

    caller: Caller
    tokens: Tokens
    return_to: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser that has just logged in: its new session, and the local path to show."""

    opened: OpenedSession
    return_to: str


@dataclass(frozen=True, slots=True)
class EndedElsewhere:
    """A login that has ended at Keycloak, and how many of its sessions are open here."""

    notice: LogoutNotice
    sessions: int


class SignIn:
    """What the login routes do, without HTTP."""

    def __init__(
        self,
        *,
        provider: Provider,
        tokens: AccessTokens,
        sessions: Sessions,
        clock: Callable[[], float],
    ) -> None:
        self._provider = provider
        self._tokens = tokens
        self._sessions = sessions
        self._clock = clock
        self._turns: WeakValueDictionary[str, anyio.Lock] = WeakValueDictionary()

    async def begin(self, *, return_to: str = "/", tenant: TenantId | None = None) -> Departure:
        """The way to the login page, or, under a login, to another organisation.

        Raises:
            IdentityProviderDown.
        """
        return await self._provider.begin(return_to=return_to, tenant=tenant)

    def begun(self, transaction: str) -> Transaction:
        """What a browser that comes back had set out for.

        Raises:
            LoginRefused: nothing that we know of.
        """
        return self._provider.begun(transaction)

    async def arrive(self, *, transaction: str, answer: Mapping[str, str]) -> Arrived:
        """Who the browser that came back stands for; nothing is opened or ended yet, so that it can be recorded first.

        Raises:
            LoginRefused: the way back can't be trusted.
            TenancyError: the person stands for no organisation, or for several.
            Unauthenticated: the access token is not for us.
            IdentityProviderDown.
        """
        arrival = await self._provider.finish(transaction=transaction, answer=answer)
        caller = await self._tokens.verify(arrival.tokens.access, method=Method.SESSION)
        # OpenID Connect Core 1.0 section 5.3.4: both tokens must be about the same person.
        if caller.subject != arrival.subject:
            raise Unauthenticated(Reason.MALFORMED)
        return Arrived(caller, arrival.tokens, arrival.return_to)

    async def open(self, arrived: Arrived, *, former: str | None = None) -> SignedIn:
        """A session for who has arrived; the browser's ``former`` one ends."""
        opened = await self._sessions.open(arrived.caller, arrived.tokens, former=former)
        return SignedIn(opened, arrived.return_to)

    async def survey(self, *, return_to: str) -> Departure | None:
        """The way on to the provider, which names all organisations of who is logged in; ``None`` if it is away."""
        try:
            return await self._provider.survey(return_to=return_to)
        except IdentityProviderDown:
            return None

    async def surveyed(
        self, name: str, session: Session, *, transaction: str, answer: Mapping[str, str]
    ) -> None:
        """Take in which organisations the provider names; if it names none, the session stays as it is.

        Raises:
            LoginRefused: the answer is not the one to this browser's question.
            Unauthenticated: it is about somebody else.
        """
        try:
            arrival = await self._provider.finish(transaction=transaction, answer=answer)
        except IdentityProviderDown:
            return
        except LoginRefused as refused:
            if refused.reason in _FORGERIES:
                raise
            return
        if arrival.subject != session.caller.subject:
            raise Unauthenticated(Reason.MALFORMED)
        await self._sessions.know(name, session, arrival.organisations)

    async def current(self, name: str) -> Session:
        """The live session of this name; its roles are those of the last change made here, and at most 5 minutes old.

        Raises:
            Unauthenticated: ended or expired, here or at Keycloak.
            TenancyError: the person has left the organisation.
            IdentityProviderDown: the token has run out, and Keycloak can't renew it.
        """
        session = await self._sessions.find(name)
        if not self._stale(session):
            return session
        turn = self._turns.setdefault(name, anyio.Lock())
        async with turn:
            # Another request of the same browser may have renewed it meanwhile.
            session = await self._sessions.find(name)
            return await self._renewed(name, session) if self._stale(session) else session

    async def holder(self, name: str) -> Caller | None:
        """Whose live session this is, if it is one; it is not renewed."""
        try:
            return (await self._sessions.find(name)).caller
        except Unauthenticated:
            return None

    async def roles_changed(self, tenant: TenantId, subject: str) -> None:
        """The person's sessions in this organisation get their new roles with their next request."""
        await self._sessions.outdate(tenant, subject)
        self._tokens.forget(subject=subject)

    async def leave(self, name: str, *, return_to: str) -> str:
        """End the session; the address where the browser ends its login at Keycloak too.

        Raises:
            Unauthenticated: there is no such session.
            IdentityProviderDown: the session is ended all the same.
        """
        session = await self._sessions.find(name)
        await self._sessions.close(name)
        self._tokens.forget(subject=session.caller.subject)
        return await self._provider.logout_url(session.tokens, return_to=return_to)

    async def ended_elsewhere(self, logout_token: str) -> EndedElsewhere:
        """Whom a back-channel logout is about; ends nothing yet, so that it can be put on record first.

        Raises:
            Unauthenticated: the token is no logout token of Keycloak's for us.
            IdentityProviderDown.
        """
        notice = await self._provider.logout_notice(logout_token)
        return EndedElsewhere(notice, await self._sessions.count(sid=notice.sid, subject=notice.subject))

    async def end(self, ended: EndedElsewhere) -> int:
        """End the sessions that it names; says how many."""
        return await self._sessions.close_all(sid=ended.notice.sid, subject=ended.notice.subject)

    def _stale(self, session: Session) -> bool:
        return session.outdated > 0 or self._clock() >= session.tokens.expires - REFRESH_SECONDS

    async def _renewed(self, name: str, session: Session) -> Session:
        try:
            tokens = await self._provider.refresh(session.tokens)
        except IdentityProviderRefused as fault:
            await self._sessions.close(name)
            raise Unauthenticated(Reason.ENDED) from fault
        try:
            caller = await self._tokens.verify(tokens.access, method=Method.SESSION)
        except (Unauthenticated, TenancyError):
            await self._sessions.close(name)
            raise
        # Keycloak keeps one note of the chosen organisation for all browsers' sessions under a login: after a
        # switch in one, the tokens of another are renewed for the wrong organisation.
        if _tenant(caller) != _tenant(session.caller):
            await self._sessions.close(name)
            raise Unauthenticated(Reason.ENDED)
        return await self._sessions.renew(name, session, caller=caller, tokens=tokens)


def _tenant(caller: Caller) -> TenantId | None:
    return caller.tenant if isinstance(caller, Principal) else None
