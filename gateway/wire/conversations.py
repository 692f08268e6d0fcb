"""Conversations as the workspace has them on the wire."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from gateway.conversations import events
from gateway.conversations.conversation import Choice, Conversation, Draft, Message, Mode, Role, State, Tree
from gateway.conversations.search import Hit
from gateway.problems import Language
from gateway.wire.annotations import cited

CollectionId = Annotated[str, Field(pattern="^[0-9a-f]{24}$")]


class ChoiceIn(BaseModel):
    """How questions are answered.

    ``model``: null lets the question's language decide. ``collections``: null searches all of the organisation's,
    an empty list none of them. ``mode``: whether a model writes, or quotations are the answer. A field that is
    left out stays as it is.
    """

    model: str | None = Field(default=None, max_length=200)
    collections: list[CollectionId] | None = Field(default=None, max_length=100)
    mode: Mode = Mode.MODEL

    def given(self) -> dict[str, Any]:
        """The fields of ``Choice`` that were sent."""
        sent: dict[str, Any] = {
            name: getattr(self, name) for name in ("model", "mode") if name in self.model_fields_set
        }
        if "collections" in self.model_fields_set:
            chosen = self.collections
            sent["collections"] = None if chosen is None else tuple(dict.fromkeys(chosen))
        return sent

    def choice(self) -> Choice:
        """The choice, with its defaults."""
        return Choice(**self.given())


class ChangeIn(ChoiceIn):
    """What is to be different; ``leaf`` is the message at the end of the branch that is looked at."""

    title: str | None = None
    leaf: str | None = None


class AgainIn(ChoiceIn):
    """Choices for this answer alone, where they are other than the conversation's."""


class AskIn(AgainIn):
    """A question (1 to 32,000 characters); ``parent`` is the answer that it follows, null begins anew."""

    text: str
    parent: str | None = None


class BegunOut(BaseModel):
    """The question is on record and kept; the answer is being written, and can be followed."""

    conversation: str
    question: str
    answer: str
    call: str
    model: str | None
    kind: str | None
    forgotten: int


class CitationOut(BaseModel):
    """Where a claim comes from, or where one may look: pages from 1, the range in code points of the page's text."""

    index: int
    document: str
    name: str
    page: int | None
    start: int
    end: int
    quote: str
    score: float


class UsageOut(BaseModel):
    """Tokens that the engine counted."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class MessageOut(BaseModel):
    """A question or an answer.

    ``citations``: what the answer says it from; where ``supported`` is ``false``, what lies nearest and supports none.
    ``place`` is the id after which the events go on from just this text. ``problem`` is a problem document, where
    the answer failed or was interrupted. ``forgotten``: earlier messages that did not fit and were not sent.
    """

    id: str
    parent: str | None
    role: Role
    text: str
    state: State
    created: datetime
    call: str
    model: str | None
    kind: str | None
    supported: bool | None
    citations: list[CitationOut]
    finish: str | None
    usage: UsageOut
    forgotten: int
    place: str
    problem: dict[str, Any] | None

    @classmethod
    def of(cls, message: Message, language: Language) -> "MessageOut":
        """The message, its problem told in this language."""
        broken = message.state in {State.FAILED, State.INTERRUPTED}
        return cls(
            id=message.id,
            parent=message.parent,
            role=message.role,
            text=message.text,
            state=message.state,
            created=message.created,
            call=message.call,
            model=message.model,
            kind=message.kind,
            supported=message.supported,
            citations=[CitationOut(**cited(each)) for each in message.citations],
            finish=message.finish,
            usage=UsageOut(**events.usage_of(message)),
            forgotten=message.forgotten,
            place=str(events.Place(len(message.text))),
            problem=events.problem_of(message, language) if broken else None,
        )


class ConversationOut(BaseModel):
    """A conversation without its messages; without a title until something is asked in it."""

    id: str
    title: str
    created: datetime
    updated: datetime
    model: str | None
    collections: list[str] | None
    mode: Mode
    leaf: str | None

    @classmethod
    def of(cls, conversation: Conversation) -> "ConversationOut":
        """The conversation as the wire has it."""
        return cls(**_fields(conversation))


class TreeOut(ConversationOut):
    """A conversation with all its messages, oldest first; ``parent`` makes a tree of them."""

    messages: list[MessageOut]

    @classmethod
    def whole(cls, tree: Tree, language: Language) -> "TreeOut":
        """The conversation as the wire has it."""
        messages = [MessageOut.of(each, language) for each in tree.messages]
        return cls(**_fields(tree.conversation), messages=messages)


class ConversationsOut(BaseModel):
    """Conversations in which something was asked, the one last touched first; ``cursor`` leads to the next."""

    items: list[ConversationOut]
    cursor: str | None


class SearchIn(BaseModel):
    """What to look for; in the body and not in the address, which proxies write down."""

    text: str = Field(min_length=1, max_length=200)
    cursor: str | None = None
    limit: int = Field(default=20, ge=1, le=100)


class HitOut(BaseModel):
    """A conversation that holds it; ``message`` is the newest one that does, null if only the title.

    ``snippet[start:end]`` (code points) is what was looked for.
    """

    conversation: ConversationOut
    message: str | None
    role: Role | None
    snippet: str
    start: int
    end: int

    @classmethod
    def of(cls, hit: Hit) -> "HitOut":
        """The hit as the wire has it."""
        return cls(
            conversation=ConversationOut.of(hit.conversation),
            message=hit.message.id if hit.message else None,
            role=hit.message.role if hit.message else None,
            snippet=hit.snippet.text,
            start=hit.snippet.start,
            end=hit.snippet.end,
        )


class HitsOut(BaseModel):
    """Hits, the conversation last touched first; ``cursor`` leads to the next."""

    items: list[HitOut]
    cursor: str | None


class DraftIn(BaseModel):
    """What was typed, at most 40,000 characters."""

    text: str


class DraftOut(BaseModel):
    """What was typed and not sent; empty and without a time where there is nothing."""

    text: str
    updated: datetime | None

    @classmethod
    def of(cls, draft: Draft) -> "DraftOut":
        """The draft as the wire has it."""
        return cls(text=draft.text, updated=draft.updated)


def _fields(conversation: Conversation) -> dict[str, Any]:
    choice = conversation.choice
    return {
        "id": conversation.id,
        "title": conversation.title,
        "created": conversation.created,
        "updated": conversation.updated,
        "model": choice.model,
        "collections": None if choice.collections is None else list(choice.collections),
        "mode": choice.mode,
        "leaf": conversation.leaf,
    }
