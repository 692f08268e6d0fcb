"""Strict capture: what a client was shown had been sealed and kept before."""

import json
from dataclasses import replace

import anyio
import pytest

from audit.errors import ContentUnavailable
from auth.identity import TenantId
from gateway.app import compose
from gateway.scribe import Capture, Scribe
from tests.gateway.fakes import says, with_models
from tests.gateway.people import HERE
from tests.gateway.routes import CHAT
from tests.gateway.serving import client, served

pytestmark = pytest.mark.anyio


@pytest.fixture
def house(either_house):
    return either_house


def capturing(lab):
    scribe = Scribe(lab.ledger, capture=Capture.STRICT)
    return with_models(replace(lab, scribe=scribe), lab.models)


async def asked(house, body):
    house.chat.answer("/v1/chat/completions", says("Det ", "är ", "så."))
    async with (
        served(compose(capturing(house.lab))) as url,
        client(url, await house.key()) as programme,
    ):
        return await programme.post("/v1/chat/completions", json=body)


async def kept(house, answer):
    intent, outcome = await house.records_of(answer)
    opened = await anyio.to_thread.run_sync(
        lambda: house.lab.ledger.open_content(
            TenantId(HERE), intent["call"], intent["seq"], cm=outcome["content"]["cm"]
        )
    )
    prompt, _, shown = opened.plain.partition(b"\n")
    assert opened.whole
    return json.loads(prompt), shown


async def test_a_whole_answer_is_kept_as_it_was_shown(house):
    answer = await asked(house, CHAT)
    prompt, shown = await kept(house, answer)
    assert prompt == {"prompt": ["hej"]}
    assert shown == answer.content


async def test_a_stream_is_kept_as_it_was_shown(house):
    answer = await asked(house, {**CHAT, "stream": True})
    prompt, shown = await kept(house, answer)
    assert prompt == {"prompt": ["hej"]}
    assert shown == answer.content
    assert answer.content.endswith(b"data: [DONE]\n\n")


async def test_without_capture_no_content_is_kept(house):
    house.chat.answer("/v1/chat/completions", says("Hej"))
    async with await house.programme() as programme:
        answer = await programme.post("/v1/chat/completions", json=CHAT)
    intent, outcome = await house.records_of(answer)
    assert "content" not in outcome or "blob" not in (outcome["content"] or {})
    with pytest.raises(ContentUnavailable):
        house.lab.ledger.open_content(TenantId(HERE), intent["call"], intent["seq"])


async def test_what_is_kept_can_be_erased_with_its_key(house):
    answer = await asked(house, CHAT)
    intent, _ = await house.records_of(answer)
    receipt = await house.lab.ledger.shred(
        TenantId(HERE), f"maker-of-{HERE}", decision_ref="gallringsbeslut 2026:1"
    )
    assert receipt is not None
    with pytest.raises(ContentUnavailable):
        house.lab.ledger.open_content(TenantId(HERE), intent["call"], intent["seq"])
