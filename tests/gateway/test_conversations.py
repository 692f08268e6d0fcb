"""A person's conversations: theirs alone, listed, searched, named, deleted, taken out; and their drafts."""

import asyncio
import json
from datetime import UTC, datetime

import anyio
import pytest

from auth.identity import Method, Principal, Role, TenantId
from gateway.conversation_errors import UnknownConversation
from gateway.conversations.conversation import Choice, Message, State
from gateway.conversations.conversation import Role as Speaker
from tests.gateway.fakes import says
from tests.gateway.people import HERE, THERE
from tests.gateway.talking import ROOT, talking
from tests.inference.upstream import events_then, hang, piece

pytestmark = pytest.mark.anyio

CHAT_PATH = "/v1/chat/completions"
NEW_DRAFT = f"{ROOT}/draft"


@pytest.fixture(autouse=True)
async def nothing_left(house):
    """The two people of these tests begin with nothing."""
    for role in ("employee", "prototyper"):
        async with await house.person(role) as person:
            assert (await person.delete(ROOT)).status_code == 204
    house.shared = None


async def search(http, text, **more):
    answer = await http.post(f"{ROOT}/search", json={"text": text} | more)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def reaches(http, talk, begun):
    """What every route to a conversation answers to this person."""
    one, answer = talk.path, f"{talk.path}/messages/{begun['answer']}"
    again = f"{talk.path}/messages/{begun['question']}/answers"
    return [
        await http.get(one),
        await http.patch(one, json={"title": "Mitt"}),
        await http.get(f"{one}/draft"),
        await http.put(f"{one}/draft", json={"text": "Mitt"}),
        await http.delete(f"{one}/draft"),
        await http.post(f"{one}/messages", json={"text": "Hej"}),
        await http.post(again, json={}),
        await http.get(f"{answer}/events"),
        await http.post(f"{answer}/stop"),
        await http.delete(one),
    ]


@pytest.mark.parametrize(
    ("role", "tenant", "statuses"),
    [
        ("prototyper", HERE, {404}),
        ("employee", THERE, {404}),
        ("prototyper", THERE, {404}),
        ("security-officer", HERE, {403}),
        ("tenant-admin", HERE, {403}),
        ("security-officer", THERE, {403}),
    ],
)
async def test_a_conversation_is_its_owners_alone(house, role, tenant, statuses):
    house.chat.answer(CHAT_PATH, events_then(hang, piece("Hemligt svar")))
    async with talking(house) as talk, await house.person(role, tenant) as other:
        begun = await talk.ask("Hemlig fråga")
        await talk.http.put(f"{talk.path}/draft", json={"text": "Hemligt utkast"})
        answers = await reaches(other, talk, begun)
        assert {each.status_code for each in answers} == statuses
        assert all("Hemlig" not in each.text for each in answers)
        assert (await talk.message(begun["answer"]))["state"] == "writing"
        assert (await talk.http.get(f"{talk.path}/draft")).json()["text"] == "Hemligt utkast"
        stopped = await talk.stop(begun["answer"])
    assert stopped.json()["text"] == "Hemligt svar"


async def test_a_person_of_two_organisations_has_in_each_what_began_there(house):
    here, there = (house.lab.conversations.of(someone(tenant)) for tenant in (HERE, THERE))
    made = await here.begin(Choice())
    with pytest.raises(UnknownConversation):
        await there.records.conversation(made.id)
    await there.remove_all()
    assert await here.records.all() == [made.id]
    await here.remove_all()


async def test_the_list_has_the_last_touched_first_and_goes_on_at_its_cursor(house):
    async with talking(house) as first, talking(house) as second, talking(house) as third:
        for talk in (first, second, third):
            await talk.say(f"Fråga {talk.id}")
        await first.say("Igen")
        page = (await first.http.get(ROOT, params={"limit": 2})).json()
        rest = (await first.http.get(ROOT, params={"limit": 2, "cursor": page["cursor"]})).json()
    assert [each["id"] for each in page["items"] + rest["items"]] == [first.id, third.id, second.id]
    assert rest["cursor"] is None


async def test_a_conversation_without_a_question_is_not_listed(house):
    async with talking(house) as talk:
        assert (await talk.http.get(ROOT)).json()["items"] == []
        assert (await talk.tree())["messages"] == []


@pytest.mark.parametrize("wanted", ["ÖVERKLAGAN", "överklagan", "o\u0308verklagan", "Överklaga"])
async def test_a_search_knows_no_difference_of_upper_and_lower_case(house, wanted):
    house.chat.answer(CHAT_PATH, says("Ett svar"))
    async with talking(house) as talk, talking(house) as other:
        await talk.say("Hej\nHur lång tid tar en ÖverKlagan av beslutet?")
        await other.say("Något annat")
        found = await search(talk.http, wanted)
    (hit,) = found["items"]
    assert hit["conversation"]["id"] == talk.id
    assert hit["snippet"][hit["start"] : hit["end"]].lower().startswith("överklaga")
    question = (await _message(house, talk, hit["message"]))["text"]
    assert "ÖverKlagan" in question
    assert hit["role"] == "user"


async def _message(house, talk, message):
    async with await house.person() as http:
        return await talk.at(http).message(message)


async def test_a_search_finds_answers_and_titles_too_and_each_conversation_once(house):
    house.chat.answer(CHAT_PATH, says("Svaret om Ärenden"), says("Ännu ett om ärenden"), says("Annat"))
    async with talking(house) as talk, talking(house) as named:
        first = await talk.say("Fråga")
        second = await talk.say("Fråga igen", first)
        await named.say("Fråga")
        await named.http.patch(named.path, json={"title": "Om ärenden"})
        items = (await search(talk.http, "ÄRENDEN"))["items"]
    assert [each["conversation"]["id"] for each in items] == [named.id, talk.id]
    assert [each["message"] for each in items] == [None, second]
    assert items[1]["role"] == "assistant"
    assert items[0]["snippet"] == "Om ärenden"


@pytest.mark.parametrize(
    ("wanted", "hits"), [("100 %", 1), ("%", 1), ("_", 0), ("100_%", 0), ("\\", 0), ("/", 0)]
)
async def test_signs_that_mean_something_to_a_database_mean_themselves(house, wanted, hits):
    async with talking(house) as talk, talking(house) as other:
        await talk.say("Gäller 100 % av lönen?")
        await other.say("Gäller 1000 kr?")
        assert len((await search(talk.http, wanted))["items"]) == hits


async def test_a_search_goes_on_at_its_cursor(house):
    async with talking(house) as first, talking(house) as second:
        await first.say("Samma ord")
        await second.say("Samma ord")
        page = await search(first.http, "samma", limit=1)
        rest = await search(first.http, "samma", limit=1, cursor=page["cursor"])
    assert [each["conversation"]["id"] for each in page["items"] + rest["items"]] == [second.id, first.id]
    assert rest["cursor"] is None


async def test_what_is_another_persons_is_neither_listed_found_nor_taken_out(house):
    async with talking(house) as talk, talking(house, role="prototyper") as other:
        await talk.say("Hemligheten om Å")
        await talk.http.put(NEW_DRAFT, json={"text": "Hemligt utkast"})
        assert (await other.http.get(ROOT)).json()["items"] == []
        assert (await search(other.http, "hemlig"))["items"] == []
        assert "emlig" not in (await other.http.get(f"{ROOT}/export")).text
        assert (await other.http.get(NEW_DRAFT)).json() == {"text": "", "updated": None}


async def test_a_conversation_is_renamed_and_keeps_its_place(house):
    async with talking(house) as first, talking(house) as second:
        await first.say("Ett")
        await second.say("Två")
        renamed = await first.http.patch(first.path, json={"title": "  Om distansarbete  "})
        listed = (await first.http.get(ROOT)).json()["items"]
    assert renamed.json()["title"] == "Om distansarbete"
    assert [each["title"] for each in listed] == ["Två", "Om distansarbete"]


async def test_a_name_that_was_given_before_the_first_question_stays(house):
    async with talking(house) as talk:
        await talk.http.patch(talk.path, json={"title": "Mitt namn"})
        await talk.say("Fråga")
        assert (await talk.tree())["title"] == "Mitt namn"


async def test_the_chosen_leaf_is_remembered(house):
    async with talking(house) as talk:
        first = await talk.say("Ett")
        await talk.say("Två", first)
        changed = await talk.http.patch(talk.path, json={"leaf": first})
        assert changed.json()["leaf"] == (await talk.tree())["leaf"] == first


async def test_a_leaf_of_another_conversation_is_none(house):
    async with talking(house) as talk, talking(house) as other:
        foreign = await other.say("Ett")
        refused = await talk.http.patch(talk.path, json={"leaf": foreign, "title": "Nytt"})
        tree = await talk.tree()
    assert (refused.status_code, refused.json()["slug"]) == (404, "not_found")
    assert (tree["leaf"], tree["title"]) == (None, "")


async def test_choices_are_changed_one_by_one(house, things):
    async with talking(house) as talk:
        for change in ({"collections": [things.collection]}, {"model": None}, {"mode": "quotations"}):
            assert (await talk.http.patch(talk.path, json=change)).status_code == 200
        tree = await talk.tree()
        await talk.http.patch(talk.path, json={"collections": None})
        assert (await talk.tree())["collections"] is None
    assert (tree["collections"], tree["model"], tree["mode"]) == ([things.collection], None, "quotations")


async def test_a_deleted_conversation_is_gone_with_all_that_was_in_it(house):
    async with talking(house) as talk:
        answer = await talk.say("Borttaget å")
        await talk.http.put(f"{talk.path}/draft", json={"text": "Ett utkast"})
        assert (await talk.http.delete(talk.path)).status_code == 204
        for path in (talk.path, f"{talk.path}/draft", f"{talk.path}/messages/{answer}/events"):
            assert (await talk.http.get(path)).status_code == 404
        assert (await talk.http.delete(talk.path)).status_code == 404
        assert (await search(talk.http, "borttaget"))["items"] == []
        assert json.loads((await talk.http.get(f"{ROOT}/export")).text)["drafts"] == []


async def test_all_of_ones_own_is_deleted_at_once_and_nobody_elses(house):
    house.chat.answer(CHAT_PATH, says("Hej"), events_then(hang, piece("Hej ")))
    async with talking(house) as talk, talking(house, role="prototyper") as other:
        kept = await other.say("Kvar")
        begun = await talk.ask("Pågår")
        await house.chat.until(lambda server: len(server.asked) == 2)
        await talk.http.put(NEW_DRAFT, json={"text": "Ett utkast"})
        assert (await talk.http.delete(ROOT)).status_code == 204
        await house.chat.until(lambda server: server.left == 1, within=5)
        assert (await talk.http.get(ROOT)).json()["items"] == []
        assert (await talk.http.get(NEW_DRAFT)).json()["text"] == ""
        assert (await other.message(kept))["text"] == "Hej"
    (_, outcome) = await house.until_records(("call.intent", "call.outcome"), call=begun["call"])
    assert outcome["outcome"]["status"] == "client_aborted"


async def test_everything_of_ones_own_is_taken_out(house):
    house.chat.answer(CHAT_PATH, says("Svar å"))
    async with talking(house) as talk, talking(house) as other:
        first = await talk.say("Fråga ä")
        await talk.http.patch(talk.path, json={"title": "Namn ö"})
        await other.say("En annan")
        await talk.http.put(f"{talk.path}/draft", json={"text": "Utkast i samtalet"})
        await talk.http.put(NEW_DRAFT, json={"text": "Utkast till nytt"})
        taken = await talk.http.get(f"{ROOT}/export")
        whole = await talk.tree()
    assert taken.headers["content-disposition"] == 'attachment; filename="samtal.json"'
    assert taken.headers["cache-control"] == "no-store"
    document = taken.json()
    assert datetime.fromisoformat(document["exported"]).tzinfo is not None
    assert [each["id"] for each in document["conversations"]] == [talk.id, other.id]
    assert document["conversations"][0] == whole
    assert whole["messages"][1]["id"] == first
    drafts = {each["conversation"]: each["text"] for each in document["drafts"]}
    assert drafts == {talk.id: "Utkast i samtalet", None: "Utkast till nytt"}


async def test_taking_out_nothing_is_a_whole_document_too(house):
    async with await house.person() as person:
        taken = (await person.get(f"{ROOT}/export")).json()
    assert (taken["conversations"], taken["drafts"]) == ([], [])


@pytest.mark.parametrize("place", ["new", "one"])
async def test_a_draft_is_kept_changed_and_forgotten(house, place):
    async with talking(house) as talk:
        path = NEW_DRAFT if place == "new" else f"{talk.path}/draft"
        assert (await talk.http.get(path)).json() == {"text": "", "updated": None}
        kept = (await talk.http.put(path, json={"text": "Ett utkast å"})).json()
        assert (await talk.http.get(path)).json() == kept
        await talk.http.put(path, json={"text": "Ett annat"})
        assert (await talk.http.get(path)).json()["text"] == "Ett annat"
        assert (await talk.http.delete(path)).status_code == 204
        assert (await talk.http.get(path)).json()["text"] == ""
        assert (await talk.http.delete(path)).status_code == 204


async def test_a_draft_is_gone_when_its_question_is_sent_and_the_others_stay(house):
    async with talking(house) as talk, talking(house) as other:
        for path in (NEW_DRAFT, f"{talk.path}/draft", f"{other.path}/draft"):
            await talk.http.put(path, json={"text": "Ett utkast"})
        first = await talk.say("Första frågan")
        left = [
            (await talk.http.get(path)).json()["text"]
            for path in (NEW_DRAFT, f"{talk.path}/draft", f"{other.path}/draft")
        ]
        await talk.http.put(NEW_DRAFT, json={"text": "Till nästa samtal"})
        await talk.say("Andra frågan", first)
        kept = (await talk.http.get(NEW_DRAFT)).json()["text"]
    assert left == ["", "", "Ett utkast"]
    assert kept == "Till nästa samtal"


async def test_a_draft_has_its_limit_and_the_longest_is_kept_whole(house):
    async with talking(house) as talk:
        longest = "å" * 40_000
        assert (await talk.http.put(NEW_DRAFT, json={"text": longest})).status_code == 200
        refused = await talk.http.put(NEW_DRAFT, json={"text": longest + "x"})
        kept = (await talk.http.get(NEW_DRAFT)).json()["text"]
        await talk.http.delete(NEW_DRAFT)
    assert (refused.status_code, refused.json()["slug"], refused.json()["limit"]) == (
        400,
        "text_too_long",
        40_000,
    )
    assert refused.json()["title"] == "Texten är för lång: högst 40000 tecken."
    assert kept == longest


async def test_drafts_that_are_kept_at_once_leave_one_of_them_whole(house):
    async with await house.person() as person:
        texts = [str(number) * 1000 for number in range(6)]
        done = await asyncio.gather(*(person.put(NEW_DRAFT, json={"text": text}) for text in texts))
        assert {each.status_code for each in done} == {200}
        assert (await person.get(NEW_DRAFT)).json()["text"] in texts


BAD = [
    ("POST", "{one}/messages", {"text": ""}, 400, "nothing_asked"),
    ("POST", "{one}/messages", {"text": " \n\t\0"}, 400, "nothing_asked"),
    ("POST", "{one}/messages", {"text": "x" * 32_001}, 400, "text_too_long"),
    ("POST", "{one}/messages", {}, 400, "malformed_body"),
    ("POST", "{one}/messages", {"text": 7}, 400, "malformed_body"),
    ("POST", "{one}/messages", {"text": "x", "parent": "\ud800"}, 404, "not_found"),
    ("POST", "{one}/messages", {"text": "x", "model": "\ud800"}, 400, "malformed_body"),
    ("POST", "{one}/messages", {"text": "x", "collections": ["\ud800"]}, 400, "malformed_body"),
    ("PATCH", "{one}", {"leaf": "\ud800\0"}, 404, "not_found"),
    ("PATCH", "{one}", {"title": "\ud800"}, 400, "bad_name"),
    ("GET", "{one}/messages/%00/events", None, 404, "not_found"),
    ("POST", "{one}/messages", {"text": "x", "parent": "0" * 24}, 404, "not_found"),
    ("POST", "{one}/messages", {"text": "x", "parent": "{foreign}"}, 404, "not_found"),
    ("POST", "{one}/messages", {"text": "x", "parent": "{question}"}, 404, "not_found"),
    ("POST", "{one}/messages", {"text": "x", "model": "hemlig"}, 404, "model_not_found"),
    ("POST", "{one}/messages", {"text": "x", "model": "vektorer"}, 400, "wrong_kind_of_model"),
    ("POST", "{one}/messages", {"text": "x", "collections": ["0" * 24]}, 404, "not_found"),
    ("POST", "{one}/messages", {"text": "x", "mode": "quotations"}, 400, "bad_value"),
    ("POST", "{one}/messages", {"text": "x", "model": "citat"}, 400, "bad_value"),
    ("POST", "{one}/messages", {"text": "x", "mode": "dikt"}, 400, "malformed_body"),
    ("POST", "{one}/messages/{answer}/answers", {}, 404, "not_found"),
    ("POST", "{one}/messages/{foreign}/answers", {}, 404, "not_found"),
    ("POST", "{one}/messages/{question}/stop", {}, 404, "not_found"),
    ("POST", "{one}/messages/{foreign}/stop", {}, 404, "not_found"),
    ("GET", "{one}/messages/{question}/events", None, 404, "not_found"),
    ("GET", "{one}/messages/{foreign}/events", None, 404, "not_found"),
    ("GET", "{one}/messages/{answer}/events?after=x", None, 400, "bad_value"),
    ("PATCH", "{one}", {"title": ""}, 400, "bad_name"),
    ("PATCH", "{one}", {"title": "x" * 201}, 400, "bad_name"),
    ("PATCH", "{one}", {"title": "rad\nbrytning"}, 400, "bad_name"),
    ("PATCH", "{one}", {"leaf": "0" * 24}, 404, "not_found"),
    ("PATCH", "{one}", {"model": "hemlig"}, 404, "model_not_found"),
    ("PATCH", "{one}", {"mode": "quotations"}, 400, "bad_value"),
    ("PATCH", "{one}", {"collections": ["0" * 24]}, 404, "not_found"),
    ("PATCH", "{one}", {"collections": ["0"] * 101}, 400, "malformed_body"),
    ("POST", ROOT, {"collections": ["0" * 24]}, 404, "not_found"),
    ("POST", ROOT, {"collections": [], "mode": "quotations"}, 400, "bad_value"),
    ("POST", f"{ROOT}/search", {"text": ""}, 400, "malformed_body"),
    ("POST", f"{ROOT}/search", {"text": "  "}, 400, "bad_value"),
    ("POST", f"{ROOT}/search", {"text": "x" * 201}, 400, "malformed_body"),
    ("POST", f"{ROOT}/search", {"text": "\ud83d"}, 400, "malformed_body"),
    ("POST", f"{ROOT}/search", {"text": "x", "cursor": "x"}, 400, "bad_value"),
    ("GET", f"{ROOT}?cursor=x", None, 400, "bad_value"),
    ("GET", f"{ROOT}?limit=0", None, 400, "malformed_body"),
    ("PUT", f"{ROOT}/draft", {}, 400, "malformed_body"),
    ("PUT", f"{ROOT}/{'0' * 24}/draft", {"text": "x"}, 404, "not_found"),
    ("GET", f"{ROOT}/{'0' * 24}", None, 404, "not_found"),
    ("GET", f"{ROOT}/%00", None, 404, "not_found"),
    ("DELETE", f"{ROOT}/{'0' * 24}", None, 404, "not_found"),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "slug"), BAD)
async def test_what_cant_be_done_is_a_problem_on_record_and_changes_nothing(
    house, method, path, body, status, slug
):
    async with talking(house) as talk, talking(house) as other:
        answer = await talk.say("Fråga")
        foreign = await other.say("En annan")
        names = {"one": talk.path, "answer": answer, "foreign": foreign}
        names["question"] = (await talk.message(answer))["parent"]
        before, asked = await talk.tree(), len(house.chat.asked)
        sent = None if body is None else json.dumps({k: _filled(v, names) for k, v in body.items()})
        headers = {"content-type": "application/json"}
        refused = await talk.http.request(
            method, _filled(path, names), content=sent, headers=headers if sent else {}
        )
        assert await talk.tree() == before
    assert (refused.status_code, refused.json()["slug"]) == (status, slug), refused.text
    assert refused.headers["content-type"] == "application/problem+json"
    assert (await house.records_of(refused))[-1]["detail"]["reason"] == slug
    assert len(house.chat.asked) == asked


def _filled(value, names):
    return value.format_map(names) if isinstance(value, str) and "{" in value else value


async def test_a_half_of_a_letter_is_marked_as_lost_wherever_it_is_written(house):
    async with talking(house) as talk:
        path, headers = f"{talk.path}/messages", {"content-type": "application/json"}
        asked = await talk.http.post(path, content=b'{"text": "Hej \\ud83d?"}', headers=headers)
        kept = await talk.http.put(NEW_DRAFT, content=b'{"text": "\\ud83d\\ude00 \\ud83d"}', headers=headers)
        tree = await talk.tree()
        draft = (await talk.http.get(NEW_DRAFT)).json()["text"]
    assert (asked.status_code, kept.status_code) == (202, 200)
    assert tree["messages"][0]["text"] == "Hej \ufffd?"
    assert draft == "\U0001f600 \ufffd"


async def test_a_conversation_of_hundreds_of_messages_is_read_and_searched_in_seconds(house):
    desk = house.lab.conversations.of(someone())
    talk = await desk.begin(Choice())
    parent = None
    for number in range(150):
        parent = await exchange(desk, talk.id, parent, number)
    began = anyio.current_time()
    tree = await desk.records.tree(talk.id)
    hits = await desk.search.hits("ÅTGÄRD 149", None, 10)
    assert (len(tree.messages), len(hits)) == (300, 1)
    assert anyio.current_time() - began < 5
    await desk.remove_all()
    assert await desk.records.all() == []


def someone(tenant=HERE):
    return Principal("long-winded", TenantId(tenant), frozenset({Role.EMPLOYEE}), Method.SESSION)


async def exchange(desk, conversation, parent, number):
    def made(name, role, above, text):
        return Message(
            id=f"{name}{number}",
            parent=above,
            role=role,
            text=text,
            state=State.COMPLETE,
            created=datetime.now(UTC),
            call="c",
        )

    question = made("q", Speaker.USER, parent, f"Vilken åtgärd {number}?")
    answer = made("a", Speaker.ASSISTANT, question.id, f"Åtgärd {number}. " + "Text " * 200)
    await desk.messages.add_exchange(conversation, question, answer, title="Åtgärder")
    return answer.id
