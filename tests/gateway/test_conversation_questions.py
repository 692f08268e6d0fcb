"""Questions in a conversation: what goes with them to the model, which branch they begin, and which are refused."""

import asyncio
from dataclasses import replace

import pytest

from tests.gateway.answering import CHAT_PATH, a_lab, begins, outcome_of
from tests.gateway.fakes import (
    classified,
    says,
)
from tests.gateway.talking import ROOT, talking, text_of
from tests.inference.upstream import cut

pytestmark = pytest.mark.anyio


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


async def test_without_support_the_answer_says_so_and_names_what_lies_nearest(house, shared_things):
    chosen = [shared_things.collection]
    async with talking(house, model=None, collections=chosen, mode="quotations") as talk:
        begun = await talk.ask("Vem vann fotbollsmatchen i lördags?")
        said = await talk.events(begun["answer"])
        kept = await talk.message(begun["answer"])
    assert text_of(said) == "Inga källor i era dokument stöder ett svar på frågan."
    assert said[-1].data["supported"] is kept["supported"] is False
    assert said[-2].data["items"] == kept["citations"]
    assert [each["index"] for each in kept["citations"]] == [*range(1, len(kept["citations"]) + 1)]
    assert (
        1
        <= len({(each["document"], each["page"]) for each in kept["citations"]})
        == len(kept["citations"])
        <= 3
    )


async def test_a_programme_gets_no_citation_without_support(house, shared_things):
    asked = {"model": "citat", "collections": [shared_things.collection]}
    async with await house.programme() as programme:
        answer = await programme.post(
            CHAT_PATH,
            json=asked | {"messages": [{"role": "user", "content": "Vem vann fotbollsmatchen i lördags?"}]},
        )
    assert answer.json()["choices"][0]["message"]["annotations"] == []


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
