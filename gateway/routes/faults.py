"""A page that broke says so, in three words that can hold nothing of anybody's; its number finds the record."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, StringConstraints

from audit.records import EventType
from gateway import calls
from gateway.deps import TheCall, TheLab, the_lab
from gateway.gate import CSRF_HEADER


class InSession(APIRoute):
    """A route for whoever has a session, whatever their roles; asked for before a byte of the body is read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler behind the question."""
        handle = super().get_route_handler()

        async def held(request: Request) -> Response:
            lab, call = the_lab(request), calls.of(request.scope)
            session = (await lab.gate.browser(request.scope["headers"])).session
            session.check_csrf(request.headers.get(CSRF_HEADER.decode()))
            call.who = session.caller
            lab.page_faults.take(session.caller.subject)
            return await handle(request)

        return held


router = APIRouter(prefix="/api", route_class=InSession)

# A route's pattern ("/dokument/$document"), the hash in a built file's name, an error's class.
Pattern = Annotated[str, StringConstraints(pattern=r"^(/[a-z]*|/\$[a-z]+)+$", max_length=80)]
Build = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$", max_length=16)]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]+$", max_length=40)]


class Fault(BaseModel):
    """Which page broke, in which build, and how."""

    model_config = ConfigDict(extra="forbid")

    route: Pattern
    build: Build
    error: Name


class Noted(BaseModel):
    """The number that finds the record."""

    id: str


@router.post("/faults")
async def report(lab: TheLab, call: TheCall, fault: Fault) -> Noted:
    """Put a broken page on record."""
    detail: dict[str, str | int] = {"page": fault.route, "build": fault.build, "error": fault.error}
    await lab.scribe.note(call, EventType.PAGE_FAILED, detail=detail)
    return Noted(id=call.id)
