"""Answers in a conversation on record: the intent before a word is asked for, the outcome before the end is told."""

import asyncio
import json
from dataclasses import replace

import anyio
import pytest

from audit.records import EventType
from auth.identity import TenantId
from gateway.scribe import Capture, Scribe
from tests.gateway.answering import CHAT_PATH, a_lab, outcome_of, slowly, until_state
from tests.gateway.fakes import (
    AwayNow,
    SealsSome,
    failing,
    held,
    with_ledger,
    with_models,
)
from tests.gateway.people import HERE
from tests.gateway.talking import read, talking, text_of, until

pytestmark = pytest.mark.anyio


async def test_the_record_names_conversation_question_and_answer_and_no_text(house):
    async with talking(house) as talk:
        begun = await talk.ask("k4n4rie")
        await talk.events(begun["answer"])
    intent = (await house.records(call=begun["call"]))[0]
    assert intent["op"]["route"] == "POST /api/conversations/{conversation}/messages"
    assert intent["detail"] == {
        "conversation": talk.id,
        "question": begun["question"],
        "answer": begun["answer"],
    }


async def test_a_call_that_cant_be_recorded_is_neither_kept_nor_made(house):
    ledger = failing(house.lab.ledger, EventType.CALL_INTENT)
    async with a_lab(house, with_ledger(house.lab, ledger)) as url, talking(house, url=url) as talk:
        await talk.http.put(f"{talk.path}/draft", json={"text": "Ett utkast"})
        refused = await talk.post("Hur många?")
        tree = await talk.tree()
        draft = (await talk.http.get(f"{talk.path}/draft")).json()
    assert (refused.status_code, refused.json()["slug"]) == (503, "audit_unavailable")
    assert (tree["messages"], tree["leaf"], draft["text"]) == ([], None, "Ett utkast")
    assert house.chat.asked == []


async def test_nothing_is_asked_or_answered_before_the_intent_is_durable(house):
    durable = asyncio.Event()
    ledger = held(house.lab.ledger, durable, EventType.CALL_INTENT)
    async with a_lab(house, with_ledger(house.lab, ledger)) as url, talking(house, url=url) as talk:
        asking = asyncio.create_task(talk.post("Hur många?"))
        await asyncio.sleep(0.2)
        assert not asking.done()
        assert (await talk.tree())["messages"] == []
        assert house.chat.asked == []
        durable.set()
        assert (await asking).status_code == 202


async def test_done_waits_until_the_outcome_is_durable(house):
    durable = asyncio.Event()
    ledger = held(house.lab.ledger, durable, EventType.CALL_OUTCOME)
    async with a_lab(house, with_ledger(house.lab, ledger)) as url, talking(house, url=url) as talk:
        begun = await talk.ask("Hur många?")
        async with talk.following(begun["answer"]) as coming:
            seen = await until(coming, 2)
            await asyncio.sleep(0.2)
            assert (await talk.message(begun["answer"]))["state"] == "writing"
            durable.set()
            seen += [event async for event in coming]
    assert [each.name for each in seen] == ["start", "delta", "citations", "done"]


async def test_an_answer_whose_end_cant_be_recorded_is_interrupted_as_the_ledger_will_say(house):
    ledger = failing(house.lab.ledger, EventType.CALL_OUTCOME)
    async with a_lab(house, with_ledger(house.lab, ledger)) as url, talking(house, url=url) as talk:
        begun = await talk.ask("Hur många?")
        said = await talk.events(begun["answer"])
        kept = await talk.message(begun["answer"])
    assert [each.name for each in said] == ["start", "delta", "error"]
    assert said[-1].data["slug"] == kept["problem"]["slug"] == "audit_unavailable"
    assert (kept["state"], kept["text"]) == ("interrupted", "Hej")
    assert [each["type"] for each in await house.records(call=begun["call"])] == ["call.intent"]


async def test_only_a_whole_answer_names_what_lies_nearest(house, things):
    ledger = failing(house.lab.ledger, EventType.CALL_OUTCOME)
    chosen = {"model": None, "mode": "quotations", "collections": [things.collection]}
    lab = with_ledger(house.lab, ledger)
    async with a_lab(house, lab) as url, talking(house, url=url, **chosen) as talk:
        begun = await talk.ask("Vem vann fotbollsmatchen i lördags?")
        said = await talk.events(begun["answer"])
        kept = await talk.message(begun["answer"])
    assert [each.name for each in said] == ["start", "delta", "error"]
    assert (kept["state"], kept["citations"]) == ("interrupted", [])


def capturing(lab, ledger=None):
    scribe = Scribe(ledger or lab.ledger, capture=Capture.STRICT)
    return with_models(replace(lab, scribe=scribe), lab.models)


async def test_under_strict_capture_the_answer_is_sealed_as_it_was_shown(house):
    house.chat.answer(CHAT_PATH, slowly("Det ", "är ", "så.", gap=0.1))
    async with a_lab(house, capturing(house.lab)) as url, talking(house, url=url) as talk:
        begun = await talk.ask("Hej?")
        said = await talk.events(begun["answer"])
    outcome = await outcome_of(house, begun)
    intent = (await house.records(call=begun["call"]))[0]
    opened = await anyio.to_thread.run_sync(
        lambda: house.lab.ledger.open_content(
            TenantId(HERE), begun["call"], intent["seq"], cm=outcome["content"]["cm"]
        )
    )
    prompt, _, shown = opened.plain.partition(b"\n")
    assert opened.whole
    assert json.loads(prompt) == {"prompt": ["Hej?"]}
    assert text_of(read(shown.decode())) == text_of(said) == "Det är så."
    assert [each.name for each in read(shown.decode())][-2:] == ["citations", "done"]
    assert outcome["outcome"]["released"] == len(shown)


async def test_under_strict_capture_nothing_is_shown_that_cant_be_sealed(house):
    house.chat.answer(CHAT_PATH, slowly("ett ", "två ", "tre", gap=0.1))
    async with (
        a_lab(house, capturing(house.lab, SealsSome(house.lab.ledger, 2))) as url,
        talking(house, url=url) as talk,
    ):
        begun = await talk.ask("Räkna")
        said = await talk.events(begun["answer"])
        message = await talk.message(begun["answer"])
    assert text_of(said) == message["text"] == "ett "
    assert (said[-1].name, message["state"]) == ("error", "interrupted")


async def test_the_guard_counts_on_the_record_what_the_law_treats_with_care(house):
    async with talking(house) as talk:
        begun = await talk.ask("Vad gäller för 19811218-9876?")
        await talk.events(begun["answer"])
    intent = (await house.records(call=begun["call"]))[0]
    assert intent["guard"] == [{"kind": "personnummer", "count": 1, "action": "allow"}]


async def test_an_end_that_cant_be_kept_at_once_is_told_and_kept_later(house):
    durable, database = asyncio.Event(), AwayNow(house.lab.database)
    lab = with_ledger(
        replace(house.lab, database=database), held(house.lab.ledger, durable, EventType.CALL_OUTCOME)
    )
    async with a_lab(house, lab) as url, talking(house, url=url) as talk:
        begun = await talk.ask("Hej?")
        async with talk.following(begun["answer"]) as coming:
            await until(coming, 2)
            database.away = 1
            durable.set()
            assert [event async for event in coming][-1].name == "done"
        kept = await until_state(talk, begun["answer"], "complete")
    assert (kept["text"], database.away) == ("Hej", 0)
