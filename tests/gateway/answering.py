"""Engines that answer slowly or not to the end, and what becomes of such answers."""

import asyncio
import contextlib

import anyio

from gateway.app import compose
from tests.gateway.serving import served
from tests.inference.upstream import events_then, hang, piece

CHAT_PATH = "/v1/chat/completions"


def begins(*texts, then=hang):
    """A script: these pieces, then what ``then`` does."""
    return events_then(then, *[piece(text) for text in texts])


def slowly(*texts, gap=0.05):
    """A script: these pieces, with time between them, and a proper end."""

    async def script(asked, wire):
        await wire.begin_stream()
        for text in texts:
            await wire.event(piece(text))
            await asyncio.sleep(gap)
        await wire.event(piece(None, finish="stop"))
        await wire.event("[DONE]")
        await wire.end_stream()

    return script


@contextlib.asynccontextmanager
async def a_lab(house, lab):
    """The same house with another lab in it; what is being written there ends with it."""
    try:
        async with served(compose(lab)) as url:
            yield url
    finally:
        await lab.conversations.close()


async def outcome_of(house, begun):
    types = ("call.intent", "call.outcome")
    intent, outcome = await house.until_records(types, call=begun["call"])
    assert (intent["type"], outcome["type"], outcome["ref"]) == (*types, intent["seq"])
    return outcome


async def until_state(talk, answer, *states):
    with anyio.fail_after(10):
        while (message := await talk.message(answer))["state"] not in states:
            await anyio.sleep(0.02)
    return message
