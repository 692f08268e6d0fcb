"""What a class of information may not be sent to is refused before anything is sent, at every door."""

import contextlib

import pytest

from gateway.app import compose
from gateway.classification import fits
from tests.gateway.fakes import classified
from tests.gateway.routes import CHAT
from tests.gateway.serving import client, served

ENGLISH = "What does the guideline say about working from home?"

CALLS = [
    ("/v1/chat/completions", CHAT),
    ("/v1/chat/completions", {**CHAT, "stream": True}),
    ("/v1/chat/completions", {**CHAT, "model": "ostadig", "collections": []}),
    ("/v1/chat/completions", {**CHAT, "model": "citat"}),
    ("/v1/completions", {"model": "skrivare", "prompt": "hej"}),
    ("/v1/completions", {"model": "skrivare", "prompt": "hej", "stream": True}),
    ("/v1/embeddings", {"model": "vektorer", "input": "hej"}),
    ("/api/answers", {"question": "hej", "model": "skrivare"}),
    ("/api/answers", {"question": "hej", "model": "citat"}),
    ("/api/answers", {"question": "hej"}),
]


@pytest.mark.parametrize(
    ("classification", "ceiling", "may"),
    [
        ("public", "internal", True),
        ("internal", "internal", True),
        ("confidential", "internal", False),
        ("secret", "confidential", False),
        ("internal", "secret", True),
        ("k2", "k2", True),
        ("k1", "k2", False),
        ("k1", "secret", False),
        ("public", "k2", False),
    ],
)
def test_information_fits_below_its_ceiling_and_a_class_without_an_order_only_at_its_own(
    classification, ceiling, may
):
    assert fits(classification, ceiling) == may


@contextlib.asynccontextmanager
async def a_lab_for(house, classification, role="prototyper"):
    token = await house.people.token(role)
    async with (
        served(compose(classified(house.lab, classification))) as url,
        client(url, token, accept_language="en") as http,
    ):
        yield http


@pytest.mark.anyio
@pytest.mark.parametrize(("path", "body"), CALLS)
async def test_what_is_above_a_models_ceiling_is_refused_with_a_record_and_nothing_is_sent(house, path, body):
    async with a_lab_for(house, "secret") as http:
        answer = await http.post(path, json=body)
    said = answer.json()
    assert answer.status_code == 403
    assert (said["error"]["code"] if path.startswith("/v1/") else said["slug"]) == "above_ceiling"
    assert "'secret'" in (said["error"]["message"] if path.startswith("/v1/") else said["title"])
    (record,) = await house.records_of(answer)
    assert (record["type"], record["policy"]["decision"]) == ("authz.denied", "deny")
    assert record["detail"] == {"reason": "above_ceiling", "status": 403}
    assert record["content"]["class"] == "secret"
    assert record["op"]["model"] == body.get("model", "citat")
    assert house.chat.asked == house.unsteady.asked == house.vectors.asked == []


@pytest.mark.anyio
async def test_what_is_at_a_models_ceiling_is_answered(house):
    async with a_lab_for(house, "internal") as http:
        assert (await http.post("/v1/chat/completions", json=CHAT)).status_code == 200
    async with a_lab_for(house, "confidential") as http:
        answer = await http.post("/v1/embeddings", json={"model": "vektorer", "input": "hej"})
    assert answer.status_code == 200
    assert (await house.records_of(answer))[0]["content"]["class"] == "confidential"


@pytest.mark.anyio
async def test_where_no_model_is_named_none_is_chosen_above_its_ceiling(house):
    async with a_lab_for(house, "internal") as http:
        answer = await http.post("/api/answers", json={"question": ENGLISH})
        assert "model=skrivare" in answer.headers["x-valv-ai-generated"]
    async with a_lab_for(house, "confidential") as http:
        answer = await http.post("/api/answers", json={"question": ENGLISH})
        assert "model=citat" in answer.headers["x-valv-ai-generated"]


@pytest.mark.anyio
async def test_nothing_above_the_ceiling_of_the_vectors_is_searched_for_or_taken_in(house, shared_things):
    house.vectors.asked.clear()
    store = shared_things.collection
    async with a_lab_for(house, "secret") as http:
        searched = await http.post(f"/v1/vector_stores/{store}/search", json={"query": "hej"})
    async with a_lab_for(house, "secret", "employee") as http:
        taken = await http.post(
            f"/api/collections/{store}/documents", files={"file": ("hemlig.txt", b"Hemligt.")}
        )
    assert (searched.status_code, taken.status_code) == (403, 403)
    for answer in (searched, taken):
        assert (await house.records_of(answer))[-1]["detail"] == {"reason": "above_ceiling", "status": 403}
    assert house.vectors.asked == []
