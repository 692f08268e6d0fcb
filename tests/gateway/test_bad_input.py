"""What is wrong with a request is told clearly in the right dialect, on record, and nothing is asked or lost."""

import io
import json

import pypdf
import pytest

from tests.gateway.routes import CHAT

pytestmark = pytest.mark.anyio

CHAT_PATH, TEXT_PATH, VECTOR_PATH = "/v1/chat/completions", "/v1/completions", "/v1/embeddings"
TEXT = {"model": "skrivare", "prompt": "hej"}
JSON = {"content-type": "application/json"}

NESTED = json.loads('{"a":' * 100 + "1" + "}" * 100)

BAD = [
    (CHAT_PATH, b"{", 400, "malformed_body"),
    (CHAT_PATH, b"", 400, "malformed_body"),
    (CHAT_PATH, b"\xff\xfe", 400, "malformed_body"),
    (CHAT_PATH, {**CHAT, "messages": "hej"}, 400, "malformed_body"),
    (CHAT_PATH, {**CHAT, "max_tokens": -1}, 400, "malformed_body"),
    (CHAT_PATH, {**CHAT, "max_tokens": 5000}, 400, "bad_value"),
    (CHAT_PATH, {**CHAT, "max_tokens": 10**30}, 400, "malformed_body"),
    (CHAT_PATH, {**CHAT, "max_completion_tokens": 2**31 - 1}, 400, "bad_value"),
    (CHAT_PATH, {**CHAT, "logit_bias": {"1": 2}}, 400, "unknown_parameter"),
    (CHAT_PATH, {**CHAT, "response_format": {"type": [[[[1]]]], "schema": NESTED}}, 400, "bad_value"),
    (CHAT_PATH, {**CHAT, "model": "hemlig-modell"}, 404, "model_not_found"),
    (CHAT_PATH, {**CHAT, "model": "vektorer"}, 400, "wrong_kind_of_model"),
    (CHAT_PATH, {**CHAT, "collections": ["0" * 24]}, 404, "not_found"),
    (
        CHAT_PATH,
        {**CHAT, "messages": [{"role": "system", "content": "x"}], "collections": []},
        400,
        "bad_value",
    ),
    (TEXT_PATH, {**TEXT, "max_tokens": 0}, 400, "malformed_body"),
    (TEXT_PATH, {**TEXT, "max_tokens": 99_999}, 400, "bad_value"),
    (TEXT_PATH, {**TEXT, "best_of": 3}, 400, "unknown_parameter"),
    (TEXT_PATH, {**TEXT, "prompt": ["a", 1]}, 400, "bad_value"),
    (TEXT_PATH, {**TEXT, "prompt": []}, 400, "malformed_body"),
    (TEXT_PATH, {**TEXT, "model": "citat"}, 400, "wrong_kind_of_model"),
    (VECTOR_PATH, {"model": "vektorer"}, 400, "malformed_body"),
    (VECTOR_PATH, {"model": "skrivare", "input": "x"}, 400, "wrong_kind_of_model"),
    (VECTOR_PATH, {"model": "vektorer", "input": [2**40]}, 400, "malformed_body"),
    (VECTOR_PATH, {"model": "vektorer", "input": "x", "encoding_format": "hex"}, 400, "malformed_body"),
    (VECTOR_PATH, {"model": "vektorer", "input": "x", "dimensions": 10**30}, 400, "malformed_body"),
]


@pytest.mark.parametrize(("path", "body", "status", "code"), BAD)
async def test_a_bad_body_on_the_call_path_is_told_recorded_and_not_passed_on(
    house, path, body, status, code
):
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with await house.programme() as programme:
        answer = await programme.post(path, content=sent, headers=JSON)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["type"]) == (status, code, "invalid_request_error")
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert house.chat.asked == []
    assert house.vectors.asked == []
    records = await house.records_of(answer)
    assert records[-1]["outcome"]["status"] == "blocked"
    assert records[-1]["detail"] == {"reason": code, "status": status}
    if len(records) == 1:
        assert records[0]["type"] == "call.refused"


BAD_API = [
    ("POST", "/api/collections", b"{", 400, "malformed_body"),
    ("POST", "/api/collections", {"name": ""}, 400, "malformed_body"),
    ("POST", "/api/collections", {"name": "x" * 201}, 400, "malformed_body"),
    ("POST", "/api/collections", {"name": "rad\nbrytning"}, 400, "bad_name"),
    ("POST", "/api/collections", {}, 400, "malformed_body"),
    ("POST", "/api/answers", {"question": ""}, 400, "malformed_body"),
    ("POST", "/api/answers", {"question": "x" * 32_001}, 400, "malformed_body"),
    ("POST", "/api/answers", {"question": "x", "model": "hemlig"}, 404, "model_not_found"),
    ("POST", "/api/answers", {"question": "x", "model": "vektorer"}, 400, "wrong_kind_of_model"),
    ("GET", "/api/documents/0", None, 404, "not_found"),
    ("GET", "/api/documents/0/pages/first", None, 400, "malformed_body"),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "slug"), BAD_API)
async def test_a_bad_request_to_the_workspace_is_a_problem_and_on_record(
    house, method, path, body, status, slug
):
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    content = {} if body is None else {"content": sent, "headers": JSON}
    async with await house.person() as person:
        answer = await person.request(method, path, **content)
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["slug"]) == (status, status, slug)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await house.records_of(answer))[-1]["detail"]["reason"] == slug


@pytest.mark.parametrize(
    ("path", "params", "slug"),
    [
        ("/api/audit/records", {"limit": "0"}, "malformed_body"),
        ("/api/audit/records", {"limit": "9999"}, "malformed_body"),
        ("/api/audit/records", {"cursor": "x"}, "malformed_body"),
        ("/api/audit/records", {"since": "i går"}, "bad_value"),
        ("/api/audit/records/one", {}, "malformed_body"),
        ("/api/audit/records/-1", {}, "not_found"),
        (f"/api/audit/records/{10**30}", {}, "not_found"),
    ],
)
async def test_a_search_that_cant_be_understood_is_told(house, path, params, slug):
    async with await house.person("security-officer") as officer:
        answer = await officer.get(path, params=params)
    assert answer.status_code in {400, 404}
    assert answer.json()["slug"] == slug


BAD_KEYS = [
    ({"name": ""}, 400, "bad_key"),
    ({"name": "x", "days": 0}, 400, "bad_key"),
    ({"name": "x", "days": 10**30}, 400, "bad_key"),
    ({"name": "x", "scopes": ["everything:do"]}, 400, "bad_value"),
    ({"name": "x", "scopes": ["audit:search"]}, 403, "scopes_not_held"),
    ({"name": "x", "models": ["hemlig"]}, 404, "model_not_found"),
]


@pytest.mark.parametrize(("body", "status", "slug"), BAD_KEYS)
async def test_a_key_that_cant_be_made_is_not_made(house, body, status, slug):
    keys = house.lab.keys.of(house.tenant())
    before = len(await keys.list())
    async with await house.person("prototyper") as person:
        answer = await person.post("/api/keys", json=body)
    assert (answer.status_code, answer.json()["slug"]) == (status, slug)
    assert len(await keys.list()) == before


async def test_a_key_for_one_model_knows_no_other(house):
    async with await house.programme(models=frozenset({"vektorer"})) as programme:
        assert (await programme.post(CHAT_PATH, json=CHAT)).status_code == 404
        assert [each["id"] for each in (await programme.get("/v1/models")).json()["data"]] == ["vektorer"]
        assert (await programme.get("/v1/models/skrivare")).status_code == 404
    assert house.chat.asked == []


def encrypted_pdf():
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("hemligt")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


FILES = [
    ("protokoll.pdf", b"this is no PDF", "not_a_pdf"),
    ("protokoll.pdf", b"", "empty"),
    ("protokoll.exe", b"MZ\x00", "unsupported"),
    ("protokoll.docx", b"no package", "unsupported"),
    ("protokoll.txt", b"\x00\x01\x02", "unsupported"),
]


@pytest.mark.parametrize(("name", "content", "reason"), FILES)
async def test_a_file_that_cant_be_taken_in_is_told_why_and_leaves_nothing(
    house, shared_things, name, content, reason
):
    path = f"/api/collections/{shared_things.collection}/documents"
    async with await house.person() as person:
        before = (await person.get(path)).json()
        answer = await person.post(path, files={"file": (name, content)})
        assert (await person.get(path)).json() == before
    assert (answer.status_code, answer.json()["slug"]) == (422, "not_readable")
    assert answer.json()["reason"] == reason
    intent, refused = await house.records_of(answer)
    assert (intent["type"], refused["type"]) == ("doc.ingest", "doc.ingest")
    assert refused["outcome"]["status"] == "blocked"


async def test_an_encrypted_file_says_so(house, shared_things):
    document = await house.document(shared_things.collection, "hemlig.pdf", encrypted_pdf())
    async with await house.person() as person:
        found = (await person.get(f"/api/documents/{document}")).json()
    assert (found["state"], found["error"]) == ("failed", "encrypted")


@pytest.mark.parametrize(
    "upload", [{"data": {"file": "text"}}, {"files": {"fil": ("a.txt", b"x")}}, {"json": {}}]
)
async def test_an_upload_without_a_file_is_told(house, shared_things, upload):
    async with await house.person() as person:
        answer = await person.post(f"/api/collections/{shared_things.collection}/documents", **upload)
    assert (answer.status_code, answer.json()["slug"]) == (400, "malformed_body")


async def test_an_upload_that_is_cut_into_bad_parts_is_told(house, shared_things):
    headers = {"content-type": "multipart/form-data; boundary=x"}
    async with await house.person() as person:
        path = f"/api/collections/{shared_things.collection}/documents"
        answer = await person.post(path, content=b"--y\r\nnonsense", headers=headers)
    assert (answer.status_code, answer.json()["slug"]) == (400, "malformed_body")
