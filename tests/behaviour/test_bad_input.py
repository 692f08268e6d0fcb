"""What no lab should take, sent to a running one: told clearly in the right dialect, and on the officer's record."""

import io
import json
from typing import Any

import httpx
import pypdf
import pytest

from gateway.demo.caller import access_token, client
from tests.behaviour.callers import CHAT, call_of, key, person, programme, records, refusal
from tests.behaviour.labs import RunningLab, until
from tests.behaviour.tokens import unsigned

CHATS, TEXTS, VECTORS = "/v1/chat/completions", "/v1/completions", "/v1/embeddings"
TEXT = {"model": "smollm2-135m", "prompt": "Hello"}
VECTOR = {"model": "multilingual-e5-small", "input": "query: semester"}
JSON = {"content-type": "application/json"}
MIB = 1024 * 1024

CALLS = [
    (CHATS, b"{", 400, "malformed_body"),
    (CHATS, b"", 400, "malformed_body"),
    (CHATS, b"\xff\xfe\x00", 400, "malformed_body"),
    (CHATS, b"[" * 100_000, 400, "malformed_body"),
    (CHATS, {**CHAT, "messages": []}, 400, "malformed_body"),
    (CHATS, {**CHAT, "model": "gpt-hemlig"}, 404, "model_not_found"),
    (CHATS, {**CHAT, "model": "multilingual-e5-small"}, 400, "wrong_kind_of_model"),
    (CHATS, {**CHAT, "max_tokens": -1}, 400, "malformed_body"),
    (CHATS, {**CHAT, "max_tokens": 2**31 - 1}, 400, "bad_value"),
    (CHATS, {**CHAT, "max_tokens": 10**30}, 400, "malformed_body"),
    (CHATS, {**CHAT, "temperature": "warm"}, 400, "malformed_body"),
    (CHATS, {**CHAT, "frobnicate": 1}, 400, "unknown_parameter"),
    (CHATS, {**CHAT, "collections": ["0" * 24]}, 404, "not_found"),
    (TEXTS, {**TEXT, "max_tokens": -5}, 400, "malformed_body"),
    (TEXTS, {**TEXT, "max_tokens": 10**9}, 400, "bad_value"),
    (TEXTS, {**TEXT, "model": "finns-inte"}, 404, "model_not_found"),
    (VECTORS, {**VECTOR, "input": []}, 400, "malformed_body"),
    (VECTORS, {**VECTOR, "model": "smollm2-135m"}, 400, "wrong_kind_of_model"),
]


def named(case: tuple[str, object, int, str]) -> str:
    path, body, _, slug = case
    return f"{path.rpartition('/')[2]} {slug} {str(body)[:40]}"


def encoded(body: object) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def test_a_bad_call_is_told_in_openais_words_and_on_record(lab: RunningLab) -> None:
    with programme(lab) as http:
        answers = [(case, http.post(case[0], content=encoded(case[1]), headers=JSON)) for case in CALLS]
    seen = {named(case): refusal(answer) for case, answer in answers}
    assert seen == {named(case): (case[2], case[3]) for case in CALLS}
    for case, answer in answers:
        check_recorded(lab, answer, case[3], named(case))


def check_recorded(lab: RunningLab, answer: httpx.Response, slug: str, what: str) -> None:
    """The officer finds how the call ended, and why."""
    found = records(lab, call_of(answer))
    assert found, f"{what}: the officer finds nothing"
    assert found[-1]["detail"] == {"reason": slug, "status": answer.status_code}, what
    assert found[-1]["actor"]["pid"].startswith("p_"), what


def test_a_body_over_the_limit_is_refused_before_it_is_read_whole(lab: RunningLab) -> None:
    with programme(lab) as http:
        declared = http.post(CHATS, content=b" " * (3 * MIB), headers=JSON)
        chunked = http.post(CHATS, content=iter([b" " * MIB] * 3), headers=JSON)
    question = {"question": "x" * (3 * MIB)}
    workspace = person(lab, "medarbetare").http.post("/api/answers", json=question)
    assert refusal(declared) == refusal(chunked) == refusal(workspace) == (413, "body_too_large")
    for answer in (declared, chunked, workspace):
        check_recorded(lab, answer, "body_too_large", str(answer.request.url))


def test_another_type_of_body_is_refused(lab: RunningLab) -> None:
    with programme(lab) as http:
        answer = http.post(CHATS, content=encoded(CHAT), headers={"content-type": "text/plain"})
    assert refusal(answer) == (415, "wrong_media_type")
    check_recorded(lab, answer, "wrong_media_type", "text/plain")


WORKSPACE = [
    ("POST", "/api/answers", b"{", 400, "malformed_body"),
    ("POST", "/api/answers", {"question": ""}, 400, "malformed_body"),
    ("POST", "/api/answers", {"question": "Hej?", "model": "finns-inte"}, 404, "model_not_found"),
    ("POST", "/api/answers", {"question": "Hej?", "collections": ["0" * 24]}, 404, "not_found"),
    ("POST", "/api/collections", {"name": ""}, 400, "malformed_body"),
    ("POST", "/api/collections", {"name": "rad\nbrytning"}, 400, "bad_name"),
    ("GET", "/api/documents/0", None, 404, "not_found"),
    ("GET", "/api/documents/0/pages/first", None, 400, "malformed_body"),
]


def test_a_bad_request_to_the_workspace_is_a_problem_document_and_on_record(lab: RunningLab) -> None:
    for method, path, body, status, slug in WORKSPACE:
        sent: dict[str, Any] = {} if body is None else {"content": encoded(body), "headers": JSON}
        answer = person(lab, "medarbetare").http.request(method, path, **sent)
        assert refusal(answer) == (status, slug), (method, path, body)
        check_recorded(lab, answer, slug, f"{method} {path} {body!r}")


def encrypted_pdf() -> bytes:
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
]


@pytest.fixture
def collection(lab: RunningLab):
    admin = person(lab, "administrator")
    made = admin.post("/api/collections", name="Prov av felaktiga filer")["id"]
    yield made
    person(lab, "administrator").http.delete(f"/api/collections/{made}")


def test_a_file_that_cant_be_taken_in_is_told_why_and_leaves_nothing(
    lab: RunningLab, collection: str
) -> None:
    path = f"/api/collections/{collection}/documents"
    admin = person(lab, "administrator")
    for name, content, reason in FILES:
        answer = admin.http.post(path, files={"file": (name, content)})
        assert refusal(answer) == (422, "not_readable"), name
        assert answer.json()["reason"] == reason
        check_recorded(lab, answer, "not_readable", name)
    assert admin.get(path)["items"] == []


def test_a_file_that_cant_be_read_says_why_and_keeps_nothing_else_from_being_taken_in(
    lab: RunningLab, collection: str
) -> None:
    admin = person(lab, "administrator")
    taken = admin.upload(collection, "hemlig.pdf", encrypted_pdf())
    admin.upload(collection, "trasig.docx", b"PK\x03\x04 and then nothing")
    admin.upload(collection, "öppen.txt", b"Fikarummet st\xc3\xa4das varje torsdag.")
    path = f"/api/collections/{collection}/documents"

    def ended() -> dict[str, dict[str, Any]] | None:
        found = {each["name"]: each for each in admin.get(path)["items"]}
        return found if all(each["state"] in {"failed", "ready"} for each in found.values()) else None

    found = until(ended, within=120, otherwise=lambda: str(admin.get(path)))
    assert (found["hemlig.pdf"]["state"], found["hemlig.pdf"]["error"]) == ("failed", "encrypted")
    assert (found["trasig.docx"]["state"], found["trasig.docx"]["error"]) == ("failed", "parser_failed")
    assert found["hemlig.pdf"]["id"] == taken["id"]
    assert found["öppen.txt"]["state"] == "ready"


PROOFLESS = [
    ("nothing", {}, "missing"),
    ("no bearer", {"authorization": "Basic eHg6eXk="}, "malformed"),
    ("an empty bearer", {"authorization": "Bearer"}, "malformed"),
    ("a key that never was", {"authorization": "Bearer valv_aaaaaaaa_" + "b" * 43}, "unknown_key"),
    ("no token", {"authorization": "Bearer not-a-token"}, "malformed"),
]


@pytest.mark.parametrize(("what", "headers", "reason"), PROOFLESS, ids=[each[0] for each in PROOFLESS])
def test_a_credential_that_proves_nothing_is_told_why(
    lab: RunningLab, what: str, headers: dict[str, str], reason: str
) -> None:
    with lab.http() as http:
        answer = http.post(CHATS, json=CHAT, headers=headers)
    assert refusal(answer) == (401, "unauthenticated"), what
    assert answer.headers["www-authenticate"] == "Bearer"
    assert f"({reason})" in answer.json()["error"]["message"]


FORGED = [
    ({"exp": -120}, "expired"),
    ({"nbf": 3600}, "not_yet_valid"),
    ({"aud": "account"}, "wrong_audience"),
    ({"iss": "http://127.0.0.1:1/realms/valv"}, "wrong_issuer"),
]


def test_a_genuine_token_that_does_not_count_is_refused_and_its_person_is_on_record(
    lab: RunningLab, signer
) -> None:
    for change, reason in FORGED:
        answer = with_token(lab, signer.changed(token(lab), change))
        assert refusal(answer) == (401, "unauthenticated"), change
        assert answer.json()["reason"] == reason, change
        if reason != "wrong_issuer":  # whom another issuer's token names is nothing that we know
            found = records(lab, call_of(answer))
            assert [each["type"] for each in found] == ["auth.failed"], change
            assert found[0]["detail"]["reason"] == reason


def test_the_same_signer_is_believed_when_nothing_is_changed(lab: RunningLab, signer) -> None:
    assert with_token(lab, signer.changed(token(lab), {"exp": 120})).status_code == 200


def test_a_token_without_a_signature_is_refused_whatever_it_says(lab: RunningLab) -> None:
    for name in ("none", "None", "HS256"):
        answer = with_token(lab, unsigned(token(lab), algorithm=name))
        assert refusal(answer) == (401, "unauthenticated"), name
        assert answer.json()["reason"] in {"unsupported_algorithm", "bad_signature"}, name


def test_a_token_with_a_changed_claim_is_refused(lab: RunningLab) -> None:
    head, body, signature = token(lab).split(".")
    middle = len(body) // 2
    swapped = "A" if body[middle] != "A" else "B"
    answer = with_token(lab, f"{head}.{body[:middle]}{swapped}{body[middle + 1 :]}.{signature}")
    assert refusal(answer) == (401, "unauthenticated")


def test_a_token_stands_for_one_organisation_or_for_none(lab: RunningLab) -> None:
    two = access_token(lab.described, "delad@ekdalen.example", scope="openid organization:*")
    none = access_token(lab.described, "medarbetare@ekdalen.example", scope="openid")
    assert refusal(with_token(lab, two)) == (403, "several_tenants")
    assert refusal(with_token(lab, none)) == (403, "no_tenant")
    assert refusal(with_token(lab, two, "/v1/models")) == (403, "several_tenants")


def test_a_revoked_key_opens_nothing_from_then_on(lab: RunningLab) -> None:
    made = key(lab)
    with client(lab.described, made["secret"]) as http:
        assert http.post(VECTORS, json=VECTOR).status_code == 200
        person(lab, "prototypare").http.delete(f"/api/keys/{made['key']['key']}").raise_for_status()
        answer = http.post(VECTORS, json=VECTOR)
    assert refusal(answer) == (401, "unauthenticated")
    assert "(revoked)" in answer.json()["error"]["message"]
    found = records(lab, call_of(answer))
    assert [(each["type"], each["detail"]["reason"]) for each in found] == [("auth.failed", "revoked")]


def test_a_role_that_may_not_is_refused_and_on_record(lab: RunningLab) -> None:
    answer = person(lab, "granskare").http.post("/api/answers", json={"question": "Hej?"})
    assert refusal(answer) == (403, "forbidden")
    assert [each["type"] for each in records(lab, call_of(answer))] == ["authz.denied"]


def token(lab: RunningLab) -> str:
    """A fresh token of an employee."""
    return access_token(lab.described, "medarbetare@ekdalen.example", scope="openid organization:ekdalen")


def with_token(lab: RunningLab, bearer: str, path: str = "/api/me") -> httpx.Response:
    with client(lab.described, bearer) as http:
        return http.get(path)
