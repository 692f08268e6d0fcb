"""What an organisation tells its people: its own people alone, in plain words, and on record without them."""

import anyio.to_thread
import pytest
from sqlalchemy import insert, select

from auth.database import Database
from auth.identity import TenantId
from gateway import schema
from gateway.banners.tables import banners
from tests.gateway.people import HERE, THERE
from tests.rag import cluster

pytestmark = pytest.mark.anyio


@pytest.fixture
async def admin(house):
    async with await house.person("tenant-admin") as http:
        yield http
        await http.put("/api/banner", json={})


async def test_a_banner_is_shown_to_all_of_ones_own_organisation_and_to_nobody_else(house, admin):
    text = {"sv": "Lägg inte in sekretess.", "en": "No secrets, please."}
    answer = await admin.put("/api/banner", json=text)
    assert answer.json() == {"banner": text}
    for role in ("employee", "security-officer"):
        async with await house.person(role) as person:
            assert (await person.get("/api/me")).json()["banner"] == text
    async with await house.person("employee", THERE) as stranger:
        assert (await stranger.get("/api/me")).json()["banner"] is None
    (record,) = await house.records_of(answer)
    assert record["type"] == "admin.banner_change"
    assert "sekretess" not in str(record)


async def test_without_words_nothing_is_shown(admin):
    await admin.put("/api/banner", json={"sv": "Hej"})
    assert (await admin.put("/api/banner", json={"sv": " \n ", "en": ""})).json() == {"banner": None}
    assert (await admin.get("/api/me")).json()["banner"] is None


async def test_words_are_kept_on_one_line_without_what_steers_them(admin):
    said = {"sv": "Hej\n\tpå\u202e \x07dig\u200b  nu", "en": "<b>Hi</b>"}
    assert (await admin.put("/api/banner", json=said)).json()["banner"] == {
        "sv": "Hej på dig nu",
        "en": "<b>Hi</b>",
    }


async def test_too_many_words_are_refused_by_name(admin):
    for name in ("sv", "en"):
        answer = await admin.put("/api/banner", json={name: "x" * 301})
        assert (answer.status_code, answer.json()["param"]) == (400, name)
    assert (await admin.put("/api/banner", json={"sv": "x" * 300})).status_code == 200


async def test_retention_is_told_as_it_is_in_force(house, admin):
    told = (await admin.get("/api/retention")).json()
    assert told["content_captured"] is (house.settings.audit.capture != "off")
    assert (told["session_idle_seconds"], told["session_seconds"]) == (1800, 36000)
    assert [name for name, days in told.items() if name.endswith("_days") and days is not None] == []


async def test_on_postgresql_a_banner_is_seen_and_written_under_its_own_tenants_claim_alone():
    programs = cluster.binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    with cluster.running(programs) as address:
        await anyio.to_thread.run_sync(schema.upgrade, address)
        database = Database(address)
        row = {"tenant": HERE, "sv": "Hej", "en": "", "updated": "2026-11-25T00:00:00Z"}
        async with database.of(TenantId(HERE)).writing() as connection:
            await connection.execute(insert(banners).values(row))
        async with database.of(TenantId(THERE)).reading() as connection:
            assert (await connection.execute(select(banners))).all() == []
        with pytest.raises(Exception, match="row-level security"):
            async with database.of(TenantId(THERE)).writing() as connection:
                await connection.execute(insert(banners).values(row | {"tenant": "arv"}))
        await database.close()
