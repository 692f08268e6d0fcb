"""The figures: described, moving, and about organisations and models, never about people."""

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.gateway.fakes import says
from tests.gateway.people import HERE
from tests.gateway.routes import CHAT
from tests.gateway.serving import client
from tests.inference.upstream import refusal

pytestmark = pytest.mark.anyio

LABELS = {"tenant", "model", "outcome", "surface", "status", "direction", "le"}


async def scraped(house):
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(house.metrics_url)
    assert answer.status_code == 200
    return list(text_string_to_metric_families(answer.text))


async def figure(house, name, **labels):
    samples = [sample for family in await scraped(house) for sample in family.samples if sample.name == name]
    return sum(sample.value for sample in samples if labels.items() <= sample.labels.items())


async def asked(house, body=CHAT):
    async with await house.programme() as programme:
        return await programme.post("/v1/chat/completions", json=body)


async def test_every_figure_is_described_and_named_by_convention(house):
    await asked(house)
    families = await scraped(house)
    assert {"valv_calls", "valv_call_seconds", "valv_tokens", "valv_ledger_healthy"} <= {
        f.name for f in families
    }
    for family in families:
        assert family.documentation.endswith("."), family.name
        assert family.name.startswith("valv_")


async def test_no_figure_is_about_a_person(house):
    await asked(house)
    async with await house.person() as person:
        await person.post("/api/answers", json={"question": "What is this?", "model": "skrivare"})
    families = await scraped(house)
    assert {label for f in families for sample in f.samples for label in sample.labels} <= LABELS
    models = {"skrivare", "ostadig", "citat", "vektorer"}
    assert {s.labels["model"] for f in families for s in f.samples if "model" in s.labels} <= models


async def test_a_call_moves_calls_tokens_and_seconds(house):
    labels = {"tenant": HERE, "model": "skrivare"}
    names = {
        "valv_calls_total": {**labels, "outcome": "ok"},
        "valv_call_seconds_count": {"model": "skrivare"},
        "valv_http_requests_total": {"surface": "v1", "status": "2xx"},
    }
    before = {name: await figure(house, name, **each) for name, each in names.items()}
    prompt = await figure(house, "valv_tokens_total", **labels, direction="prompt")
    assert (await asked(house)).status_code == 200
    for name, each in names.items():
        assert await figure(house, name, **each) == before[name] + 1, name
    assert await figure(house, "valv_tokens_total", **labels, direction="prompt") == prompt + 5


async def test_a_stream_moves_the_time_to_the_first_token(house):
    house.chat.answer("/v1/chat/completions", says("ett", "två"))
    before = await figure(house, "valv_first_token_seconds_count", model="skrivare")
    await asked(house, {**CHAT, "stream": True})
    assert await figure(house, "valv_first_token_seconds_count", model="skrivare") == before + 1


async def test_a_call_that_fails_or_is_refused_is_counted_as_that(house):
    labels = {"tenant": HERE, "model": "skrivare"}
    before = [
        await figure(house, "valv_calls_total", **labels, outcome=each) for each in ("failed", "blocked")
    ]
    house.chat.answer("/v1/chat/completions", refusal(500), refusal(400))
    await asked(house)
    await asked(house)
    after = [
        await figure(house, "valv_calls_total", **labels, outcome=each) for each in ("failed", "blocked")
    ]
    assert after == [each + 1 for each in before]


async def test_retrieval_is_timed(house, shared_things):
    before = await figure(house, "valv_retrieval_seconds_count", tenant=HERE)
    async with await house.person() as person:
        await person.post("/api/answers", json={"question": "Hur många dagar?", "model": "citat"})
    assert await figure(house, "valv_retrieval_seconds_count", tenant=HERE) == before + 1


async def test_a_name_that_a_caller_makes_up_becomes_no_label(house):
    await asked(house, {**CHAT, "model": "hittepa-modell"})
    async with client(house.url) as nobody:
        await nobody.get("/v1/hittepa-sida")
        await nobody.get("/hittepa-sida")
    async with httpx.AsyncClient(trust_env=False) as http:
        assert "hittepa" not in (await http.get(house.metrics_url)).text


async def test_the_gateways_own_port_has_no_figures(house):
    async with client(house.url) as nobody:
        assert "valv_calls" not in (await nobody.get("/metrics")).text


async def test_the_ledger_is_healthy_and_its_lag_is_told(house):
    await asked(house)  # whoever has answered is up
    assert await figure(house, "valv_ledger_healthy") == 1
    assert await figure(house, "valv_ledger_lag_records") >= 0
    assert await figure(house, "valv_backends_up", model="skrivare") == 1
