"""A person's own conversations: listed, searched, taken out, named, deleted."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from audit.records import EventType
from auth.identity import Principal
from auth.policy import Action
from gateway.conversation_errors import UnknownConversation
from gateway.conversations import cursors
from gateway.conversations.desk import Change, Desk
from gateway.deps import Guarded, TheLab, may
from gateway.errors import language_of
from gateway.problems import Language
from gateway.refusals import BadValue
from gateway.wire.conversations import (
    ChangeIn,
    ChoiceIn,
    ConversationOut,
    ConversationsOut,
    DraftOut,
    HitOut,
    HitsOut,
    SearchIn,
    TreeOut,
)

router = APIRouter(prefix="/api/conversations", route_class=Guarded)

Reader = Annotated[Principal, may(Action.CONVERSATION_READ, records=EventType.API_READ)]
Writer = Annotated[Principal, may(Action.CONVERSATION_WRITE, records=EventType.API_CHANGE)]

_TAKEN_OUT: Final = {
    "content-disposition": 'attachment; filename="samtal.json"',
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}


@router.get("")
async def conversations(
    who: Reader, lab: TheLab, cursor: str | None = None, limit: Annotated[int, Query(ge=1, le=100)] = 50
) -> ConversationsOut:
    """The caller's conversations in which something was asked, the one last touched first."""
    found = await lab.conversations.of(who).records.begun(cursors.read(cursor), limit + 1)
    more = str(cursors.Place.of(found[limit - 1])) if len(found) > limit else None
    return ConversationsOut(items=[ConversationOut.of(each) for each in found[:limit]], cursor=more)


@router.post("", status_code=201)
async def begin(body: ChoiceIn, who: Writer, lab: TheLab) -> ConversationOut:
    """A new conversation; it is named by its first question."""
    return ConversationOut.of(await lab.conversations.of(who).begin(body.choice()))


@router.delete("", status_code=204)
async def delete_all(who: Writer, lab: TheLab) -> Response:
    """Everything of the caller's: conversations, messages, drafts; what is being written stops."""
    await lab.conversations.of(who).remove_all()
    return Response(status_code=204)


@router.post("/search")
async def search(body: SearchIn, who: Reader, lab: TheLab) -> HitsOut:
    """The caller's conversations that hold the text, in a title, a question or an answer, whatever its case."""
    if not body.text.strip():
        raise BadValue("text", expected="something to look for")
    place = cursors.read(body.cursor)
    found = await lab.conversations.of(who).search.hits(body.text.strip(), place, body.limit + 1)
    last = found[body.limit - 1].conversation if len(found) > body.limit else None
    more = None if last is None else str(cursors.Place.of(last))
    return HitsOut(items=[HitOut.of(each) for each in found[: body.limit]], cursor=more)


@router.get("/export", response_class=StreamingResponse)
async def export(who: Reader, request: Request, lab: TheLab) -> StreamingResponse:
    """Everything of the caller's as one JSON document: ``exported``, ``drafts``, ``conversations``."""
    pieces = _pieces(lab.conversations.of(who), language_of(request.scope))
    return StreamingResponse(pieces, media_type="application/json", headers=_TAKEN_OUT)


@router.get("/{conversation}")
async def conversation(conversation: str, who: Reader, request: Request, lab: TheLab) -> TreeOut:
    """The conversation with every message of every branch."""
    tree = await lab.conversations.of(who).records.tree(conversation)
    return TreeOut.whole(tree, language_of(request.scope))


@router.patch("/{conversation}")
async def change(conversation: str, body: ChangeIn, who: Writer, lab: TheLab) -> ConversationOut:
    """Another title, leaf or other choices; what is left out stays."""
    wanted = Change(title=body.title, leaf=body.leaf, choice=body.given())
    return ConversationOut.of(await lab.conversations.of(who).change(conversation, wanted))


@router.delete("/{conversation}", status_code=204)
async def delete(conversation: str, who: Writer, lab: TheLab) -> Response:
    """The conversation with everything in it, at once; what is being written in it stops."""
    await lab.conversations.of(who).remove(conversation)
    return Response(status_code=204)


async def _pieces(desk: Desk, language: Language) -> AsyncIterator[bytes]:
    """The document, made of one conversation at a time."""
    drafts = [
        DraftOut.of(each).model_dump(mode="json") | {"conversation": each.conversation or None}
        for each in await desk.drafts.all()
    ]
    head = json.dumps({"exported": datetime.now(UTC).isoformat(), "drafts": drafts}, ensure_ascii=False)
    yield head[:-1].encode() + b', "conversations": ['
    between = b"\n"
    for each in await desk.records.all():
        try:
            tree = await desk.records.tree(each)
        except UnknownConversation:
            continue  # deleted since the list was read
        yield between + TreeOut.whole(tree, language).model_dump_json().encode()
        between = b",\n"
    yield b"]}\n"
