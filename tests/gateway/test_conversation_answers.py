"""Answers in a conversation: written apart from any request, followed, stopped, on record to their end."""

import asyncio
import contextlib
import json
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
from gateway.scribe import Capture, Scribe
from tests.gateway.fakes import (
    AwayNow,
    SealsSome,
    classified,
    failing,
    held,
    says,
    with_ledger,
    with_models,
)
from tests.gateway.people import HERE
from tests.gateway.serving import served
from tests.gateway.talking import ROOT, read, talking, text_of, until
from tests.inference.upstream import after, cut, events_then, hang, piece

pytestmark = pytest.mark.anyio

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


async def test_a_question_is_answered_and_kept(house):
    house.chat.answer(CHAT_PATH, says("Högst ", "två ", "dagar."))
    async with talking(house) as talk:
        begun = await talk.ask("Hur många dagar?")
        said = await talk.events(begun["answer"])
        tree = await talk.tree()
    assert said[0].name == "start"
    assert said[0].data == {
        "message": begun["answer"],
        "call": begun["call"],
        "model": "skrivare",
        "kind": "chat",
        "forgotten": 0,
    }
    assert text_of(said) == "Högst två dagar."
    assert [each.name for each in said[-2:]] == ["citations", "done"]
    assert said[-1].data["state"] == "complete"
    assert said[-1].data["usage"]["completion_tokens"] == 3
    question, answer = tree["messages"]
    assert (question["text"], question["role"], question["parent"]) == ("Hur många dagar?", "user", None)
    assert (answer["text"], answer["parent"], answer["state"]) == (
        "Högst två dagar.",
        question["id"],
        "complete",
    )
    assert answer["finish"] == "stop"
    assert (tree["title"], tree["leaf"]) == ("Hur många dagar?", answer["id"])
    assert (await outcome_of(house, begun))["outcome"]["status"] == "ok"


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


async def test_the_answer_goes_on_when_nobody_looks_and_the_request_is_long_gone(house):
    house.chat.answer(CHAT_PATH, slowly("ett ", "två ", "tre"))
    async with talking(house) as talk:
        begun = await talk.ask("Räkna")
        await house.chat.until(lambda server: len(server.asked) == 1)
        message = await until_state(talk, begun["answer"], "complete")
    assert message["text"] == "ett två tre"
    assert house.chat.left == 0


async def test_a_reader_who_hangs_up_stops_nothing_and_goes_on_where_they_were(house):
    house.chat.answer(CHAT_PATH, slowly("ett ", "två ", "tre ", "fyra", gap=0.15))
    async with talking(house) as talk:
        begun = await talk.ask("Räkna")
        async with talk.following(begun["answer"]) as coming:
            seen = await until(coming, 3)
        assert house.chat.left == 0
        rest = await talk.events(begun["answer"], after=seen[-1].id)
        again = await talk.events(begun["answer"], **{"last-event-id": seen[1].id})
    assert text_of(seen + rest) == "ett två tre fyra"
    assert text_of(seen[:2] + again) == "ett två tre fyra"
    assert [each.name for each in rest if each.name in {"start", "done"}] == ["done"]
    assert (await outcome_of(house, begun))["outcome"]["status"] == "ok"


async def test_several_readers_see_the_same_at_once(house):
    house.chat.answer(CHAT_PATH, slowly(*"abcdefgh", gap=0.03))
    async with talking(house) as talk:
        begun = await talk.ask("Räkna")
        seen = await asyncio.gather(*(talk.events(begun["answer"]) for _ in range(4)))
    assert {text_of(each) for each in seen} == {"abcdefgh"}
    assert len(house.chat.asked) == 1


async def test_a_finished_answer_is_played_again_from_what_is_kept(house):
    house.chat.answer(CHAT_PATH, says("Högst ", "två"))
    async with talking(house) as talk:
        answer = await talk.say("Hur många?")
        whole = await talk.events(answer)
        rest = await talk.events(answer, after="3")
        nothing = await talk.events(answer, after=whole[-1].id)
    assert [(each.name, each.id) for each in whole] == [
        ("start", "0"),
        ("delta", "9"),
        ("citations", "9.1"),
        ("done", "9.2"),
    ]
    assert text_of(rest) == "st två"
    assert nothing == []


async def test_an_answer_being_written_carries_the_mark_of_a_machine(house):
    async with talking(house) as talk:
        begun = await talk.ask("Hej")
        path = f"{talk.path}/messages/{begun['answer']}/events"
        marked = (await talk.http.get(path)).headers["x-valv-ai-generated"]
    assert marked == f"model=skrivare; call={begun['call']}"


async def test_stop_leaves_the_engine_at_once_and_keeps_what_was_written(house):
    house.chat.answer(CHAT_PATH, begins("Högst ", "två "))
    async with talking(house) as talk:
        begun = await talk.ask("Hur många?")
        async with talk.following(begun["answer"]) as coming:
            seen = await until(coming, 2)
            stopped = await talk.stop(begun["answer"])
            await house.chat.until(lambda server: server.left == 1, within=5)
            seen += [event async for event in coming]
        again = await talk.stop(begun["answer"])
        kept = await talk.message(begun["answer"])
    assert stopped.status_code == again.status_code == 200
    assert stopped.json() == again.json() == kept
    assert (kept["state"], kept["text"], kept["problem"]) == ("stopped", "Högst två ", None)
    assert text_of(seen) == "Högst två "
    assert (seen[-1].name, seen[-1].data["state"]) == ("done", "stopped")
    outcome = (await outcome_of(house, begun))["outcome"]
    assert outcome["status"] == "client_aborted"
    assert outcome["released"] > len("Högst två ")


async def test_stop_before_the_first_word_stops_too(house):
    house.chat.answer(CHAT_PATH, hang)
    async with talking(house) as talk:
        begun = await talk.ask("Hur många?")
        await house.chat.until(lambda server: len(server.asked) == 1)
        stopped = (await talk.stop(begun["answer"])).json()
        await house.chat.until(lambda server: server.left == 1, within=5)
    assert (stopped["state"], stopped["text"]) == ("stopped", "")
    assert (await outcome_of(house, begun))["outcome"]["status"] == "client_aborted"


async def test_stop_after_the_end_changes_nothing(house):
    async with talking(house) as talk:
        begun = await talk.ask("Hej?")
        await talk.events(begun["answer"])
        before = await talk.message(begun["answer"])
        assert (await talk.stop(begun["answer"])).json() == before
    assert before["state"] == "complete"
    assert (await outcome_of(house, begun))["outcome"]["status"] == "ok"


async def test_a_model_that_is_down_fails_the_answer_and_says_so_in_the_readers_language(house):
    house.unsteady.answer(CHAT_PATH, cut)
    async with talking(house, model="ostadig") as talk:
        begun = await talk.ask("What?")
        (_, swedish) = await talk.events(begun["answer"])
        (_, english) = await talk.events(begun["answer"], **{"accept-language": "en"})
        kept = await talk.message(begun["answer"])
    assert (swedish.name, swedish.data["slug"], swedish.data["state"]) == ("error", "model_failed", "failed")
    assert swedish.data["request_id"] == begun["call"]
    assert swedish.data["title"] != english.data["title"]
    assert (kept["state"], kept["text"], kept["problem"]["slug"]) == ("failed", "", "model_failed")
    outcome = await outcome_of(house, begun)
    assert (outcome["outcome"]["status"], outcome["detail"]["reason"]) == ("failed", "model_failed")


async def test_a_model_that_breaks_off_leaves_what_it_wrote(house):
    house.chat.answer(CHAT_PATH, begins("Högst ", then=after(0.1, cut)))
    async with talking(house) as talk:
        begun = await talk.ask("Hur många?")
        said = await talk.events(begun["answer"])
        kept = await talk.message(begun["answer"])
        house.chat.answer(CHAT_PATH, says("två"))
        await talk.say("Och?", begun["answer"])
    assert [each.name for each in said] == ["start", "delta", "error"]
    assert (kept["state"], kept["text"]) == ("failed", "Högst ")
    assert house.chat.asked[-1].json["messages"][1] == {"role": "assistant", "content": "Högst "}


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


async def test_a_person_has_so_many_answers_at_once_and_no_more(house):
    house.chat.answer(CHAT_PATH, begins("Hej "))
    limit = house.settings.limits.person_answers
    async with talking(house) as talk, talking(house, role="prototyper") as other:
        begun = [await talk.ask(f"Fråga {number}") for number in range(limit)]
        before = (await talk.tree())["messages"]
        refused = await talk.post("En till")
        assert (await talk.tree())["messages"] == before
        elsewhere = await other.ask("Jag då?")
        await talk.stop(begun[0]["answer"])
        begun.append(await talk.ask("Nu då?"))
        for each in begun:
            await talk.stop(each["answer"])
        await other.stop(elsewhere["answer"])
    assert (refused.status_code, refused.json()["slug"]) == (429, "too_many_answers")
    assert refused.headers["retry-after"] == "5"
    (record,) = await house.records_of(refused)
    assert record["type"] == "call.refused"


async def test_two_tabs_that_send_at_once_both_get_their_branch(house):
    async with talking(house) as talk:
        first = await talk.say("Hej")
        both = await asyncio.gather(talk.ask("Från en flik", first), talk.ask("Från en annan", first))
        for begun in both:
            await talk.events(begun["answer"])
        tree = await talk.tree()
    children = {each["text"] for each in tree["messages"] if each["parent"] == first}
    assert children == {"Från en flik", "Från en annan"}
    assert tree["leaf"] in {begun["answer"] for begun in both}
    assert len(tree["messages"]) == 6


async def test_what_was_said_on_the_way_goes_with_the_question_and_no_other_branch(house):
    house.chat.answer(CHAT_PATH, says("Svar ett"), says("Svar två"), says("Svar tre"))
    async with talking(house) as talk:
        first = await talk.say("Fråga ett")
        await talk.say("En sidofråga", first)
        await talk.say("Fråga två", first)
    asked = [(each["role"], each["content"]) for each in house.chat.asked[-1].json["messages"]]
    assert asked == [("user", "Fråga ett"), ("assistant", "Svar ett"), ("user", "Fråga två")]


async def test_what_does_not_fit_is_left_out_and_said(house):
    async with talking(house) as talk:
        first = await talk.say("Äldst " + "x" * 9000)
        second = await talk.say("Nyss " + "y" * 4000, first)
        begun = await talk.ask("Och nu?", second)
        said = await talk.events(begun["answer"])
        kept = await talk.message(begun["answer"])
    asked = [each["content"][:5] for each in house.chat.asked[-1].json["messages"]]
    assert asked == ["Nyss ", "Hej", "Och n"]
    assert said[0].data["forgotten"] == begun["forgotten"] == kept["forgotten"] == 2


async def test_sources_are_found_cited_and_kept_and_what_was_said_goes_between(house, shared_things):
    house.chat.answer(CHAT_PATH, says("Två dagar [1]."))
    async with talking(house, collections=[shared_things.collection]) as talk:
        first = await talk.say("Hur många dagar i veckan får en medarbetare arbeta på distans?")
        begun = await talk.ask("Vem beslutar om undantag från distansarbete?", first)
        said = await talk.events(begun["answer"])
        kept = await talk.message(begun["answer"])
    roles = [each["role"] for each in house.chat.asked[-1].json["messages"]]
    assert roles == ["system", "user", "assistant", "user"]
    items = next(each for each in said if each.name == "citations").data["items"]
    assert items == kept["citations"]
    assert items[0]["document"] == shared_things.document
    assert said[-1].data["supported"] is kept["supported"] is True
    assert (await outcome_of(house, begun))["rag"][0]["doc"] == shared_things.document


async def test_quotations_need_no_model(house, shared_things):
    chosen = [shared_things.collection]
    async with talking(house, model=None, collections=chosen, mode="quotations") as talk:
        begun = await talk.ask("Hur många dagar i veckan får en medarbetare arbeta på distans?")
        said = await talk.events(begun["answer"])
    assert (begun["model"], begun["kind"]) == ("citat", "extractive")
    assert "högst två dagar i veckan" in text_of(said)
    assert house.chat.asked == []


async def test_choices_in_a_question_are_for_that_question_alone(house, shared_things):
    async with talking(house) as talk:
        begun = await talk.ask("Hur många dagar på distans?", mode="quotations", collections=None)
        await talk.events(begun["answer"])
        after_it = await talk.ask("Hej", begun["answer"])
        await talk.events(after_it["answer"])
        tree = await talk.tree()
    assert (begun["model"], after_it["model"]) == ("citat", "skrivare")
    assert (tree["mode"], tree["model"], tree["collections"]) == ("model", "skrivare", [])


async def test_without_a_model_the_language_chooses_where_documents_are_searched(house):
    async with talking(house, model=None) as talk:
        without = await talk.ask("Hur många dagar?")
        searched = await talk.ask("Hur många dagar?", collections=None)
        for each in (without, searched):
            await talk.events(each["answer"])
    assert (without["model"], searched["model"]) == ("skrivare", "skrivare")


async def test_another_answer_stands_beside_the_first_and_is_shown(house):
    house.chat.answer(CHAT_PATH, says("Ett svar"), says("Ett annat"))
    async with talking(house) as talk:
        first = await talk.say("Hur många?")
        question = (await talk.message(first))["parent"]
        second = await talk.again(question)
        await talk.events(second["answer"])
        tree = await talk.tree()
    texts = [each["text"] for each in tree["messages"] if each["parent"] == question]
    assert texts == ["Ett svar", "Ett annat"]
    assert (tree["leaf"], second["question"]) == (second["answer"], question)
    assert [each.json["messages"] for each in house.chat.asked] == [
        [{"role": "user", "content": "Hur många?"}]
    ] * 2


async def test_a_question_asked_otherwise_is_a_branch_of_its_own(house):
    async with talking(house) as talk:
        await talk.say("Hur mnga?")
        await talk.say("Hur många?")
        tree = await talk.tree()
    assert [each["text"] for each in tree["messages"] if each["parent"] is None] == [
        "Hur mnga?",
        "Hur många?",
    ]
    assert tree["title"] == "Hur mnga?"


async def test_an_answer_that_is_being_written_is_not_gone_on_from(house):
    house.chat.answer(CHAT_PATH, begins("Hej "))
    async with talking(house) as talk:
        begun = await talk.ask("Hur många?")
        refused = await talk.post("Och sedan?", begun["answer"])
        await talk.stop(begun["answer"])
        house.chat.answer(CHAT_PATH, says("Nu"))
        await talk.say("Och sedan?", begun["answer"])
    assert (refused.status_code, refused.json()["slug"]) == (409, "still_writing")
    assert "skrivs fortfarande" in refused.json()["title"]


async def test_the_guard_counts_on_the_record_what_the_law_treats_with_care(house):
    async with talking(house) as talk:
        begun = await talk.ask("Vad gäller för 19811218-9876?")
        await talk.events(begun["answer"])
    intent = (await house.records(call=begun["call"]))[0]
    assert intent["guard"] == [{"kind": "personnummer", "count": 1, "action": "allow"}]


async def test_a_class_above_the_models_ceiling_is_refused_with_nothing_kept(house):
    lab = classified(house.lab, "confidential")
    async with a_lab(house, lab) as url, talking(house, url=url) as talk:
        refused = await talk.post("Hemligt?")
        tree = await talk.tree()
    assert (refused.status_code, refused.json()["slug"]) == (403, "above_ceiling")
    assert tree["messages"] == []
    assert house.chat.asked == []
    (record,) = await house.records_of(refused)
    assert (record["type"], record["op"]["model"]) == ("authz.denied", "skrivare")


async def test_the_budget_of_the_organisation_counts_questions_here_too(house):
    lab = replace(
        house.lab, limits=type(house.lab.limits)(tenant_per_minute=1, key_per_minute=1, clock=float)
    )
    async with a_lab(house, lab) as url, talking(house, url=url) as talk:
        begun = await talk.ask("Hej")
        refused = await talk.http.post(
            f"{talk.path}/messages/{begun['question']}/answers", json={"model": "skrivare"}
        )
        await talk.events(begun["answer"])
    assert (refused.status_code, refused.json()["slug"]) == (429, "limit_reached")


async def test_a_nul_in_an_answer_or_a_question_is_left_out(house):
    house.chat.answer(CHAT_PATH, says("He\0j"))
    async with talking(house) as talk:
        answer = await talk.say("Va\0d?")
        tree = await talk.tree()
    assert [each["text"] for each in tree["messages"]] == ["Vad?", "Hej"]
    assert tree["leaf"] == answer


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


async def test_the_figures_count_an_answer_once_under_its_model(house):
    lab = with_models(house.lab, house.lab.models)

    def figure():
        labels = {"tenant": HERE, "model": "skrivare", "outcome": "ok"}
        return lab.metrics.registry.get_sample_value("valv_calls_total", labels) or 0

    async with a_lab(house, lab) as url, talking(house, url=url) as talk:
        before = figure()
        await talk.say("Hej?")
        with anyio.fail_after(5):
            while figure() == before:
                await anyio.sleep(0.01)
        await anyio.sleep(0.05)
    assert figure() == before + 1


async def test_everyone_has_their_own_and_the_root_is_theirs(house):
    async with talking(house) as talk, talking(house, role="prototyper") as other:
        await talk.say("Hej?")
        listed = (await other.http.get(ROOT)).json()["items"]
    assert talk.id not in {each["id"] for each in listed}


async def test_sources_give_way_to_what_was_said_before(house, things):
    text = "En medarbetare får arbeta på distans efter beslut av chefen. " * 12
    await house.document(things.collection, "lang.txt", text.encode())
    shown = []
    for earlier in ("Kort", "x" * 9_900):
        said = [("user", earlier), ("assistant", "Svar"), ("user", "Får en medarbetare arbeta på distans?")]
        messages = [{"role": role, "content": content} for role, content in said]
        body = {"model": "skrivare", "collections": [things.collection], "messages": messages}
        async with await house.programme() as programme:
            assert (await programme.post(CHAT_PATH, json=body)).status_code == 200
        sent = house.chat.asked[-1].json["messages"]
        assert sent[1]["content"] == earlier
        shown.append(len(sent[-1]["content"]))
        assert sum(len(each["content"]) for each in sent) / 3 < 4096 - 512
    assert shown[1] < shown[0]


async def test_a_place_is_free_again_after_every_end(house):
    async with talking(house) as talk:
        for script in (says("Hej"), cut, says("Hej"), cut, says("Hej")):
            house.chat.answer(CHAT_PATH, script)
            begun = await talk.ask("Hej?")
            await talk.events(begun["answer"])
        refused = [await talk.post(" ") for _ in range(4)]
        assert {each.status_code for each in refused} == {400}
        await talk.say("Hej?")


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
