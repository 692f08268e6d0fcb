"""Readiness names the part that is down, says what to do, and recovers by itself."""

import time
from dataclasses import replace

import httpx
import pytest

from auth.database import Database
from auth.discovery import Discovery
from auth.oidc import Provider
from auth.sealing import Sealer
from auth.signing import SigningKeys
from auth.transaction import Transactions
from gateway.app import compose
from gateway.settings import Vectors
from tests.gateway.serving import client, served
from tests.inference.upstream import Upstream, answer

pytestmark = pytest.mark.anyio


async def down(url):
    """The parts that are said not to answer, with the advice for each."""
    async with client(url) as http:
        told = await http.get("/readyz")
    missing = {part["name"]: part["advice"] for part in told.json()["parts"] if not part["ready"]}
    assert told.status_code == (503 if missing else 200)
    assert told.json()["ready"] == (not missing)
    return missing


async def test_everything_is_ready_and_the_parts_are_named(house):
    async with client(house.url) as http:
        parts = (await http.get("/readyz")).json()["parts"]
    models = [f"model:{name}" for name in ("skrivare", "ostadig", "vektorer")]
    assert [part["name"] for part in parts] == ["ledger", "database", "identity", *models]
    assert await down(house.url) == {}


async def test_a_model_server_that_is_down_is_named_until_it_is_back(house):
    await house.unsteady.stop()
    try:
        missing = await down(house.url)
    finally:
        await house.unsteady.__aenter__()
    assert list(missing) == ["model:ostadig"]
    assert "valv models serve ostadig" in missing["model:ostadig"]
    assert await down(house.url) == {}


async def test_a_keycloak_that_is_down_is_named_until_it_is_back(house):
    async with Upstream() as keycloak:
        issuer = f"{keycloak.url}/realms/valv"
        path = "/realms/valv/.well-known/openid-configuration"
        keycloak.answer(path, answer({"issuer": issuer}))
        async with (
            httpx.AsyncClient(trust_env=False) as http,
            served(compose(replace(house.lab, provider=_provider(house, http, issuer)))) as url,
        ):
            assert await down(url) == {}
            await keycloak.stop()
            assert "Start Keycloak" in (await down(url))["identity"]
            await keycloak.__aenter__()
            assert await down(url) == {}
            keycloak.answer(path, answer({"issuer": "https://else.example"}))
            assert list(await down(url)) == ["identity"]


async def test_a_chroma_server_that_is_down_is_named_until_it_is_back(house):
    async with Upstream() as chroma:
        chroma.answer("/api/v2/heartbeat", answer({"nanosecond heartbeat": 1}))
        settings = house.settings.model_copy(update={"vectors": Vectors(server=chroma.url)})
        async with served(compose(replace(house.lab, settings=settings))) as url:
            assert await down(url) == {}
            await chroma.stop()
            assert "VALV_VECTORS__SERVER" in (await down(url))["vectors"]
            await chroma.__aenter__()
            assert await down(url) == {}


async def test_a_database_that_is_down_is_named(house, tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'nowhere' / 'valv.db'}")
    async with served(compose(replace(house.lab, database=database))) as url:
        assert list(await down(url)) == ["database"]
    await database.close()


async def test_it_is_alive_whatever_is_down_and_says_nothing_else(house):
    async with client(house.url) as http:
        alive = await http.get("/healthz")
    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})


def _provider(house, http, issuer):
    transactions = Transactions(sealer=Sealer(bytes(32), entropy=bytes), clock=time.time, entropy=bytes)
    return Provider(
        http=http,
        discovery=Discovery(http=http, issuer=issuer),
        client="valv-gateway",
        secret="x",
        redirect_uri=f"{house.url}/auth/callback",
        keys=SigningKeys(http=http, url=issuer, clock=time.time),
        transactions=transactions,
        clock=time.time,
    )
