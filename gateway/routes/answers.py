"""A question from the workspace, answered as a stream of named events."""

import json
import time
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from starlette.types import Receive, Scope, Send

from auth.identity import Principal
from auth.policy import Action
from gateway import calls, errors, problems
from gateway.asking import Prepared, Question
from gateway.counting import follow, usage_of
from gateway.deps import Guarded, TheCall, TheLab, may
from gateway.lab import Lab
from gateway.lean import headers
from gateway.lean.exchange import ClientGone, Exchange, Patience
from gateway.wire.annotations import cited
from inference.chat import ChatRequest, Message, texts_of
from inference.errors import InferenceError
from inference.models import Kind

router = APIRouter(prefix="/api", route_class=Guarded)

# The use case writes the call's records itself: intent, then outcome.
Employee = Annotated[Principal, may(Action.CHAT_ASK, records=None)]


class QuestionIn(BaseModel):
    """A question; no model means the default for its language, no collections means all of them."""

    question: str = Field(min_length=1, max_length=32_000)
    model: str | None = None
    collections: list[str] | None = None


class EventStream(Response):
    """An answer whose body is written by a coroutine with the exchange in its hands."""

    media_type = "text/event-stream"

    def __init__(self, write: Callable[[Exchange], Coroutine[Any, Any, None]]) -> None:
        super().__init__()
        self._write = write

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = calls.of(scope)
        exchange = Exchange(scope, receive, send, call, Patience())
        try:
            with exchange.watched():
                await self._write(exchange)
        except ClientGone:
            call.gone = True


@router.post("/answers", response_class=EventStream, status_code=200)
async def answer(body: QuestionIn, who: Employee, lab: TheLab, call: TheCall) -> EventStream:
    """Events: ``start``, ``delta``…, ``citations``, ``done``; or ``error`` with a problem document."""
    call.allowance = lab.limits.take(who)
    question = _question(body, who, lab)

    async def write(exchange: Exchange) -> None:
        prepared = await lab.asking.prepare(call, who, question)
        await _answer(exchange, who, lab, prepared)

    return EventStream(write)


def _question(body: QuestionIn, who: Principal, lab: Lab) -> Question:
    asking = lab.asking
    if body.model is None:
        route = asking.choose(who, body.question)
    else:
        route = asking.route(who, body.model, Kind.CHAT, Kind.EXTRACTIVE)
    request = ChatRequest(messages=(Message("user", body.question),))
    return Question(route, request, tuple(body.collections or ()), stream=True)


async def _answer(exchange: Exchange, who: Principal, lab: Lab, prepared: Prepared) -> None:
    call = exchange.call
    async with lab.asking.answering(call, who, prepared) as deltas:
        call.first_ns = time.monotonic_ns()
        exchange.start_stream(headers.of(call))
        started = {"call": call.id, "model": call.model, "kind": prepared.question.route.kind}
        await exchange.piece(_event("start", started))
        try:
            while some := await deltas.some():
                follow(call, some)
                piece = b"".join([_event("delta", {"text": text}) for text in texts_of(some)])
                if piece:
                    await exchange.piece(piece)
        except InferenceError as broken:
            await _break_off(exchange, lab, broken)
            return
    await _end(exchange, lab, prepared)


async def _end(exchange: Exchange, lab: Lab, prepared: Prepared) -> None:
    call = exchange.call
    sources = _event("citations", {"items": [cited(each) for each in prepared.citations]})
    done = {"finish": call.finish, "usage": usage_of(call), "supported": bool(prepared.supported)}
    await exchange.end_stream(sources + _event("done", done), lab.scribe)


async def _break_off(exchange: Exchange, lab: Lab, broken: InferenceError) -> None:
    problem = errors.told(exchange.call, broken)
    language = errors.language_of(exchange.scope)
    body = problems.render_problem(problem, request_id=exchange.call.id, language=language)
    await exchange.end_stream(b"event: error\ndata: " + body + b"\n\n", lab.scribe)


def _event(name: str, data: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
