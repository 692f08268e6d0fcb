"""Asking in a conversation: the question is taken, the answer is written apart, and followed by whoever reads."""

from typing import Annotated, Final

from fastapi import APIRouter, Header, Request

from audit.records import EventType
from auth.identity import Principal
from auth.policy import Action
from gateway.conversations import events
from gateway.conversations.asker import Asked
from gateway.conversations.conversation import Message, State
from gateway.deps import Guarded, TheCall, TheLab, may
from gateway.errors import language_of
from gateway.lean.exchange import Exchange
from gateway.lean.headers import AI_HEADER
from gateway.routes.answers import EventStream
from gateway.wire.conversations import AgainIn, AskIn, BegunOut, MessageOut

router = APIRouter(prefix="/api/conversations/{conversation}/messages", route_class=Guarded)

# The use case writes the call's records itself: intent, then outcome.
Asking = Annotated[Principal, may(Action.CHAT_ASK, records=None)]
Reader = Annotated[Principal, may(Action.CONVERSATION_READ, records=EventType.API_READ)]
Writer = Annotated[Principal, may(Action.CONVERSATION_WRITE, records=EventType.API_CHANGE)]

_ALSO: Final = [may(Action.CONVERSATION_WRITE, records=None)]


@router.post("", status_code=202, dependencies=_ALSO)
async def ask(conversation: str, body: AskIn, who: Asking, lab: TheLab, call: TheCall) -> BegunOut:
    """Ask; the answer is written from now on, whether anyone follows it or not."""
    call.allowance = lab.limits.take(who)
    asked = Asked(body.text, body.parent, body.given())
    return _begun(conversation, await lab.conversations.of(who).asker.ask(call, conversation, asked))


@router.post("/{question}/answers", status_code=202, dependencies=_ALSO)
async def ask_again(
    conversation: str, question: str, body: AgainIn, who: Asking, lab: TheLab, call: TheCall
) -> BegunOut:
    """Another answer to the same question, beside those that it has."""
    call.allowance = lab.limits.take(who)
    asker = lab.conversations.of(who).asker
    return _begun(conversation, await asker.ask_again(call, conversation, question, body.given()))


@router.get("/{answer}/events", response_class=EventStream, status_code=200)
async def follow(
    conversation: str,
    answer: str,
    who: Reader,
    request: Request,
    lab: TheLab,
    after: str | None = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> EventStream:
    """Events: ``start``, ``delta``…, ``citations``, ``done``; or ``error`` with a problem document.

    Each has an ``id``. ``after``, or the header ``Last-Event-ID``, goes on behind the event of that id.
    """
    place = events.read(after or last_event_id)
    language = language_of(request.scope)
    desk = lab.conversations.of(who)
    found = await desk.answer(conversation, answer)

    async def write(exchange: Exchange) -> None:
        now, at = found, place
        exchange.start_stream([_mark(found)])
        while True:
            piece, at = events.past(now, at, language)
            if now.state is not State.WRITING:
                await exchange.end_stream(piece, lab.scribe)
                return
            await exchange.piece(piece or events.PULSE)
            now = await desk.later(conversation, now)

    return EventStream(write)


@router.post("/{answer}/stop")
async def stop(conversation: str, answer: str, who: Writer, request: Request, lab: TheLab) -> MessageOut:
    """Stop writing; what was written stays. An answer that has ended stays as it is."""
    stopped = await lab.conversations.of(who).stop(conversation, answer)
    return MessageOut.of(stopped, language_of(request.scope))


def _begun(conversation: str, answer: Message) -> BegunOut:
    return BegunOut(
        conversation=conversation,
        question=answer.parent or "",
        answer=answer.id,
        call=answer.call,
        model=answer.model,
        kind=answer.kind,
        forgotten=answer.forgotten,
    )


def _mark(answer: Message) -> tuple[bytes, bytes]:
    """AI Act, article 50: the mark that every answer of a model carries."""
    return AI_HEADER, f"model={answer.model}; call={answer.call}".encode()
