"""A person's conversations as they are kept, and what is done with each as a whole."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from auth.database import Database
from gateway.conversation_errors import UnknownConversation, UnknownMessage
from gateway.conversations.conversation import Conversation, Person, Tree, is_id
from gateway.conversations.cursors import Place
from gateway.conversations.rows import conversation_of, conversation_row, message_of
from gateway.conversations.tables import conversations, drafts, messages

# A question and its answer begin at the same moment.
_ASKED_FIRST: Final = (messages.c.created, messages.c.role.desc(), messages.c.id)


class Records:
    """Built from a person; every statement is bound to them, and no method takes one."""

    def __init__(self, database: Database, person: Person) -> None:
        self._scope = database.of(person.tenant)
        self._tenant = person.tenant.alias
        self._owner = person.subject

    async def add(self, conversation: Conversation) -> None:
        row = {"tenant": self._tenant, "owner": self._owner} | conversation_row(conversation)
        async with self._scope.writing() as connection:
            await connection.execute(insert(conversations).values(row))

    async def begun(self, before: Place | None, limit: int) -> list[Conversation]:
        """Those in which something was asked, the one last touched first, from ``before`` on."""
        query = select(conversations).where(self._mine(), conversations.c.leaf.is_not(None))
        async with self._scope.reading() as connection:
            rows = await connection.execute(newest_first(query, before).limit(limit))
            return [conversation_of(row) for row in rows]

    async def all(self) -> list[str]:
        """The ids of all of them, oldest first."""
        query = select(conversations.c.id).where(self._mine())
        async with self._scope.reading() as connection:
            rows = await connection.execute(query.order_by(conversations.c.created, conversations.c.id))
            return [row.id for row in rows]

    async def conversation(self, conversation: str) -> Conversation:
        """One conversation.

        Raises:
            UnknownConversation: this person has no such one.
        """
        async with self._scope.reading() as connection:
            return await self._one(connection, conversation)

    async def tree(self, conversation: str) -> Tree:
        """A conversation with all its messages, oldest first.

        Raises:
            UnknownConversation: this person has no such one.
        """
        query = select(messages).where(
            messages.c.tenant == self._tenant, messages.c.conversation == conversation
        )
        async with self._scope.reading() as connection:
            found = await self._one(connection, conversation)
            rows = await connection.execute(query.order_by(*_ASKED_FIRST))
            return Tree(found, tuple(message_of(row) for row in rows))

    async def change(self, conversation: str, values: Mapping[str, Any]) -> Conversation:
        """Give columns new values; the conversation as it is then.

        Raises:
            UnknownConversation: this person has no such one.
            UnknownMessage: the ``leaf`` is none of its messages.
        """
        leaf = values.get("leaf")
        if leaf is not None and not is_id(leaf):
            raise UnknownMessage
        async with self.changing(conversation) as connection:
            if leaf is not None and not await self._has(connection, conversation, leaf):
                raise UnknownMessage
            if values:
                await connection.execute(update(conversations).where(self._is(conversation)).values(values))
            return await self._one(connection, conversation)

    async def remove(self, conversation: str) -> None:
        """Remove a conversation with its messages and its draft, at once.

        Raises:
            UnknownConversation: this person has no such one.
        """
        kept = and_(
            drafts.c.tenant == self._tenant,
            drafts.c.owner == self._owner,
            drafts.c.conversation == conversation,
        )
        async with self.changing(conversation) as connection:
            await connection.execute(delete(drafts).where(kept))
            await connection.execute(delete(conversations).where(self._is(conversation)))

    async def remove_all(self) -> None:
        """Remove everything of this person's: conversations, messages, drafts, at once."""
        kept = and_(drafts.c.tenant == self._tenant, drafts.c.owner == self._owner)
        async with self._scope.writing() as connection:
            await connection.execute(delete(conversations).where(self._mine()))
            await connection.execute(delete(drafts).where(kept))

    @asynccontextmanager
    async def changing(self, conversation: str) -> AsyncIterator[AsyncConnection]:
        """A transaction in which nobody else changes or removes this conversation.

        Raises:
            UnknownConversation: this person has no such one.
        """
        if not is_id(conversation):
            raise UnknownConversation
        async with self._scope.writing() as connection:
            held = select(conversations.c.id).where(self._is(conversation)).with_for_update()
            if (await connection.execute(held)).one_or_none() is None:
                raise UnknownConversation
            yield connection

    async def _one(self, connection: AsyncConnection, conversation: str) -> Conversation:
        if not is_id(conversation):
            raise UnknownConversation
        query = select(conversations).where(self._is(conversation))
        row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise UnknownConversation
        return conversation_of(row)

    async def _has(self, connection: AsyncConnection, conversation: str, message: str) -> bool:
        query = select(messages.c.id).where(
            messages.c.tenant == self._tenant,
            messages.c.conversation == conversation,
            messages.c.id == message,
        )
        return (await connection.execute(query)).one_or_none() is not None

    def _mine(self) -> ColumnElement[bool]:
        return and_(conversations.c.tenant == self._tenant, conversations.c.owner == self._owner)

    def _is(self, conversation: str) -> ColumnElement[bool]:
        return and_(self._mine(), conversations.c.id == conversation)


def newest_first(query: Select[Any], before: Place | None) -> Select[Any]:
    """The same conversations, the one last touched first; only those behind ``before``."""
    touched, name = conversations.c.updated, conversations.c.id
    if before is not None:
        behind = and_(touched == before.updated, name < before.conversation)
        query = query.where(or_(touched < before.updated, behind))
    return query.order_by(touched.desc(), name.desc())
