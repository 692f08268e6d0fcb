"""Conversations and messages as rows, and back."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Row

from gateway.conversations.conversation import Choice, Conversation, Message, Mode, Role, State
from gateway.conversations.folding import fold
from gateway.problems import Problem
from rag.documents import Citation


def conversation_row(conversation: Conversation) -> dict[str, Any]:
    """All columns but the tenant and the owner."""
    return {
        "id": conversation.id,
        "created": conversation.created,
        "updated": conversation.updated,
        "leaf": conversation.leaf,
        **title_columns(conversation.title),
        **choice_columns(conversation.choice),
    }


def title_columns(title: str) -> dict[str, Any]:
    """The columns of a title."""
    return {"title": title, "folded": fold(title)}


def choice_columns(choice: Choice) -> dict[str, Any]:
    """The columns of what was chosen."""
    chosen = None if choice.collections is None else msgspec.json.encode(choice.collections).decode()
    return {"model": choice.model, "collections": chosen, "mode": choice.mode}


def conversation_of(row: Row[Any]) -> Conversation:
    """The conversation of a row."""
    chosen = None if row.collections is None else msgspec.json.decode(row.collections, type=tuple[str, ...])
    choice = Choice(row.model, chosen, Mode(row.mode))
    return Conversation(row.id, row.title, utc(row.created), utc(row.updated), choice, row.leaf)


def message_row(message: Message) -> dict[str, Any]:
    """All columns but the tenant and the conversation."""
    return {
        "id": message.id,
        "parent": message.parent,
        "role": message.role,
        "created": message.created,
        "call": message.call,
        "forgotten": message.forgotten,
        **text_columns(message.text),
        **ending_columns(message),
    }


def text_columns(text: str) -> dict[str, Any]:
    """The columns of a text."""
    return {"text": text, "folded": fold(text)}


def ending_columns(message: Message) -> dict[str, Any]:
    """The columns that are known when an answer has ended."""
    problem = None if message.problem is None else msgspec.json.encode(message.problem).decode()
    return {
        "state": message.state,
        "model": message.model,
        "kind": message.kind,
        "supported": message.supported,
        "citations": msgspec.json.encode(message.citations).decode(),
        "finish": message.finish,
        "tokens_in": message.tokens_in,
        "tokens_out": message.tokens_out,
        "problem": problem,
    }


def message_of(row: Row[Any]) -> Message:
    """The message of a row."""
    return Message(
        id=row.id,
        parent=row.parent,
        role=Role(row.role),
        text=row.text,
        state=State(row.state),
        created=utc(row.created),
        call=row.call,
        model=row.model,
        kind=row.kind,
        supported=row.supported,
        citations=msgspec.json.decode(row.citations, type=tuple[Citation, ...]),
        finish=row.finish,
        tokens_in=row.tokens_in,
        tokens_out=row.tokens_out,
        forgotten=row.forgotten,
        problem=None if row.problem is None else msgspec.json.decode(row.problem, type=Problem),
    )


def utc(moment: datetime) -> datetime:
    """SQLite gives a moment back without its zone; every one of ours was UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
