"""A person's question in a conversation: on record, kept, and its answer begun."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from auth.database import Database
from auth.identity import Principal
from gateway.asking import Asking, Question
from gateway.calls import Call
from gateway.conversation_errors import NothingAsked, StillWriting, TextTooLong
from gateway.conversations import choosing, tree
from gateway.conversations.context import Remembered, remembered
from gateway.conversations.conversation import LONGEST_QUESTION, Message, Person, Role, State, Tree, cleaned
from gateway.conversations.generation import Generation, Tools, Work
from gateway.conversations.generations import Generations
from gateway.conversations.messages import Messages
from gateway.conversations.records import Records
from gateway.conversations.titles import title_of
from gateway.metrics import Metrics
from gateway.scribe import Scribe
from inference import chat
from inference.models import Kind
from rag.library import Library


@dataclass(frozen=True, slots=True)
class Parts:
    """What the conversations of all people share."""

    database: Database
    asking: Asking
    scribe: Scribe
    metrics: Metrics
    library: Library
    generations: Generations
    now: Callable[[], datetime]
    new_id: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that goes on from an answer, or begins (``parent=None``).

    ``choice`` holds the fields of ``Choice`` that are other than the conversation's, for this question alone.
    """

    text: str
    parent: str | None
    choice: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Plan:
    """An answer that is to be written: to which message, as part of which question."""

    conversation: str
    asked: Message
    answer: Message
    question: Question


class Asker:
    """Built from a caller; asks in their own conversations alone."""

    def __init__(self, who: Principal, parts: Parts) -> None:
        self._who = who
        self._person = Person.of(who)
        self._parts = parts
        self._records = Records(parts.database, self._person)
        self._messages = Messages(parts.database, self._person)

    async def ask(self, call: Call, conversation: str, asked: Asked) -> Message:
        """Ask a question; when this returns it is on record and kept, and the answer is being written.

        Raises:
            UnknownConversation, UnknownMessage, NothingAsked, TextTooLong, StillWriting, TooManyAtOnce,
            UnknownModel, NotGenerative, UnknownCollection, BadValue, AboveCeiling: nothing was done.
            LedgerUnavailable: nothing was done.
        """
        text = _checked(asked.text)
        known = await self._records.tree(conversation)
        if asked.parent is not None:
            _check_written(tree.found(known.messages, asked.parent, Role.ASSISTANT))
        question = self._message(call, Role.USER, asked.parent, text=text, state=State.COMPLETE)
        plan = await self._plan(call, known, question, asked.choice)

        async def keep() -> None:
            await self._messages.add_exchange(conversation, question, plan.answer, title=title_of(text))

        return await self._begin(call, plan, keep)

    async def ask_again(
        self, call: Call, conversation: str, question: str, choice: Mapping[str, Any]
    ) -> Message:
        """Have another answer written to a question; those that it has stay.

        Raises:
            As ``ask``.
        """
        known = await self._records.tree(conversation)
        asked = tree.found(known.messages, question, Role.USER)
        plan = await self._plan(call, known, asked, choice)

        async def keep() -> None:
            await self._messages.add_answer(conversation, plan.answer)

        return await self._begin(call, plan, keep)

    async def _plan(self, call: Call, known: Tree, asked: Message, given: Mapping[str, Any]) -> _Plan:
        parts, who = self._parts, self._who
        choice = replace(known.conversation.choice, **given)
        await choosing.check(choice, who, parts.asking, parts.library)
        route = choosing.route_for(choice, who, parts.asking, asked.text)
        searched = choosing.searched(choice)
        kept = Remembered((), 0)
        if route.kind is Kind.CHAT:
            turns = tree.turns(known.messages, asked.parent)
            kept = remembered(turns, asked.text, route, searched=searched is not None)
        request = chat.ChatRequest(messages=(*kept.messages, chat.Message("user", asked.text)))
        answer = replace(
            self._message(call, Role.ASSISTANT, asked.id, text="", state=State.WRITING),
            model=route.name,
            kind=route.kind,
            forgotten=kept.forgotten,
        )
        question = Question(route, request, searched, stream=True)
        return _Plan(known.conversation.id, asked, answer, question)

    async def _begin(self, call: Call, plan: _Plan, keep: Callable[[], Awaitable[None]]) -> Message:
        """On record, then kept, then written; what fails before the last step is the request's own failure."""
        parts = self._parts
        call.detail = {"conversation": plan.conversation, "question": plan.asked.id, "answer": plan.answer.id}
        with ExitStack() as held:
            held.enter_context(parts.generations.seat(self._person))
            await parts.asking.record(call, plan.question)
            await keep()
            work = Work(call.handed_on(), self._who, plan.question, plan.conversation, plan.answer)
            tools = Tools(parts.asking, parts.scribe, parts.metrics, self._messages, parts.now)
            writing = Generation(work, tools)
            parts.generations.start(self._person, plan.conversation, writing, held.pop_all())
        return plan.answer

    def _message(self, call: Call, role: Role, parent: str | None, *, text: str, state: State) -> Message:
        parts = self._parts
        return Message(
            id=parts.new_id(),
            parent=parent,
            role=role,
            text=text,
            state=state,
            created=parts.now(),
            call=call.id,
        )


def _checked(text: str) -> str:
    asked = cleaned(text)
    if not asked.strip():
        raise NothingAsked
    if len(asked) > LONGEST_QUESTION:
        raise TextTooLong(LONGEST_QUESTION)
    return asked


def _check_written(answer: Message) -> None:
    if answer.state is State.WRITING:
        raise StillWriting
