"""Stand-ins that we own: a model server that makes vectors of words, and ledgers that wait or fail."""

import json
import math
import re
import zlib
from dataclasses import replace

from audit.errors import LedgerUnavailable, Unavailable
from gateway.asking import Asking
from gateway.scribe import Scribe
from tests.inference.upstream import answer, chat, events, piece, usage

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
        {"object": "embedding", "index": place, "embedding": vector(str(text))}
        for place, text in enumerate(inputs)
    ]
    usage = {"prompt_tokens": len(inputs), "completion_tokens": 0, "total_tokens": len(inputs)}
    await wire.respond(200, json.dumps({"data": data, "usage": usage}).encode())


def says(*texts, finish="stop"):
    """A script for both paths of a chat model: these pieces, as a stream where one is asked for."""

    async def script(asked, wire):
        completion = asked.path == "/v1/completions"
        if asked.json.get("stream"):
            pieces = [_completion_piece(text) for text in texts] if completion else [piece(t) for t in texts]
            last = _completion_piece("", finish) if completion else piece(None, finish=finish)
            counted = {"choices": [], "usage": usage(completion=len(texts))}
            await events(*pieces, last, counted, "[DONE]")(asked, wire)
        elif completion:
            choice = {"index": 0, "text": "".join(texts), "finish_reason": finish}
            await answer({"choices": [choice], "usage": usage(completion=len(texts))})(asked, wire)
        else:
            await chat("".join(texts), finish)(asked, wire)

    return script


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


def with_ledger(lab, ledger):
    """The same lab, writing to that ledger."""
    return with_models(replace(lab, ledger=ledger, scribe=Scribe(ledger)), lab.models)


def with_models(lab, models):
    """The same lab, asking those models."""
    lab = replace(lab, models=models)
    return replace(lab, asking=_asking(lab, lab.settings.classification))


def classified(lab, classification):
    """The same lab, for information of that class."""
    return replace(lab, asking=_asking(lab, classification))


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
