"""A question from a caller to a model: guarded, on record, grounded where asked, answered."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, Final

import msgspec

from audit.records import EventType, GuardFinding, Operation
from auth.identity import Principal
from gateway import guard
from gateway.calls import Call
from gateway.classification import fits
from gateway.evidence import on_record
from gateway.language import language_of
from gateway.metrics import Metrics
from gateway.questions import last_question, parameters, room_for
from gateway.refusals import AboveCeiling, BadValue, NotGenerative
from gateway.scribe import Scribe
from gateway.spoken import NO_SUPPORT, Deltas, Spoken
from inference.chat import Answer, ChatRequest, Choice, Message
from inference.errors import InferenceError, UnknownModel
from inference.models import Catalogue, Kind, ModelRoute
from inference.upstream import Models
from inference.usage import Usage
from rag.documents import Citation, Passage
from rag.grounding import counting, estimated_tokens, ground
from rag.library import Library
from rag.quoting import nearest

PASSAGES: Final = 8
_COUNTING_S: Final = 1.0  # a server that takes longer has more to do than to count


class Question(msgspec.Struct, frozen=True, gc=False):
    """What is asked of which route; ``collections=None``: no retrieval, an empty tuple: all of them."""

    route: ModelRoute
    request: ChatRequest
    collections: tuple[str, ...] | None
    stream: bool


class Prepared(msgspec.Struct, frozen=True, gc=False):
    """A question that is on record and grounded.

    ``said``: the pieces of an answer in quotations, which no model writes; ``None`` for the others.
    ``supported``: ``False`` where the documents hold nothing on the question, ``None`` without retrieval.
    ``near``: where a person may look then; it supports nothing, so no programme gets it as a citation.
    """

    question: Question
    request: ChatRequest
    citations: tuple[Citation, ...]
    said: tuple[str, ...] | None
    supported: bool | None
    near: tuple[Citation, ...] = ()


class Asking:
    """Steps 5 to 8 of a request's life, the same for `/v1` and for the workspace."""

    def __init__(
        self,
        *,
        scribe: Scribe,
        models: Models,
        catalogue: Catalogue,
        library: Library,
        metrics: Metrics,
        classification: str,
        token_limit: int,
    ) -> None:
        self._scribe = scribe
        self._models = models
        self._catalogue = catalogue
        self._library = library
        self._metrics = metrics
        self._classification = classification
        self._token_limit = token_limit

    def route(self, who: Principal, name: str, *kinds: Kind) -> ModelRoute:
        """The route of that name, if the caller's credential may use it and it is of one of the kinds.

        Raises:
            UnknownModel: none of that name, or none for this credential.
            NotGenerative: the route does something else.
        """
        if who.models and name not in who.models:
            raise UnknownModel(name)
        route = self._catalogue.route(name)
        if route.kind not in kinds:
            raise NotGenerative(name)
        return route

    def choose(self, who: Principal, question: str) -> ModelRoute:
        """The route for a grounded question where none is named.

        The first chat model below whose ceiling the call is, unless it can't write the question's language; then
        quotations.
        """
        chat = self._fitting(Kind.CHAT)
        if chat is not None and chat.writes(language_of(question)):
            return self.route(who, chat.name, Kind.CHAT)
        return self.choose_quoting(who)

    def choose_writer(self, who: Principal) -> ModelRoute:
        """The route for a question that no document is searched for, where none is named."""
        chat = self._fitting(Kind.CHAT) or self._catalogue.default(Kind.CHAT)
        return self.route(who, chat.name, Kind.CHAT)

    def choose_quoting(self, who: Principal) -> ModelRoute:
        """The route that answers in quotations, where none is named."""
        quoting = self._fitting(Kind.EXTRACTIVE) or self._catalogue.default(Kind.EXTRACTIVE)
        return self.route(who, quoting.name, Kind.EXTRACTIVE)

    def admit(self, call: Call, route: ModelRoute) -> None:
        """Return if what the call carries may be sent to the route.

        Raises:
            AboveCeiling: its class is above the route's ceiling.
        """
        call.classification = self._classification
        if not fits(self._classification, route.ceiling):
            call.model = call.model or route.name
            raise AboveCeiling(route.name, classification=self._classification, ceiling=route.ceiling)

    def admit_search(self, call: Call) -> None:
        """The same for the route that makes the vectors of questions and documents.

        Raises:
            AboveCeiling.
        """
        self.admit(call, self._catalogue.default(Kind.EMBEDDING))

    async def prepare(self, call: Call, who: Principal, question: Question) -> Prepared:
        """Guard, record durably, and only then retrieve.

        Raises:
            BadValue, AboveCeiling, LedgerUnavailable: as ``record``; nothing was done.
            RagError: retrieval failed; the call is on record.
        """
        await self.record(call, question)
        return await self.ground(call, who, question)

    def record(self, call: Call, question: Question) -> Coroutine[Any, Any, None]:
        """Guard a question and put it on record, durably.

        Raises:
            BadValue: more tokens than the route can write.
            AboveCeiling: the call may not be sent there, or not be searched for.
            LedgerUnavailable: nothing was done.
        """
        self.bound(question.route, question.request.max_tokens)
        if question.route.kind is Kind.EXTRACTIVE or question.collections is not None:
            call.model = question.route.name
            self.admit_search(call)
        texts = [message.content for message in question.request.messages if message.content]
        return self.intend(
            call,
            question.route,
            texts,
            name="chat",
            parameters=parameters(question.request),
            stream=question.stream,
            max_tokens=question.request.max_tokens,
        )

    async def ground(self, call: Call, who: Principal, question: Question) -> Prepared:
        """Find what the question needs of the documents; the call is on record already.

        Raises:
            RagError: retrieval failed.
        """
        if question.route.kind is Kind.EXTRACTIVE:
            return await self._quote(call, who, question)
        if question.collections is None:
            return Prepared(question, question.request, (), None, None)
        return await self._ground(call, who, question)

    def bound(self, route: ModelRoute, max_tokens: int | None) -> None:
        """Return if the route can write that many tokens.

        Raises:
            BadValue: it can't.
        """
        limit = min(self._token_limit, route.context_length or self._token_limit)
        if max_tokens is not None and max_tokens > limit:
            raise BadValue("max_tokens", expected=f"between 1 and {limit}")

    async def intend(
        self,
        call: Call,
        route: ModelRoute,
        texts: Iterable[str],
        *,
        name: str,
        parameters: bytes,
        stream: bool = False,
        max_tokens: int | None = None,
    ) -> None:
        """Look at the prompt and put the call on record, durably.

        Raises:
            AboveCeiling: the call may not be sent to this route.
            LedgerUnavailable: the call must not be made.
        """
        texts = list(texts)
        call.prompt_length = sum([len(text) for text in texts])
        self.admit(call, route)
        findings = guard.look(texts)
        call.guard = tuple([GuardFinding(found.kind, found.count, "allow") for found in findings])
        call.model = route.name
        operation = Operation(
            name=name,
            route=call.route,
            model=route.name,
            model_digest=route.digest,
            params_h="sha256:" + hashlib.sha256(parameters).hexdigest(),
            stream=stream,
            max_tokens=max_tokens,
        )
        await self._scribe.intend(call, EventType.CALL_INTENT, operation)
        if self._scribe.captures:
            await self._scribe.keep_prompt(call, texts)

    async def answer(self, call: Call, who: Principal, prepared: Prepared) -> Answer:
        """The whole answer.

        Raises:
            InferenceError.
        """
        if prepared.said is not None:
            choice = Choice(0, "\n\n".join(prepared.said), "stop")
            return Answer((choice,), Usage(prompt=0, completion=0))
        return await self._models.chat(
            prepared.question.route, prepared.request, tenant=who.tenant, call=call.id
        )

    def answering(
        self, call: Call, who: Principal, prepared: Prepared
    ) -> AbstractAsyncContextManager[Deltas]:
        """The answer as it is written; entering it waits for the first piece.

        Raises:
            InferenceError: before the first piece, or in mid-stream from the iterator.
        """
        if prepared.said is not None:
            return nullcontext(Spoken(prepared.said))
        return self._models.chat_stream(
            prepared.question.route, prepared.request, tenant=who.tenant, call=call.id
        )

    def _fitting(self, kind: Kind) -> ModelRoute | None:
        """The first route of the kind that calls of this lab may be sent to."""
        routes = self._catalogue.of_kind(kind)
        return next((route for route in routes if fits(self._classification, route.ceiling)), None)

    async def _retrieve(self, call: Call, who: Principal, question: Question) -> tuple[str, list[Passage]]:
        asked = last_question(question.request.messages)
        began = time.monotonic()
        shelf = self._library.shelf(who.tenant)
        passages = await shelf.passages(asked, collections=question.collections or None, limit=PASSAGES)
        self._metrics.retrieval.labels(who.tenant.alias).observe(time.monotonic() - began)
        call.retrieved = await on_record(shelf, passages)
        return asked, passages

    async def _ground(self, call: Call, who: Principal, question: Question) -> Prepared:
        asked, passages = await self._retrieve(call, who, question)
        tokens = await self._tokens(call, question.route, passages)
        earlier = question.request.messages[:-1]
        said = sum(tokens(message.content or "") for message in earlier)
        room = room_for(question.route, question.request.max_tokens)
        language = language_of(asked)
        grounded = ground(asked, passages, language=language, budget=max(256, room - said), tokens=tokens)
        messages = tuple(Message(role, content) for role, content in grounded.messages)
        system = tuple(message for message in messages if message.role == "system")
        rest = tuple(message for message in messages if message.role != "system")
        request = msgspec.structs.replace(question.request, messages=(*system, *earlier, *rest))
        return Prepared(question, request, tuple(grounded.citations), None, bool(grounded.citations))

    async def _tokens(
        self, call: Call, route: ModelRoute, passages: Sequence[Passage]
    ) -> Callable[[str], int]:
        """Counts tokens as finely as the model's own tokenizer cuts these passages; a guess if it can't be asked."""
        sample = "\n".join(passage.text for passage in passages)
        if not sample:
            return estimated_tokens
        try:
            async with asyncio.timeout(_COUNTING_S):
                cut = await self._models.tokenize(route, sample, call=call.id)
        except (InferenceError, TimeoutError):
            return estimated_tokens
        return counting(len(cut), len(sample))

    async def _quote(self, call: Call, who: Principal, question: Question) -> Prepared:
        asked, passages = await self._retrieve(call, who, question)
        found = await self._library.shelf(who.tenant).quotations(asked, passages)
        if not found.sentences:
            nothing = (NO_SUPPORT[language_of(asked)],)
            return Prepared(question, question.request, (), nothing, supported=False, near=nearest(passages))
        said = tuple(f"{_one_line(cited.quote)} [{cited.index}]" for cited in found.sentences)
        citations = found.sentences
        return Prepared(question, question.request, citations, said, supported=True)


def _one_line(quote: str) -> str:
    """The sentence as it is read: where a page breaks its lines is no part of it."""
    return " ".join(quote.split())
