"""Conversations are the same on PostgreSQL, where row-level security is the second lock."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import anyio.to_thread
import pytest
from sqlalchemy import insert, select

from auth.database import Database
from auth.identity import TenantId
from gateway import schema
from gateway.conversation_errors import UnknownConversation, UnknownMessage
from gateway.conversations.conversation import Choice, Conversation, Draft, Message, Mode, Person, Role, State
from gateway.conversations.cursors import Place
from gateway.conversations.drafts import NEW, Drafts
from gateway.conversations.messages import Messages, interrupt_left
from gateway.conversations.records import Records
from gateway.conversations.search import Search
from gateway.conversations.tables import conversations, drafts, messages
from rag.documents import Citation
from tests.gateway.people import HERE, THERE
from tests.rag import cluster

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ME, COLLEAGUE = Person(TenantId(HERE), "me"), Person(TenantId(HERE), "colleague")
STRANGER = Person(TenantId(THERE), "me")


@pytest.fixture(scope="module")
def cluster_address():
    programs = cluster.binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    with cluster.running(programs) as address:
        schema.upgrade(address)
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request, tmp_path):
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'valv.db'}"
        await anyio.to_thread.run_sync(schema.upgrade, address)
    else:
        address = request.getfixturevalue("cluster_address")
    opened = Database(address)
    await emptied(opened)
    yield opened
    await opened.close()


async def emptied(database):
    for person in (ME, COLLEAGUE, STRANGER):
        await Records(database, person).remove_all()


def number(count):
    return f"{count:024x}"


async def begun(database, count=1, person=ME, text="Vad gäller för ÅRSREDOVISNINGEN?"):
    """A conversation with a question and an answer that is being written."""
    at = NOW + timedelta(minutes=count)
    choice = Choice("skrivare", ("c1", "c2"), Mode.QUOTATIONS)
    await Records(database, person).add(Conversation(number(count), "", at, at, choice))
    question = Message(
        id=number(count + 100),
        parent=None,
        role=Role.USER,
        text=text,
        state=State.COMPLETE,
        created=at,
        call="c",
    )
    answer = replace(
        question,
        id=number(count + 200),
        parent=question.id,
        role=Role.ASSISTANT,
        text="",
        state=State.WRITING,
    )
    await Messages(database, person).add_exchange(number(count), question, answer, title=text[:20])
    return answer


async def test_what_is_kept_comes_back_as_it_was(database):
    answer = await begun(database)
    cited = Citation(1, "d1", "å.pdf", None, 0, 4, "quote", 0.5)
    ended = replace(
        answer, text="Svar", state=State.COMPLETE, citations=(cited,), supported=True, tokens_in=7
    )
    assert await Messages(database, ME).keep(number(1), replace(answer, text="Sv"))
    await Messages(database, ME).end(number(1), ended, now=NOW + timedelta(hours=1))
    tree = await Records(database, ME).tree(number(1))
    assert tree.messages[1] == ended
    assert tree.conversation == Conversation(
        number(1),
        "Vad gäller för ÅRSRE",
        NOW + timedelta(minutes=1),
        NOW + timedelta(hours=1),
        Choice("skrivare", ("c1", "c2"), Mode.QUOTATIONS),
        answer.id,
    )


async def test_letters_of_swedish_meet_whatever_their_case_and_signs_stand_for_themselves(database):
    await begun(database, 1)
    await begun(database, 2, text="Gäller 100 % eller 50_a?")
    found = {
        wanted: [hit.conversation.id for hit in await Search(database, ME).hits(wanted, None, 10)]
        for wanted in ("årsredovisning", "ÅRSREDOVISNING", "arsredovisning", "100 %", "%", "0_A", "gäller")
    }
    assert found == {
        "årsredovisning": [number(1)],
        "ÅRSREDOVISNING": [number(1)],
        "arsredovisning": [],
        "100 %": [number(2)],
        "%": [number(2)],
        "0_A": [number(2)],
        "gäller": [number(2), number(1)],
    }


async def test_a_list_goes_on_where_it_ended(database):
    for count in range(1, 6):
        await begun(database, count)
    records = Records(database, ME)
    seen, place = [], None
    while page := await records.begun(place, 2):
        seen += [each.id for each in page]
        place = Place.of(page[-1])
    assert seen == [number(count) for count in (5, 4, 3, 2, 1)]


async def test_nobody_else_reaches_it(database):
    answer = await begun(database)
    for person in (COLLEAGUE, STRANGER):
        records, theirs = Records(database, person), Messages(database, person)
        for attempt in (
            records.tree(number(1)),
            records.remove(number(1)),
            records.change(number(1), {"title": "Mitt"}),
            theirs.message(number(1), answer.id),
            theirs.add_answer(number(1), replace(answer, id=number(9))),
            Drafts(database, person).keep(Draft(number(1), "Mitt", NOW)),
            Drafts(database, person).forget(number(1)),
        ):
            with pytest.raises(UnknownConversation):
                await attempt
        assert await records.begun(None, 10) == []
        assert await Search(database, person).hits("gäller", None, 10) == []
        await records.remove_all()
    assert len((await Records(database, ME).tree(number(1))).messages) == 2


async def test_removing_one_takes_all_of_it_and_nothing_else(database):
    answer = await begun(database, 1)
    await begun(database, 2)
    kept = Drafts(database, ME)
    for place in (number(1), number(2), NEW):
        await kept.keep(Draft(place, f"Utkast {place}", NOW))
    await Records(database, ME).remove(number(1))
    assert [draft.conversation for draft in await kept.all()] == [NEW, number(2)]
    assert not await Messages(database, ME).keep(number(1), replace(answer, text="Sent"))
    assert await Records(database, ME).all() == [number(2)]
    await Records(database, ME).remove_all()
    async with database.of(ME.tenant).reading() as connection:
        left = [
            (await connection.execute(select(table))).all() for table in (conversations, messages, drafts)
        ]
    assert left == [[], [], []]


async def test_drafts_at_once_leave_one(database):
    kept = Drafts(database, ME)
    await asyncio.gather(*(kept.keep(Draft(NEW, str(count), NOW)) for count in range(5)))
    assert (await kept.draft(NEW)).text in "01234"


async def test_a_leaf_must_be_one_of_the_conversations_own_messages(database):
    mine, other = await begun(database, 1), await begun(database, 2)
    records = Records(database, ME)
    assert (await records.change(number(1), {"leaf": mine.parent})).leaf == mine.parent
    with pytest.raises(UnknownMessage):
        await records.change(number(1), {"leaf": other.id})


async def test_what_was_being_written_is_marked_at_a_start_in_every_organisation(database):
    mine, theirs = await begun(database, 1), await begun(database, 1, STRANGER)
    await Messages(database, ME).keep(number(1), replace(mine, text="Halva"))
    assert await interrupt_left(database, [ME.tenant, STRANGER.tenant]) == 2
    left = [
        await Messages(database, person).message(number(1), answer.id)
        for person, answer in ((ME, mine), (STRANGER, theirs))
    ]
    assert [(each.state, each.text) for each in left] == [("interrupted", "Halva"), ("interrupted", "")]
    assert left[0].problem.slug == "answer_interrupted"
    assert await interrupt_left(database, [ME.tenant, STRANGER.tenant]) == 0


async def test_a_statement_that_forgot_its_tenant_sees_and_writes_no_row_of_another(cluster_address):
    database = Database(cluster_address)
    await emptied(database)
    await begun(database)
    await Drafts(database, ME).keep(Draft(NEW, "Utkast", NOW))
    seen = {}
    for tenant in (HERE, THERE):
        async with database.of(TenantId(tenant)).reading() as connection:
            seen[tenant] = [
                len((await connection.execute(select(table))).all())
                for table in (conversations, messages, drafts)
            ]
    async with database.installation.reading() as connection:
        unclaimed = (await connection.execute(select(messages))).all()
    row = {"tenant": HERE, "owner": "x", "conversation": "", "text": "x", "updated": NOW}
    with pytest.raises(Exception, match="row-level security"):
        async with database.of(TenantId(THERE)).writing() as connection:
            await connection.execute(insert(drafts).values(row))
    await database.close()
    assert seen == {HERE: [1, 2, 1], THERE: [0, 0, 0]}
    assert unclaimed == []
