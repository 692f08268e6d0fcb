"""Stand-ins that we own: a model server that makes vectors of words, and ledgers that wait or fail."""

import base64
import json
import math
import re
import secrets
import zlib
from array import array
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

from audit.errors import LedgerUnavailable, Unavailable
from auth.errors import DatabaseDown
from gateway.asking import Asking
from gateway.conversations.asker import Parts
from gateway.conversations.desk import Conversations
from gateway.conversations.generations import Generations
from gateway.inspection.office import Office
from gateway.scribe import Scribe
from tests.inference.upstream import Wire, answer, chat, events_then, piece, usage

DIMENSIONS = 384
_WORD = re.compile(r"\w+")


def vector(text):
    """Texts are near each other when they share beginnings of words; none is far away, as with E5."""
    numbers = [0.0] * DIMENSIONS
    for word in _WORD.findall(text.lower()):
        numbers[1 + zlib.crc32(word[:5].encode()) % (DIMENSIONS - 1)] += 1.0
    length = math.sqrt(sum(number * number for number in numbers)) or 1.0
    return [1.7, *(number / length for number in numbers[1:])]


async def word_vectors(asked, wire):
    """A script: a vector for each input."""
    inputs = asked.json["input"]
    inputs = [inputs] if isinstance(inputs, str) else inputs
    data = [
        {"object": "embedding", "index": place, "embedding": _written(asked, vector(str(text)))}
        for place, text in enumerate(inputs)
    ]
    usage = {"prompt_tokens": len(inputs), "completion_tokens": 0, "total_tokens": len(inputs)}
    await wire.respond(200, json.dumps({"data": data, "usage": usage}).encode())


def _written(asked, numbers):
    """The vector in the encoding that was asked for."""
    if asked.json.get("encoding_format") != "base64":
        return numbers
    return base64.b64encode(array("f", numbers).tobytes()).decode()


def says(*texts, finish="stop", ends=None):
    """A script for both paths of a chat model: these pieces, as a stream where one is asked for.

    A stream's end comes after that event, where one is given.
    """

    async def script(asked, wire):
        completion = asked.path == "/v1/completions"
        if asked.json.get("stream"):
            pieces = [_completion_piece(text) for text in texts] if completion else [piece(t) for t in texts]
            last = _completion_piece("", finish) if completion else piece(None, finish=finish)
            counted = {"choices": [], "usage": usage(completion=len(texts))}
            await events_then(_end(last, counted, "[DONE]", after=ends), *pieces)(asked, wire)
        elif completion:
            choice = {"index": 0, "text": "".join(texts), "finish_reason": finish}
            await answer({"choices": [choice], "usage": usage(completion=len(texts))})(asked, wire)
        else:
            await chat("".join(texts), finish)(asked, wire)

    return script


def _end(*values, after):
    async def script(asked, wire):
        if after is not None:
            await after.wait()
        await wire.chunk(b"".join([_event(value) for value in values]))
        await wire.end_stream()

    return script


def at_once(script):
    """The same, in one write from its first event to its end."""

    async def whole(asked, wire):
        gathered = Gathering(wire)
        await script(asked, gathered)
        await wire.send(b"".join(gathered.sent))

    return whole


class Gathering(Wire):
    """A wire on which nothing leaves yet."""

    def __init__(self, wire):
        super().__init__(wire.writer)
        self.sent = []

    async def send(self, data):
        self.sent.append(data)


def _event(value):
    return f"data: {value if isinstance(value, str) else json.dumps(value)}\n\n".encode()


def _completion_piece(text, finish=None):
    return {"choices": [{"index": 0, "text": text, "finish_reason": finish}]}


class WatchedLedger:
    """The real ledger; before each append ``before`` is awaited, and what came through is remembered."""

    def __init__(self, inner, before):
        self._inner = inner
        self._before = before
        self.appended = []

    async def append(self, log, draft):
        await self._before(draft)
        receipt = await self._inner.append(log, draft)
        self.appended.append(draft.type)
        return receipt

    def __getattr__(self, name):
        return getattr(self._inner, name)


class SealsSome:
    """The real ledger; each capture takes so many writes, and then no more."""

    def __init__(self, inner, writes):
        self._inner = inner
        self._writes = writes

    async def spool(self, *args, **known):
        return _Sealing(await self._inner.spool(*args, **known), self._writes)

    def __getattr__(self, name):
        return getattr(self._inner, name)


class _Sealing:
    def __init__(self, inner, left):
        self._inner = inner
        self._left = left

    async def write(self, plain):
        if not self._left:
            raise LedgerUnavailable(Unavailable.FAILED)
        self._left -= 1
        await self._inner.write(plain)

    async def close(self):
        await self._inner.close()
        raise LedgerUnavailable(Unavailable.FAILED)


class AwayNow:
    """The real database; the next ``away`` transactions that write find it gone."""

    def __init__(self, inner):
        self._inner = inner
        self.away = 0

    @property
    def dialect(self):
        return self._inner.dialect

    def of(self, tenant):
        return _AwayScope(self, self._inner.of(tenant))


class _AwayScope:
    def __init__(self, database, inner):
        self._database = database
        self._inner = inner

    def reading(self):
        return self._inner.reading()

    @asynccontextmanager
    async def writing(self):
        if self._database.away:
            self._database.away -= 1
            raise DatabaseDown
        async with self._inner.writing() as connection:
            yield connection


def failing(inner, *types):
    """A ledger on a disk that takes no more records of these types (none named: of any)."""

    async def before(draft):
        if not types or draft.type in types:
            raise LedgerUnavailable(Unavailable.FAILED)

    return WatchedLedger(inner, before)


def held(inner, event, *types):
    """A ledger whose records of these types are not durable before the event is set."""

    async def before(draft):
        if draft.type in types:
            await event.wait()

    return WatchedLedger(inner, before)


class HeldReader:
    """A log whose verification tells how far it is and waits, step by step, until it is let go."""

    def __init__(self, inner, held):
        self._inner = inner
        self._held = held

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def verify(self, progress):
        while not self._held.wait(0.02):
            progress("log", 512, 2048)
        return self._inner.verify(progress)


class HeldLedger:
    """The real ledger with held readers."""

    def __init__(self, inner, held):
        self._inner = inner
        self._held = held

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def reader(self, log):
        return HeldReader(self._inner.reader(log), self._held)


def with_ledger(lab, ledger):
    """The same lab, writing to that ledger."""
    scribe = Scribe(ledger)
    office = Office(replace(lab.office._tools, ledger=ledger, scribe=scribe))
    return with_models(replace(lab, ledger=ledger, scribe=scribe, office=office), lab.models)


def with_models(lab, models):
    """The same lab, asking those models."""
    return classified(replace(lab, models=models), lab.settings.classification)


def classified(lab, classification):
    """The same lab, for information of that class."""
    lab = replace(lab, asking=_asking(lab, classification))
    return replace(lab, conversations=_conversations(lab))


def _asking(lab, classification):
    return Asking(
        scribe=lab.scribe,
        models=lab.models,
        catalogue=lab.catalogue,
        library=lab.library,
        metrics=lab.metrics,
        classification=classification,
        token_limit=lab.settings.limits.max_tokens,
    )


def _conversations(lab):
    parts = Parts(
        database=lab.database,
        asking=lab.asking,
        scribe=lab.scribe,
        metrics=lab.metrics,
        library=lab.library,
        generations=Generations(limit=lab.settings.limits.person_answers),
        now=lambda: datetime.now(UTC),
        new_id=lambda: secrets.token_hex(12),
    )
    return Conversations(parts)
