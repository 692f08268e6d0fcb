"""The lean path and the framework tell the same errors with the same bodies and headers."""

import asyncio
from dataclasses import replace

import pytest

from gateway.app import compose
from gateway.limits import Limits
from tests.gateway.fakes import failing, with_ledger
from tests.gateway.routes import CHAT
from tests.gateway.serving import client, served

pytestmark = pytest.mark.anyio

LEAN = "/v1/chat/completions"
FRAMEWORK = "/v1/vector_stores/000000000000000000000000/search"
SEARCH = {"query": "hej"}
OWN = {"x-request-id", "content-length"}


def told(answer):
    """What the caller sees, but for the request's own id."""
    body = answer.json()
    assert body.pop("request_id") == answer.headers["x-request-id"]
    assert int(answer.headers["content-length"]) == len(answer.content)
    return answer.status_code, body, {n: v for n, v in answer.headers.items() if n not in OWN}


async def alike(http, *, lean, framework):
    one, other = await http.send(lean), await http.send(framework)
    assert told(one) == told(other)
    return one


def posts(http, lean=CHAT, framework=SEARCH, **more):
    return {
        "lean": http.build_request("POST", LEAN, json=lean, **more),
        "framework": http.build_request("POST", FRAMEWORK, json=framework, **more),
    }


@pytest.mark.parametrize("credential", [None, "x.y", "valv_abcd1234_" + "x" * 43])
async def test_a_credential_that_proves_nothing(house, credential):
    async with client(house.url, credential) as http:
        assert (await alike(http, **posts(http))).status_code == 401


async def test_a_role_that_may_not(house):
    token = await house.people.token("security-officer")
    async with client(house.url, token) as http:
        lean = await http.post(LEAN, json=CHAT)
        framework = await http.post(FRAMEWORK, json=SEARCH)
    one, other = told(lean), told(framework)
    assert (one[0], one[2]) == (other[0], other[2]) == (403, {"content-type": "application/json"})
    assert one[1]["error"]["message"].replace("chat:ask", "passage:search") == other[1]["error"]["message"]


async def test_a_model_that_is_not_there(house):
    async with client(house.url, await house.key()) as http:
        lean = http.build_request("POST", LEAN, json={**CHAT, "model": "hemlig"})
        framework = http.build_request("GET", "/v1/models/hemlig")
        assert (await alike(http, lean=lean, framework=framework)).status_code == 404


async def test_a_collection_that_is_not_there(house):
    async with client(house.url, await house.key()) as http:
        asked = posts(http, lean={**CHAT, "collections": ["0" * 24]})
        assert (await alike(http, **asked)).status_code == 404


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_a_wrong_method(house, method):
    async with client(house.url) as http:
        asked = {"lean": http.build_request(method, LEAN), "framework": http.build_request(method, FRAMEWORK)}
        answer = await alike(http, **asked)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_a_wrong_method_names_all_that_the_path_takes(house):
    async with client(house.url) as http:
        assert (await http.put("/api/collections")).headers["allow"] == "GET, POST"


@pytest.mark.parametrize(
    "path",
    [
        "/v1/nothing",
        "/v1/chat/completions/",
        "/v1/models/",
        "/api/nothing",
        "/api/collections/",
        "/auth/x",
        "/v1/",
    ],
)
async def test_a_path_where_nothing_is(house, path):
    async with client(house.url) as http:
        answer = await http.get(path)
    body = answer.json()
    assert answer.status_code == 404
    assert (body["error"]["code"] if path.startswith("/v1/") else body["slug"]) == "no_such_path"


async def too_long(limit):
    for _ in range(limit // 10_000 + 2):
        yield b" " * 10_000


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_over_the_limit(house, chunked):
    limit = house.settings.limits.body_bytes
    headers = {"content-type": "application/json"}
    async with client(house.url, await house.key()) as http:
        answers = []
        for path in (LEAN, FRAMEWORK):
            content = too_long(limit) if chunked else b" " * (limit + 1)
            answers.append(await http.post(path, content=content, headers=headers))
    assert told(answers[0]) == told(answers[1])
    assert answers[0].status_code == 413
    for answer in answers:
        assert (await house.records_of(answer))[-1]["detail"] == {"reason": "body_too_large", "status": 413}


async def test_a_length_that_is_only_claimed_is_believed(house):
    head = "Host: x\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n"
    for path in (LEAN, FRAMEWORK):
        reader, writer = await asyncio.open_connection("127.0.0.1", int(house.url.rpartition(":")[2]))
        writer.write(
            f"POST {path} HTTP/1.1\r\n{head}Authorization: Bearer {await house.key()}\r\n\r\n".encode()
        )
        assert b" 413 " in await asyncio.wait_for(reader.readline(), 5)
        writer.transport.abort()


async def test_an_upload_over_the_limit(house, shared_things):
    path = f"/api/collections/{shared_things.collection}/documents"
    limit = house.settings.limits.upload_bytes
    async with await house.person() as person:
        for size in (limit + 1, limit + 10_000_000):
            answer = await person.post(path, files={"file": ("stor.txt", b"x" * size)})
            assert (answer.status_code, answer.json()["slug"]) == (413, "body_too_large")
            assert (await house.records_of(answer))[-1]["detail"]["status"] == 413


async def test_nobody_uploads_anything_without_a_credential(house):
    async with client(house.url) as nobody:
        answer = await nobody.post(
            "/api/collections/x/documents", files={"file": ("a.txt", b"x" * 5_000_000)}
        )
    assert answer.status_code == 401


async def test_a_budget_that_is_used_up(house):
    limits = Limits(tenant_per_minute=1, key_per_minute=1, clock=lambda: 1000.0)
    body = {"question": "What is this?", "model": "skrivare"}
    async with (
        served(compose(replace(house.lab, limits=limits))) as url,
        client(url, await house.people.token("prototyper"), accept_language="en") as http,
    ):
        assert (await http.post(LEAN, json=CHAT)).status_code == 200
        lean = await http.post(LEAN, json=CHAT)
        framework = await http.post("/api/answers", json=body)
    assert lean.status_code == framework.status_code == 429
    assert lean.headers["retry-after"] == framework.headers["retry-after"] == "60"
    assert lean.json()["error"]["message"] == framework.json()["title"]
    assert lean.json()["error"]["type"] == "rate_limit_error"
    for answer in (lean, framework):
        assert [record["type"] for record in await house.records_of(answer)] == ["call.refused"]


async def test_what_is_left_of_a_budget_is_told_with_each_answer(house):
    limits = Limits(tenant_per_minute=100, key_per_minute=3, clock=lambda: 1000.0)
    async with (
        served(compose(replace(house.lab, limits=limits))) as url,
        client(url, await house.key()) as http,
    ):
        left = [(await http.post(LEAN, json=CHAT)).headers for _ in range(3)]
    assert [each["x-ratelimit-remaining-requests"] for each in left] == ["2", "1", "0"]
    assert left[0]["x-ratelimit-limit-requests"] == "3"
    assert left[0]["x-ratelimit-reset-requests"] == "20.0s"


async def test_a_ledger_that_takes_nothing(house):
    async with (
        served(compose(with_ledger(house.lab, failing(house.lab.ledger)))) as url,
        client(url, await house.key()) as http,
    ):
        assert (await alike(http, **posts(http))).status_code == 503


@pytest.mark.parametrize(
    ("said", "starts"), [("sv", "Du är"), ("en-GB,sv;q=0.5", "The cred"), ("de", "Du är")]
)
async def test_the_workspace_is_told_in_the_language_that_it_asks_for(house, said, starts):
    async with client(house.url, accept_language=said) as http:
        assert (await http.get("/api/me")).json()["title"].startswith(starts)
