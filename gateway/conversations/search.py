"""Looking for words in a person's conversations: titles, questions, answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from auth.database import Database
from gateway.conversations.conversation import Conversation, Message, Person, cleaned
from gateway.conversations.cursors import Place
from gateway.conversations.folding import Snippet, fold, snippet
from gateway.conversations.records import newest_first
from gateway.conversations.rows import conversation_of, message_of
from gateway.conversations.tables import conversations, messages


@dataclass(frozen=True, slots=True)
class Hit:
    """A conversation that holds what was looked for; the newest message that does, ``None`` if only the title."""

    conversation: Conversation
    message: Message | None
    snippet: Snippet


class Search:
    """Built from a person; every statement is bound to them, and no method takes one."""

    def __init__(self, database: Database, person: Person) -> None:
        self._scope = database.of(person.tenant)
        self._tenant = person.tenant.alias
        self._owner = person.subject

    async def hits(self, wanted: str, before: Place | None, limit: int) -> list[Hit]:
        """The conversations that hold the text, whatever its case, the one last touched first."""
        folded = fold(cleaned(wanted))
        async with self._scope.reading() as connection:
            rows = await connection.execute(newest_first(self._holding(folded), before).limit(limit))
            found = [conversation_of(row) for row in rows]
            standing = await connection.execute(self._newest(folded, [each.id for each in found]))
            by_conversation = {row.conversation: message_of(row) for row in standing}
        return [_hit(each, by_conversation.get(each.id), folded) for each in found]

    def _holding(self, folded: str) -> Select[Any]:
        spoken = select(messages.c.id).where(
            messages.c.tenant == self._tenant,
            messages.c.conversation == conversations.c.id,
            _holds(messages.c.folded, folded),
        )
        return select(conversations).where(
            conversations.c.tenant == self._tenant,
            conversations.c.owner == self._owner,
            or_(_holds(conversations.c.folded, folded), spoken.exists()),
        )

    def _newest(self, folded: str, ids: Sequence[str]) -> Select[Any]:
        order = func.row_number().over(
            partition_by=messages.c.conversation, order_by=(messages.c.created.desc(), messages.c.id.desc())
        )
        holding = and_(
            messages.c.tenant == self._tenant,
            messages.c.conversation.in_(ids),
            _holds(messages.c.folded, folded),
        )
        ranked = select(messages, order.label("place")).where(holding).subquery()
        return select(ranked).where(ranked.c.place == 1)


def _holds(column: ColumnElement[str], folded: str) -> ColumnElement[bool]:
    return column.contains(folded, autoescape=True)


def _hit(conversation: Conversation, message: Message | None, folded: str) -> Hit:
    text = conversation.title if message is None else message.text
    return Hit(conversation, message, snippet(text, folded))
