"""What was typed and not sent: a draft a conversation, and one for the conversation that has not begun."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Response

from audit.records import EventType
from auth.identity import Principal
from auth.policy import Action
from gateway.conversations.conversation import Draft
from gateway.conversations.drafts import NEW
from gateway.deps import Guarded, TheLab, may
from gateway.lab import Lab
from gateway.wire.conversations import DraftIn, DraftOut

router = APIRouter(prefix="/api/conversations", route_class=Guarded)

Reader = Annotated[Principal, may(Action.CONVERSATION_READ, records=EventType.API_READ)]
Writer = Annotated[Principal, may(Action.CONVERSATION_WRITE, records=EventType.API_CHANGE)]


@router.get("/draft")
async def new_draft(who: Reader, lab: TheLab) -> DraftOut:
    """The draft for a new conversation."""
    return DraftOut.of(await lab.conversations.of(who).drafts.draft(NEW))


@router.put("/draft")
async def keep_new_draft(body: DraftIn, who: Writer, lab: TheLab) -> DraftOut:
    """Keep the draft for a new conversation; it is gone when the first question of one is sent."""
    return await _keep(who, lab, NEW, body.text)


@router.delete("/draft", status_code=204)
async def delete_new_draft(who: Writer, lab: TheLab) -> Response:
    """Forget the draft for a new conversation."""
    await lab.conversations.of(who).drafts.forget(NEW)
    return Response(status_code=204)


@router.get("/{conversation}/draft")
async def draft(conversation: str, who: Reader, lab: TheLab) -> DraftOut:
    """The draft of a conversation."""
    return DraftOut.of(await lab.conversations.of(who).drafts.draft(conversation))


@router.put("/{conversation}/draft")
async def keep_draft(conversation: str, body: DraftIn, who: Writer, lab: TheLab) -> DraftOut:
    """Keep the draft of a conversation; it is gone when a question is sent in it."""
    return await _keep(who, lab, conversation, body.text)


@router.delete("/{conversation}/draft", status_code=204)
async def delete_draft(conversation: str, who: Writer, lab: TheLab) -> Response:
    """Forget the draft of a conversation."""
    await lab.conversations.of(who).drafts.forget(conversation)
    return Response(status_code=204)


async def _keep(who: Principal, lab: Lab, conversation: str, text: str) -> DraftOut:
    draft = Draft(conversation, text, datetime.now(UTC))
    return DraftOut.of(await lab.conversations.of(who).drafts.keep(draft))
