"""Authority as part of a route's signature: who may come in, and what is recorded before anything is done."""

from typing import Annotated, Any, Final

from fastapi import Depends, Request

from audit.records import EventType, Operation
from auth import policy
from auth.errors import NoTenant
from auth.identity import Caller, Principal
from auth.policy import Action
from gateway import calls
from gateway.calls import Call
from gateway.errors import OPENAI_PREFIX
from gateway.lab import Lab

# Path parameters go on the record as they are only where they are ids of ours, never a caller's free text.
_ID_LENGTH: Final = 64


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
        who = await admit(request, self.action)
        if not isinstance(who, Principal):
            raise NoTenant
        await self._record(request)
        return who

    async def _record(self, request: Request) -> None:
        if self.records is None:
            return
        call, lab = calls.of(request.scope), the_lab(request)
        call.detail = _ids(request)
        operation = Operation(name=self.action.value, route=call.route)
        await lab.scribe.intend(call, self.records, operation)


class OperatorAuthority(Authority):
    """The same for the operator, who belongs to no organisation."""

    async def __call__(self, request: Request) -> Caller:  # type: ignore[override]  # an operator is no principal
        who = await admit(request, self.action)
        await self._record(request)
        return who


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
        name: str(value)
        for name, value in request.path_params.items()
        if len(str(value)) <= _ID_LENGTH and str(value).isascii()
    }
    return ids or None


def may(action: Action, *, records: EventType | None) -> Any:  # noqa: ANN401  what Depends returns
    """``who: Annotated[Principal, may(Action.X, records=EventType.Y)]``."""
    return Depends(Authority(action, records=records))
