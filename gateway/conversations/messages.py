"""A person's questions and answers as they are kept, and how an answer grows."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from auth.database import Database
from auth.identity import TenantId
from gateway import problems
from gateway.conversation_errors import AnswerInterrupted, UnknownMessage
from gateway.conversations.conversation import Message, Person, State, is_id
from gateway.conversations.records import Records
from gateway.conversations.rows import ending_columns, message_of, message_row, text_columns, title_columns
from gateway.conversations.tables import conversations, drafts, messages


class Messages:
    """Built from a person; every statement is bound to them, and no method takes one."""

    def __init__(self, database: Database, person: Person) -> None:
        self._scope = database.of(person.tenant)
        self._records = Records(database, person)
        self._tenant = person.tenant.alias
        self._owner = person.subject

    async def message(self, conversation: str, message: str) -> Message:
        """One message.

        Raises:
            UnknownConversation, UnknownMessage.
        """
        await self._records.conversation(conversation)
        if not is_id(message):
            raise UnknownMessage
        query = select(messages).where(self._is(conversation, message))
        async with self._scope.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise UnknownMessage
        return message_of(row)

    async def add_exchange(
        self, conversation: str, question: Message, answer: Message, *, title: str
    ) -> None:
        """Keep a question and the answer that is begun; the draft is gone, and an unnamed conversation is named.

        Raises:
            UnknownConversation: it was removed in the meantime; nothing is kept.
        """
        unnamed = and_(self._conversation(conversation), conversations.c.title == "")
        async with self._records.changing(conversation) as connection:
            await self._forget_draft(connection, conversation)
            await self._add(connection, conversation, question)
            await self._add(connection, conversation, answer)
            await connection.execute(update(conversations).where(unnamed).values(title_columns(title)))
            await self._touch(connection, conversation, leaf=answer.id, now=answer.created)

    async def add_answer(self, conversation: str, answer: Message) -> None:
        """Keep another answer to a question, begun.

        Raises:
            UnknownConversation: it was removed in the meantime; nothing is kept.
        """
        async with self._records.changing(conversation) as connection:
            await self._add(connection, conversation, answer)
            await self._touch(connection, conversation, leaf=answer.id, now=answer.created)

    async def keep(self, conversation: str, answer: Message) -> bool:
        """Keep an answer as far as it has come; whether it is still there to be written."""
        values = text_columns(answer.text) | ending_columns(answer)
        grown = update(messages).where(self._is(conversation, answer.id)).values(values)
        async with self._scope.writing() as connection:
            return (await connection.execute(grown)).rowcount == 1

    async def end(self, conversation: str, answer: Message, *, now: datetime) -> None:
        """Keep an answer as it ended; nothing is kept of one that was removed."""
        values = text_columns(answer.text) | ending_columns(answer)
        ended = update(messages).where(self._is(conversation, answer.id)).values(values)
        touched = update(conversations).where(self._conversation(conversation)).values(updated=now)
        async with self._scope.writing() as connection:
            await connection.execute(ended)
            await connection.execute(touched)

    async def _add(self, connection: AsyncConnection, conversation: str, message: Message) -> None:
        row = {"tenant": self._tenant, "conversation": conversation} | message_row(message)
        await connection.execute(insert(messages).values(row))

    async def _touch(
        self, connection: AsyncConnection, conversation: str, *, leaf: str, now: datetime
    ) -> None:
        values = {"leaf": leaf, "updated": now}
        await connection.execute(update(conversations).where(self._conversation(conversation)).values(values))

    async def _forget_draft(self, connection: AsyncConnection, conversation: str) -> None:
        """The draft of this conversation; with its first question, the one that was written for a new one too."""
        asked = select(messages.c.id).where(
            messages.c.tenant == self._tenant, messages.c.conversation == conversation
        )
        first = (await connection.execute(asked.limit(1))).one_or_none() is None
        places = [conversation, ""] if first else [conversation]
        mine = and_(drafts.c.tenant == self._tenant, drafts.c.owner == self._owner)
        await connection.execute(delete(drafts).where(mine, drafts.c.conversation.in_(places)))

    def _is(self, conversation: str, message: str) -> ColumnElement[bool]:
        return and_(
            messages.c.tenant == self._tenant,
            messages.c.conversation == conversation,
            messages.c.id == message,
        )

    def _conversation(self, conversation: str) -> ColumnElement[bool]:
        return and_(
            conversations.c.tenant == self._tenant,
            conversations.c.owner == self._owner,
            conversations.c.id == conversation,
        )


async def interrupt_left(database: Database, tenants: Iterable[TenantId]) -> int:
    """Mark the answers that an earlier process left unfinished; how many there were.

    Whoever starts holds the ledger alone, so none of them is being written by anyone else.
    """
    problem = problems.of(AnswerInterrupted())
    count = 0
    for tenant in tenants:
        left = and_(messages.c.tenant == tenant.alias, messages.c.state == State.WRITING)
        async with database.of(tenant).writing() as connection:
            rows = [message_of(row) for row in await connection.execute(select(messages).where(left))]
            for message in rows:
                ended = replace(message, state=State.INTERRUPTED, problem=problem)
                this = and_(left, messages.c.id == message.id)
                await connection.execute(update(messages).where(this).values(ending_columns(ended)))
        count += len(rows)
    return count
