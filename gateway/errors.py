"""From whatever was raised to what the caller is told: the only place that catches every exception."""

import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException

from auth.errors import LoginRefused, TenancyError, Unauthenticated
from gateway import calls, problems
from gateway.calls import Call
from gateway.problems import Language, Problem
from gateway.recorder import Application, Receive, Rendered, Scope, Send
from gateway.refusals import MalformedBody, NoSuchPath, Refused, WrongMethod

log = structlog.get_logger()

OPENAI_PREFIX: Final = "/v1/"


def told(call: Call, error: Exception) -> Problem:
    """The problem that stands for an error, noted on the call; an unknown one leaves its place in the log."""
    problem = problems.of(error)
    call.problem = problem
    if call.who is None:
        _name(call, error)
    if problem.status == 500:
        log.error("request.broken", call=call.id, error=type(error).__name__, where=_place(error))
    return problem


async def noted(call: Call, work: Awaitable[None]) -> None:
    """Work that no request waits for: whatever it raises is noted on its call, as a caller would be told it."""
    try:
        await work
    except Exception as error:  # noqa: BLE001  the same one place, for work without a request
        told(call, error)


def _name(call: Call, error: Exception) -> None:
    """Note whom a credential names that does not count: there is a record where a caller can be named."""
    if isinstance(error, Unauthenticated):
        call.who = error.named
    elif isinstance(error, (LoginRefused, TenancyError)):
        call.unplaced = error.named


def rendered(scope: Scope, problem: Problem, call: Call) -> Rendered:
    """The body and headers in the dialect of the path."""
    if scope["path"].startswith(OPENAI_PREFIX):
        body = problems.render_openai(problem, request_id=call.id)
        return body, [(b"content-type", b"application/json"), *problem.headers()]
    body = problems.render_problem(problem, request_id=call.id, language=language_of(scope))
    return body, [(b"content-type", b"application/problem+json"), *problem.headers()]


def language_of(scope: MutableMapping[str, Any]) -> Language:
    """Swedish, unless the caller would rather have English (RFC 9110 section 12.5.4, first language only)."""
    for name, value in scope["headers"]:
        if name == b"accept-language":
            return "en" if bytes(value).lower().startswith(b"en") else "sv"
    return "sv"


class Rendering:
    """Wraps an application: whatever it raises becomes a problem in the dialect of the path."""

    def __init__(self, inner: Application) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        try:
            await self._inner(scope, receive, send)
        except Exception as error:  # noqa: BLE001  the one place: whatever it is becomes a problem
            call = calls.of(scope)
            problem = told(call, error) if call.problem is None else call.problem
            if call.started:
                return
            body, headers = rendered(scope, problem, call)
            headers.append((b"content-length", str(len(body)).encode()))
            await send({"type": "http.response.start", "status": problem.status, "headers": headers})
            await send({"type": "http.response.body", "body": body})


def install(app: FastAPI) -> None:
    """Make FastAPI tell errors the same way."""
    handler: Callable[[Request, Exception], Any] = _answer
    for kind in (*problems.TABLE, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, handler)


async def _answer(request: Request, error: Exception) -> Response:
    call = calls.of(request.scope)
    problem = told(call, _ours(request, error))
    body, headers = rendered(request.scope, problem, call)
    return Response(
        body,
        status_code=problem.status,
        headers={name.decode(): value.decode() for name, value in headers},
    )


def _ours(request: Request, error: Exception) -> Exception:
    """The framework's refusals in our words."""
    if isinstance(error, RequestValidationError):
        return _field_at_fault(error)
    if isinstance(error, HTTPException):
        # FastAPI makes a 400 of whatever reading the body raised.
        if isinstance(error.__cause__, Refused):
            return error.__cause__
        if error.status_code == 405:
            return WrongMethod(_methods(request))
        return NoSuchPath() if error.status_code == 404 else MalformedBody()
    return error


def _methods(request: Request) -> set[str]:
    """What the path takes, over all routes that have it (RFC 9110 section 10.2.1)."""
    path = request.scope["path"]
    found: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        if route.path_regex.match(path):
            found |= route.methods or set()
    return found - {"HEAD"}


def _field_at_fault(error: RequestValidationError) -> Refused:
    places = [".".join(str(part) for part in fault["loc"][1:]) for fault in error.errors()]
    named = [place for place in places if place]
    return MalformedBody(param=named[0][:64] if named else None)


def _place(error: Exception) -> str:
    """The innermost line that raised it: a place in the code, never the text of the error."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "unknown"
