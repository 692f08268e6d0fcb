"""Authority as part of a route's signature: who may come in, and what is recorded before anything is done."""

import re
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Final

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute

from audit.records import EventType, Operation
from auth import policy
from auth.errors import Forbidden, NoTenant
from auth.identity import Caller, Operator, Principal
from auth.policy import Action
from gateway import calls
from gateway.calls import Call
from gateway.errors import OPENAI_PREFIX
from gateway.lab import Lab

# Path parameters go on the record only where they have the shape of our ids: a collection's or document's, a key's,
# a number. What a caller writes in their place may be anything, and the record is kept for years.
_OUR_ID: Final = re.compile(r"[0-9a-f]{24}|[0-9A-Za-z]{8}|[0-9]{1,15}")


def the_lab(request: Request) -> Lab:
    """The objects of this gateway."""
    lab: Lab = request.app.state.lab
    return lab


def the_call(request: Request) -> Call:
    """The request in progress."""
    return calls.of(request.scope)


TheLab = Annotated[Lab, Depends(the_lab)]
TheCall = Annotated[Call, Depends(the_call)]


class Authority:
    """A dependency: the caller may do ``action``, and ``records`` is durable before the route runs.

    ``records=None`` is for routes whose use case writes the records itself (model calls).
    """

    def __init__(self, action: Action, *, records: EventType | None) -> None:
        self.action = action
        self.records = records

    async def __call__(self, request: Request) -> Principal:
        who = await self._admitted(request)
        if not isinstance(who, Principal):
            raise NoTenant
        await self._record(request)
        return who

    async def _admitted(self, request: Request) -> Caller:
        """The caller whom ``Guarded`` has let in, checked against this authority's own action."""
        who = calls.of(request.scope).who or await admit(request, self.action)
        policy.require(who, self.action)
        return who

    async def _record(self, request: Request) -> None:
        if self.records is None:
            return
        call, lab = calls.of(request.scope), the_lab(request)
        call.detail = _ids(request)
        operation = Operation(name=self.action.value, route=call.route)
        await lab.scribe.intend(call, self.records, operation)


class AnyAuthority(Authority):
    """The same for the people of an organisation and for the operator, who belongs to none."""

    async def __call__(self, request: Request) -> Caller:  # type: ignore[override]  # an operator is no principal
        who = await self._admitted(request)
        await self._record(request)
        return who


class OperatorAuthority(AnyAuthority):
    """The same for the operator alone; the record is in the installation's log."""

    async def __call__(self, request: Request) -> Operator:  # type: ignore[override]  # an operator is no principal
        who = await self._admitted(request)
        if not isinstance(who, Operator):
            raise Forbidden(self.action)
        await self._record(request)
        return who


class Guarded(APIRoute):
    """A route whose caller is known, and may come in, before a byte of the body is read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler behind the door."""
        handle = super().get_route_handler()
        needed = [
            each.call.action for each in self.dependant.dependencies if isinstance(each.call, Authority)
        ]

        async def guarded(request: Request) -> Response:
            for action in needed:
                await admit(request, action)
            return await handle(request)

        return guarded


async def admit(request: Request, action: Action) -> Caller:
    """The caller, who may do this; their name is on the call from here on.

    Raises:
        AuthError.
    """
    call, lab = calls.of(request.scope), the_lab(request)
    route = request.scope.get("route")
    call.route = f"{request.method} {getattr(route, 'path', request.url.path)}"
    call.who = await identify(lab, request)
    policy.require(call.who, action)
    return call.who


async def identify(lab: Lab, request: Request) -> Caller:
    """The caller, by the credentials that the path's surface takes."""
    headers = request.scope["headers"]
    if request.scope["path"].startswith(OPENAI_PREFIX):
        return await lab.gate.programme(headers)
    return await lab.gate.person(headers, method=request.method)


def _ids(request: Request) -> dict[str, str | int] | None:
    ids: dict[str, str | int] = {
        name: str(value) for name, value in request.path_params.items() if _OUR_ID.fullmatch(str(value))
    }
    return ids or None


def may(action: Action, *, records: EventType | None) -> Any:  # noqa: ANN401  what Depends returns
    """``who: Annotated[Principal, may(Action.X, records=EventType.Y)]``."""
    return Depends(Authority(action, records=records))


def anyone_may(action: Action) -> Any:  # noqa: ANN401  what Depends returns
    """``who: Annotated[Caller, anyone_may(Action.X)]``: of an organisation or not, and nothing goes on record."""
    return Depends(AnyAuthority(action, records=None))


def operator_may(action: Action, *, records: EventType | None) -> Any:  # noqa: ANN401  what Depends returns
    """``who: Annotated[Operator, operator_may(Action.X, records=EventType.Y)]``."""
    return Depends(OperatorAuthority(action, records=records))
