"""Answers that are left: by a lab that closes or is killed, by another process, in a conversation that is deleted."""

import asyncio
import shutil
import sqlite3
from dataclasses import replace

import anyio
import pytest

from audit.filters import Filter
from audit.keys import open_keys
from audit.ledger import Ledger
from audit.records import EventType
from auth.database import Database
from auth.identity import TenantId
from gateway.app import compose
from tests.gateway.answering import CHAT_PATH, a_lab, begins, outcome_of, slowly
from tests.gateway.fakes import (
    AwayNow,
    held,
    with_ledger,
    with_models,
)
from tests.gateway.people import HERE
from tests.gateway.serving import served
from tests.gateway.talking import talking, text_of, until

pytestmark = pytest.mark.anyio


async def test_the_lab_closes_and_every_answer_gets_its_outcome(house):
    house.chat.answer(CHAT_PATH, begins("Högst "))
    lab = with_models(house.lab, house.lab.models)
    async with served(compose(lab)) as url, talking(house, url=url) as talk:
        begun = await talk.ask("Hur många?")
        async with talk.following(begun["answer"]) as coming:
            seen = await until(coming, 2)
            await lab.conversations.close()
            seen += [event async for event in coming]
        kept = await talk.message(begun["answer"])
    assert (seen[-1].name, seen[-1].data["slug"]) == ("error", "answer_interrupted")
    assert (kept["state"], kept["text"]) == ("interrupted", "Högst ")
    outcome = await outcome_of(house, begun)
    assert (outcome["outcome"]["status"], outcome["detail"]["reason"]) == ("failed", "answer_interrupted")


async def test_what_is_written_is_kept_while_it_is_written_and_a_start_marks_what_was_left(house):
    house.chat.answer(CHAT_PATH, begins("Högst två "))
    async with talking(house) as talk:
        begun = await talk.ask("Hur många?")
        with anyio.fail_after(10):
            while (message := await talk.message(begun["answer"]))["text"] == "":
                await anyio.sleep(0.05)
        assert (message["state"], message["text"], message["place"]) == ("writing", "Högst två ", "10")
        # As after a crash: another process starts and finds it half written.
        await house.lab.conversations.recover([TenantId("norrskog"), TenantId(HERE)])
        left = await talk.message(begun["answer"])
        assert (left["state"], left["text"], left["problem"]["slug"]) == (
            "interrupted",
            "Högst två ",
            "answer_interrupted",
        )
        await talk.stop(begun["answer"])


async def test_an_answer_that_another_process_writes_is_followed_from_what_is_kept(house):
    house.chat.answer(CHAT_PATH, slowly("ett ", "två ", gap=0.9))
    other = with_models(house.lab, house.lab.models)
    async with a_lab(house, other) as url, talking(house, url=url) as talk:
        begun = await talk.ask("Räkna")
        async with talking(house) as elsewhere:
            said = await talk.at(elsewhere.http).events(begun["answer"])
    assert text_of(said) == "ett två "
    assert [each.name for each in said if each.name != "delta"] == ["start", "citations", "done"]


async def test_a_conversation_deleted_while_it_is_answered_stops_the_engine_and_stays_gone(house):
    house.chat.answer(CHAT_PATH, begins("Högst "))
    async with talking(house) as talk:
        begun = await talk.ask("Hur många?")
        async with talk.following(begun["answer"]) as coming:
            await until(coming, 2)
            assert (await talk.http.delete(talk.path)).status_code == 204
            await house.chat.until(lambda server: server.left == 1, within=5)
        assert (await outcome_of(house, begun))["outcome"]["status"] == "client_aborted"
        assert (await talk.http.get(talk.path)).status_code == 404
        assert (await talk.stop(begun["answer"])).status_code == 404
        gone = await talk.http.get(f"{talk.path}/messages/{begun['answer']}/events")
        assert gone.status_code == 404


async def test_a_conversation_that_is_gone_when_the_question_is_on_record_is_not_answered(house):
    durable = asyncio.Event()
    ledger = held(house.lab.ledger, durable, EventType.CALL_INTENT)
    async with a_lab(house, with_ledger(house.lab, ledger)) as url, talking(house, url=url) as talk:
        asking = asyncio.create_task(talk.post("Hur många?"))
        await asyncio.sleep(0.2)
        assert (await talk.http.delete(talk.path)).status_code == 204
        durable.set()
        refused = await asking
    assert (refused.status_code, refused.json()["title"]) == (404, "Samtalet finns inte.")
    assert house.chat.asked == []
    intent, outcome = await house.records_of(refused)
    assert (outcome["ref"], outcome["outcome"]["status"]) == (intent["seq"], "blocked")


async def test_after_a_crash_the_ledger_and_the_conversation_say_the_same(house, tmp_path):
    house.chat.answer(CHAT_PATH, begins("Högst två "))
    async with talking(house) as talk:
        begun = await talk.ask("Hur många?")
        with anyio.fail_after(10):
            while (await talk.message(begun["answer"]))["text"] == "":
                await anyio.sleep(0.05)
            while any(log.lag for log in house.lab.ledger.status().logs):
                await anyio.sleep(0.05)
        await anyio.to_thread.run_sync(as_it_lies, house, tmp_path)
        await talk.stop(begun["answer"])
    keys = open_keys(house.settings.audit.keys)
    ledger = await Ledger.open(tmp_path / "ledger", origin=house.settings.audit.origin, keys=keys)
    database = Database(f"sqlite:///{tmp_path / 'valv.db'}")
    lab = with_ledger(replace(house.lab, database=database), ledger)
    await lab.conversations.recover([TenantId(HERE)])
    async with a_lab(house, lab) as url, talking(house, url=url) as there:
        left = await talk.at(there.http).message(begun["answer"])
        told = await talk.at(there.http).events(begun["answer"], after="5")
    reader = ledger.reader(TenantId(HERE))
    found = await anyio.to_thread.run_sync(lambda: reader.search(Filter(call=begun["call"]), limit=9))
    await ledger.close()
    await database.close()
    assert [each.record["type"] for each in found.records] == ["call.interrupted", "call.intent"]
    assert (left["state"], left["text"]) == ("interrupted", "Högst två ")
    assert [each.name for each in told] == ["delta", "error"]
    assert text_of(told) == " två "
    assert told[-1].data["slug"] == "answer_interrupted"


def as_it_lies(house, folder):
    """What a process that is killed now would leave behind, but for files that are just getting their names."""
    unnamed = shutil.ignore_patterns(".*", "*.new")
    shutil.copytree(house.settings.audit.folder, folder / "ledger", ignore=unnamed)
    source = sqlite3.connect(house.folder / "data" / "valv.db")
    copy = sqlite3.connect(folder / "valv.db")
    source.backup(copy)
    source.close()
    copy.close()


async def test_a_lab_that_closes_does_not_wait_for_a_database_that_stays_away(house):
    database = AwayNow(house.lab.database)
    lab = with_models(replace(house.lab, database=database), house.lab.models)
    house.chat.answer(CHAT_PATH, begins("Hej "))
    async with a_lab(house, lab) as url, talking(house, url=url) as talk:
        begun = await talk.ask("Hej?")
        async with talk.following(begun["answer"]) as coming:
            await until(coming, 2)
            database.away = 1000
            with anyio.fail_after(5):
                await lab.conversations.close()
            assert [event async for event in coming][-1].data["slug"] == "answer_interrupted"
        database.away = 0
        assert (await outcome_of(house, begun))["detail"]["reason"] == "answer_interrupted"
        await lab.conversations.recover([TenantId(HERE)])
        assert (await talk.message(begun["answer"]))["state"] == "interrupted"
