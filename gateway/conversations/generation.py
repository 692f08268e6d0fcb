"""One answer while it is written: apart from any request, on record to its end, read by whoever looks."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

import anyio
import structlog

from audit.errors import LedgerUnavailable
from auth.errors import DatabaseDown
from auth.identity import Principal
from gateway import problems
from gateway.asking import Asking, Question
from gateway.calls import Call
from gateway.conversation_errors import AnswerInterrupted
from gateway.conversations import events
from gateway.conversations.conversation import Message, State, cleaned
from gateway.conversations.messages import Messages
from gateway.counting import follow
from gateway.errors import noted
from gateway.metrics import Metrics
from gateway.scribe import Scribe

if TYPE_CHECKING:
    from rag.documents import Citation

log = structlog.get_logger()

_KEPT_EVERY_SECONDS: Final = 1.0
_TRIES_SECONDS: Final = (
    0.5,
    2.0,
    4.0,
    15.0,
    60.0,
    300.0,
)  # between attempts to keep an end, while the database is away


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be written: the question as it is asked, and the answer's place, which is kept already."""

    call: Call
    who: Principal
    question: Question
    conversation: str
    answer: Message


@dataclass(frozen=True, slots=True)
class Tools:
    """What an answer is written with; ``messages`` are those of the person who asks."""

    asking: Asking
    scribe: Scribe
    metrics: Metrics
    messages: Messages
    now: Callable[[], datetime]


class Generation:
    """``run`` it once; it ends by itself, by ``stop`` of its owner, or by ``interrupt`` of the lab."""

    def __init__(self, work: Work, tools: Tools) -> None:
        self._work = work
        self._tools = tools
        self._call = work.call
        self._answer = work.answer
        self._near: tuple[Citation, ...] = ()
        self._grown = anyio.Event()
        self._ended = anyio.Event()
        self._writing = anyio.CancelScope()
        self._lab_closes = anyio.Event()

    @property
    def call(self) -> Call:
        """The call on record."""
        return self._call

    @property
    def answer(self) -> Message:
        """The answer as it is now; another object each time that it has changed."""
        return self._answer

    async def after(self, seen: Message) -> None:
        """Return when the answer is not what was seen."""
        if self._answer is seen:
            await self._grown.wait()

    async def end(self) -> Message:
        """The answer, when nothing of it changes any more."""
        await self._ended.wait()
        return self._answer

    def stop(self) -> None:
        """Its owner wants no more of it: the engine is left at once, what was written stays."""
        self._writing.cancel()

    def interrupt(self) -> None:
        """The lab closes: the same, and told as that."""
        self._lab_closes.set()
        self._writing.cancel()

    async def run(self) -> None:
        """Write the answer to its end, whatever that is; nothing is raised."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._keep)
            with self._writing:
                await noted(self._call, self._write())
            tasks.cancel_scope.cancel()
        with anyio.CancelScope(shield=True):
            ended = await self._on_record(self._concluded())
            await noted(self._call, self._store(ended))
            self._show(ended)
            self._ended.set()
            self._tools.metrics.observe_model_call(self._call)

    async def _write(self) -> None:
        work, call = self._work, self._call
        prepared = await self._tools.asking.ground(call, work.who, work.question)
        self._near = prepared.near
        self._show(replace(self._answer, citations=prepared.citations, supported=prepared.supported))
        async with self._tools.asking.answering(call, work.who, prepared) as deltas:
            call.first_ns = time.monotonic_ns()
            while some := await deltas.some():
                follow(call, some)
                await self._release(cleaned("".join([each.text for each in some])))

    async def _release(self, text: str) -> None:
        """Show a piece of the text; under strict capture it is kept before."""
        if not text:
            return
        answer = self._answer
        piece, _ = events.delta(text, events.Place(len(answer.text)))
        await self._seal(piece)
        self._show(replace(answer, text=answer.text + text))

    async def _seal(self, piece: bytes) -> None:
        if self._call.spool is not None:
            await self._call.spool.write(piece)
        self._call.released += len(piece)

    def _show(self, answer: Message) -> None:
        self._answer = answer
        self._grown.set()
        self._grown = anyio.Event()

    async def _keep(self) -> None:
        await noted(self._call, self._keep_on())

    async def _keep_on(self) -> None:
        """Keep what is written, every second; once it was removed, no more is written."""
        kept = self._answer
        while True:
            await anyio.sleep(_KEPT_EVERY_SECONDS)
            if self._answer is kept:
                continue
            kept = self._answer
            with anyio.CancelScope(shield=True):
                there = await self._kept(kept)
            if not there:
                self.stop()
                return

    async def _kept(self, answer: Message) -> bool:
        try:
            return await self._tools.messages.keep(self._work.conversation, answer)
        except DatabaseDown:
            log.warning("answer.not_kept", call=self._call.id)
            return True

    def _concluded(self) -> Message:
        call = self._call
        if not self._writing.cancelled_caught:
            state = State.COMPLETE if call.problem is None else State.FAILED
        elif self._lab_closes.is_set():
            state, call.problem = State.INTERRUPTED, problems.of(AnswerInterrupted())
        else:
            state, call.problem, call.gone = State.STOPPED, None, True
        near = self._near if state is State.COMPLETE else ()
        return replace(
            self._answer,
            state=state,
            citations=self._answer.citations or near,
            finish=call.finish,
            tokens_in=call.tokens_in,
            tokens_out=call.tokens_out,
            problem=call.problem,
        )

    async def _on_record(self, ended: Message) -> Message:
        """The answer when its outcome is durable; one whose end can't be recorded never becomes whole."""
        try:
            await self._seal(events.ending(ended))
            await self._tools.scribe.settle(self._call)
        except LedgerUnavailable as unavailable:
            log.exception("ledger.outcome_lost", call=self._call.id)
            # The ledger will say of this call that it was interrupted, as of every one without an outcome.
            problem, kept = problems.of(unavailable), self._answer.citations
            return replace(ended, state=State.INTERRUPTED, problem=problem, citations=kept)
        return ended

    async def _store(self, ended: Message) -> None:
        """Keep the end; while the database is away its readers are told first, and it is tried again."""
        for seconds in _TRIES_SECONDS:
            try:
                await self._put(ended)
            except DatabaseDown:
                log.warning("answer.end_not_kept", call=self._call.id)
                self._show(ended)
                with anyio.move_on_after(seconds):
                    await self._lab_closes.wait()
            else:
                return
        await self._put(ended)

    async def _put(self, ended: Message) -> None:
        await self._tools.messages.end(self._work.conversation, ended, now=self._tools.now())
