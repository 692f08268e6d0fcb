"""One person's conversations: what they may do with them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import anyio
import structlog

from auth.identity import Principal, TenantId
from gateway.conversations import choosing, tree
from gateway.conversations.asker import Asker, Parts
from gateway.conversations.conversation import Choice, Conversation, Message, Person, Role, State
from gateway.conversations.drafts import Drafts
from gateway.conversations.messages import Messages, interrupt_left
from gateway.conversations.records import Records
from gateway.conversations.rows import choice_columns, title_columns
from gateway.conversations.search import Search
from rag.documents import checked_name

log = structlog.get_logger()

_PULSE_SECONDS: Final = 15.0
_AWAY_SECONDS: Final = 1.0  # how often an answer that is not written here is looked at


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be different; ``choice`` holds the fields of ``Choice`` that are."""

    title: str | None = None
    leaf: str | None = None
    choice: Mapping[str, Any] = field(default_factory=dict)


class Desk:
    """Built from a caller; nothing on it leads to another person's conversations."""

    def __init__(self, who: Principal, parts: Parts) -> None:
        self._who = who
        self._person = Person.of(who)
        self._parts = parts
        self.records = Records(parts.database, self._person)
        self.messages = Messages(parts.database, self._person)
        self.asker = Asker(who, parts)
        self.drafts = Drafts(parts.database, self._person)
        self.search = Search(parts.database, self._person)

    async def begin(self, choice: Choice) -> Conversation:
        """A new conversation, without a word in it.

        Raises:
            UnknownModel, NotGenerative, UnknownCollection, BadValue: it can't be answered so.
        """
        await self._check(choice)
        now = self._parts.now()
        made = Conversation(self._parts.new_id(), "", now, now, choice)
        await self.records.add(made)
        return made

    async def change(self, conversation: str, change: Change) -> Conversation:
        """Give a conversation another title, leaf or other choices.

        Raises:
            UnknownConversation, UnknownMessage: the leaf is none of its messages.
            NameInvalid: the title.
            UnknownModel, NotGenerative, UnknownCollection, BadValue: it can't be answered so.
        """
        values: dict[str, Any] = {}
        if change.title is not None:
            values |= title_columns(checked_name(change.title))
        if change.leaf is not None:
            values["leaf"] = change.leaf
        if change.choice:
            known = await self.records.conversation(conversation)
            choice = replace(known.choice, **change.choice)
            await self._check(choice)
            values |= choice_columns(choice)
        return await self.records.change(conversation, values)

    async def remove(self, conversation: str) -> None:
        """Remove a conversation with all that is in it; what is being written in it stops.

        Raises:
            UnknownConversation.
        """
        await self.records.remove(conversation)
        self._parts.generations.stop(self._person, conversation)

    async def remove_all(self) -> None:
        """Remove everything of this person's; what is being written stops."""
        await self.records.remove_all()
        self._parts.generations.stop(self._person)

    async def answer(self, conversation: str, answer: str) -> Message:
        """An answer as it is now.

        Raises:
            UnknownConversation, UnknownMessage: there is none of that id.
        """
        live = self._parts.generations.of(self._person, conversation, answer)
        if live is not None:
            return live.answer
        return tree.found([await self.messages.message(conversation, answer)], answer, Role.ASSISTANT)

    async def later(self, conversation: str, seen: Message) -> Message:
        """The answer when it is not what was seen any more, or after 15 seconds all the same.

        Raises:
            UnknownConversation, UnknownMessage: it was removed.
        """
        live = self._parts.generations.of(self._person, conversation, seen.id)
        if live is None:
            if (await self.answer(conversation, seen.id)).state is State.WRITING:
                await anyio.sleep(_AWAY_SECONDS)
            return await self.answer(conversation, seen.id)
        with anyio.move_on_after(_PULSE_SECONDS):
            await live.after(seen)
        return live.answer

    async def stop(self, conversation: str, answer: str) -> Message:
        """Stop an answer; one that has ended stays as it is.

        Raises:
            UnknownConversation, UnknownMessage.
        """
        live = self._parts.generations.of(self._person, conversation, answer)
        if live is None:
            return await self.answer(conversation, answer)
        live.stop()
        return await live.end()

    async def _check(self, choice: Choice) -> None:
        await choosing.check(choice, self._who, self._parts.asking, self._parts.library)


class Conversations:
    """Everybody's conversations; the way in to each person's is their desk."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def of(self, who: Principal) -> Desk:
        """The caller's own; nothing on it leads to another person's."""
        return Desk(who, self._parts)

    async def recover(self, tenants: Iterable[TenantId]) -> None:
        """Mark what an earlier process left unfinished; before the first question is taken."""
        count = await interrupt_left(self._parts.database, tenants)
        if count:
            log.warning("answers.interrupted", count=count)

    async def close(self) -> None:
        """Interrupt what is being written; each end is on record and kept when this returns."""
        await self._parts.generations.close()
