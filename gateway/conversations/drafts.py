"""What a person has typed and not sent: one draft a conversation, and one for a conversation not begun."""

from dataclasses import replace
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from auth.database import Database
from gateway.conversation_errors import TextTooLong
from gateway.conversations.conversation import LONGEST_DRAFT, Draft, Person, cleaned
from gateway.conversations.records import Records
from gateway.conversations.rows import utc
from gateway.conversations.tables import drafts

NEW: Final = ""


class Drafts:
    """Built from a person; no method takes one. ``NEW`` stands for the conversation that has not begun."""

    def __init__(self, database: Database, person: Person) -> None:
        self._database = database
        self._scope = database.of(person.tenant)
        self._records = Records(database, person)
        self._key = {"tenant": person.tenant.alias, "owner": person.subject}

    async def draft(self, conversation: str) -> Draft:
        """The draft; without text where there is none.

        Raises:
            UnknownConversation: this person has no such one.
        """
        if conversation != NEW:
            await self._records.conversation(conversation)
        async with self._scope.reading() as connection:
            row = (await connection.execute(select(drafts).where(self._is(conversation)))).one_or_none()
        return Draft(conversation, "") if row is None else Draft(conversation, row.text, utc(row.updated))

    async def keep(self, draft: Draft) -> Draft:
        """Keep a draft in the place of the one before it; the draft as it is kept.

        Raises:
            UnknownConversation: this person has no such one.
            TextTooLong: more than 40,000 characters.
        """
        if len(draft.text) > LONGEST_DRAFT:
            raise TextTooLong(LONGEST_DRAFT)
        draft = replace(draft, text=cleaned(draft.text))
        if draft.conversation == NEW:
            async with self._scope.writing() as connection:
                await self._put(connection, draft)
            return draft
        async with self._records.changing(draft.conversation) as connection:
            await self._put(connection, draft)
        return draft

    async def forget(self, conversation: str) -> None:
        """Forget the draft, if there is one.

        Raises:
            UnknownConversation: this person has no such one.
        """
        if conversation != NEW:
            await self._records.conversation(conversation)
        async with self._scope.writing() as connection:
            await connection.execute(delete(drafts).where(self._is(conversation)))

    async def all(self) -> list[Draft]:
        """Every draft of this person's."""
        query = select(drafts).filter_by(**self._key).order_by(drafts.c.conversation)
        async with self._scope.reading() as connection:
            rows = await connection.execute(query)
            return [Draft(row.conversation, row.text, utc(row.updated)) for row in rows]

    async def _put(self, connection: AsyncConnection, draft: Draft) -> None:
        values = {"text": draft.text, "updated": draft.updated}
        row = {**self._key, "conversation": draft.conversation, **values}
        insert = sqlite.insert if self._database.dialect == "sqlite" else postgresql.insert
        kept = insert(drafts).values(row)
        place = ["tenant", "owner", "conversation"]
        await connection.execute(kept.on_conflict_do_update(index_elements=place, set_=values))

    def _is(self, conversation: str) -> ColumnElement[bool]:
        return and_(
            drafts.c.tenant == self._key["tenant"],
            drafts.c.owner == self._key["owner"],
            drafts.c.conversation == conversation,
        )
