"""Counts on their way to the database, and in it: on SQLite, and on PostgreSQL with its second lock."""

import contextlib
from datetime import date

import anyio.to_thread
import pytest
from sqlalchemy import delete, insert, select

from auth.database import Database
from auth.errors import DatabaseDown
from auth.identity import Method, Principal, Role, TenantId
from gateway import schema
from gateway.usage.counter import Counter
from gateway.usage.records import WORKSPACE, Figures, TenantUsage
from gateway.usage.tables import SUMS, usage
from tests.gateway.fakes import AwayNow
from tests.gateway.people import HERE, THERE
from tests.rag import cluster

pytestmark = pytest.mark.anyio

MINE, THEIRS = TenantId(HERE), TenantId(THERE)
FIRST, SECOND = date(2026, 11, 22), date(2026, 11, 23)
MIDNIGHT = 1795392000.0  # 2026-11-23 00:00 UTC


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
    async with emptied(address) as opened:
        yield opened


@contextlib.asynccontextmanager
async def emptied(address):
    """The database without what earlier tests have counted."""
    opened = Database(address)
    try:
        for tenant in (MINE, THEIRS):
            async with opened.of(tenant).writing() as connection:
                await connection.execute(delete(usage))
        yield opened
    finally:
        await opened.close()


class Clock:
    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


def caller(tenant=MINE, key="k1234567"):
    method = Method.API_KEY if key else Method.SESSION
    return Principal("someone", tenant, frozenset({Role.PROTOTYPER}), method, key=key)


def count(counter, who, model="skrivare", ending="ok"):
    counter.count(who, model=model, ending=ending, read=5, written=2)


async def test_several_gateways_add_up(database):
    one, other = Counter(database, clock=Clock(MIDNIGHT)), Counter(database, clock=Clock(MIDNIGHT))
    for counter in (one, other, one):
        count(counter, caller())
        count(counter, caller(key=None), ending="client_aborted")
        await counter.flush()
    assert await TenantUsage(database, MINE).between(SECOND, SECOND) == [
        Figures(SECOND, WORKSPACE, "skrivare", client_aborted=3, tokens_in=15, tokens_out=6),
        Figures(SECOND, "k1234567", "skrivare", ok=3, tokens_in=15, tokens_out=6),
    ]


async def test_a_call_counts_for_the_day_in_which_it_ended(database):
    clock = Clock(MIDNIGHT - 1)
    counter = Counter(database, clock=clock)
    count(counter, caller())
    clock.now += 1
    count(counter, caller(), ending="failed")
    found = await counter.of(MINE, FIRST, SECOND)
    assert [(each.day, each.ok, each.failed) for each in found] == [(FIRST, 1, 0), (SECOND, 0, 1)]
    assert counter.today() == SECOND
    assert [each.day for each in await counter.of(MINE, FIRST, FIRST)] == [FIRST]


async def test_each_organisation_has_its_own_sums(database):
    counter = Counter(database, clock=Clock(MIDNIGHT))
    count(counter, caller())
    count(counter, caller(THEIRS), model="citat")
    assert [each.model for each in await counter.of(MINE, FIRST, SECOND)] == ["skrivare"]
    assert [each.model for each in await counter.of(THEIRS, FIRST, SECOND)] == ["citat"]


async def test_while_the_database_is_away_nothing_is_lost_and_nothing_counted_twice(database):
    away = AwayNow(database)
    counter = Counter(away, clock=Clock(MIDNIGHT))
    count(counter, caller())
    count(counter, caller(THEIRS))
    away.away = 2
    for _ in range(2):
        with pytest.raises(DatabaseDown):
            await counter.flush()
        count(counter, caller())
    await counter.flush()
    await counter.flush()
    assert [each.ok for each in await counter.of(MINE, FIRST, SECOND)] == [3]
    assert [each.ok for each in await counter.of(THEIRS, FIRST, SECOND)] == [1]


async def test_a_close_writes_down_what_is_left_and_forgives_a_database_that_is_away(database):
    away = AwayNow(database)
    counter = Counter(away, clock=Clock(MIDNIGHT))
    count(counter, caller())
    away.away = 1
    await counter.close()
    assert await TenantUsage(database, MINE).between(SECOND, SECOND) == []
    await counter.close()
    assert [each.ok for each in await TenantUsage(database, MINE).between(SECOND, SECOND)] == [1]


async def test_a_flush_that_is_cut_off_counts_once(database):
    counter = Counter(database, clock=Clock(MIDNIGHT))
    count(counter, caller())
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(counter.flush)
        await anyio.sleep(0)
        tasks.cancel_scope.cancel()
    assert [each.ok for each in await counter.of(MINE, FIRST, SECOND)] == [1]


async def test_a_statement_that_forgot_its_tenant_sees_and_writes_no_row_of_another(cluster_address):
    async with emptied(cluster_address) as database:
        await TenantUsage(database, MINE).add([Figures(FIRST, WORKSPACE, "skrivare", ok=1)])
        async with database.of(THEIRS).reading() as connection:
            assert (await connection.execute(select(usage))).all() == []
        async with database.installation.reading() as connection:
            assert (await connection.execute(select(usage))).all() == []
        row = {"tenant": HERE, "day": SECOND, "key": WORKSPACE, "model": "citat", **dict.fromkeys(SUMS, 0)}
        with pytest.raises(Exception, match="row-level security"):
            await put(database.of(THEIRS), row)


async def put(scope, row):
    async with scope.writing() as connection:
        await connection.execute(insert(usage).values(row))
