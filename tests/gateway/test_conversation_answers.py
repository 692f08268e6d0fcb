"""Answers in a conversation: written apart from any request, followed, stopped, played again."""

import asyncio

import anyio
import pytest

from tests.gateway.answering import CHAT_PATH, a_lab, begins, outcome_of, slowly, until_state
from tests.gateway.fakes import (
    says,
    with_models,
)
from tests.gateway.people import HERE
from tests.gateway.talking import talking, text_of, until
from tests.inference.upstream import after, cut, hang

pytestmark = pytest.mark.anyio


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


async def test_a_nul_in_an_answer_or_a_question_is_left_out(house):
    house.chat.answer(CHAT_PATH, says("He\0j"))
    async with talking(house) as talk:
        answer = await talk.say("Va\0d?")
        tree = await talk.tree()
    assert [each["text"] for each in tree["messages"]] == ["Vad?", "Hej"]
    assert tree["leaf"] == answer


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
