"""A part that is down: its callers are told which and what to do, so is the operator, and it comes back by itself."""

from dataclasses import dataclass

import httpx
import openai
import pytest

from gateway.demo.caller import access_token
from tests.behaviour.callers import CHAT, key, person, programme, refusal
from tests.behaviour.labs import RunningLab

QUESTION = "Hur många dagar i veckan får jag arbeta på distans?"
VECTOR = {"model": "multilingual-e5-small", "input": "query: semester"}


@dataclass(frozen=True)
class Operator:
    """What the operator sees while a part is away: the parts that `/readyz` names, and the doctor's words."""

    status: int
    down: dict[str, str]
    code: int
    said: str


def as_operator(lab: RunningLab, subject: str) -> Operator:
    with lab.http() as http:
        answer = http.get("/readyz")
    doctor = lab.valv("doctor", subject)
    down = {part["name"]: part["advice"] for part in answer.json()["parts"] if not part["ready"]}
    return Operator(answer.status_code, down, doctor.returncode, doctor.stdout + doctor.stderr)


def check_named(seen: Operator, part: str, *, advice: str, doctor: str) -> None:
    """Both name this part and no other, and say what to do."""
    assert seen.status == 503
    assert set(seen.down) == {part}
    assert advice in seen.down[part]
    assert seen.code == 1, seen.said
    assert doctor in seen.said
    assert "Traceback" not in seen.said


def test_a_lab_that_is_well_says_so(lab: RunningLab) -> None:
    with lab.http() as http:
        assert http.get("/readyz").json()["ready"] is True
    doctor = lab.valv("doctor")
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    assert "FAULT" not in doctor.stdout


def test_without_the_chat_model_all_else_goes_on_and_it_comes_back_by_itself(lab: RunningLab) -> None:
    with OpenAI(lab) as client:
        with lab.without("smollm2-135m"):
            with pytest.raises(openai.InternalServerError) as refused:
                client.chat.completions.create(model=CHAT["model"], messages=CHAT["messages"])
            seen = as_operator(lab, "models")
            quoted = person(lab, "medarbetare").ask(QUESTION)
        check_named(
            seen, "model:smollm2-135m", advice="`valv models serve smollm2-135m`", doctor="Start its server"
        )
        assert (refused.value.status_code, refused.value.code) == (503, "model_unavailable")
        assert "'smollm2-135m' is not running" in refused.value.message
        assert quoted.supported
        back = client.chat.completions.create(model=CHAT["model"], messages=CHAT["messages"], max_tokens=4)
    assert back.choices[0].message.content


def test_without_the_embedding_model_searches_say_what_is_missing(lab: RunningLab) -> None:
    with programme(lab) as http, lab.without("multilingual-e5-small"):
        vectors = http.post("/v1/embeddings", json=VECTOR)
        asked = person(lab, "medarbetare").http.post("/api/answers", json={"question": QUESTION})
        chat = http.post("/v1/chat/completions", json=CHAT)
        seen = as_operator(lab, "models")
    assert refusal(vectors) == (503, "model_unavailable")
    assert refusal(asked) == (503, "retrieval_unavailable")
    assert asked.json()["part"] == "embedder"
    assert chat.status_code == 200
    check_named(
        seen, "model:multilingual-e5-small", advice="else start it", doctor="model multilingual-e5-small"
    )
    assert person(lab, "medarbetare").ask(QUESTION).supported


def test_a_model_server_that_hangs_is_named_and_is_well_again_when_it_answers(lab: RunningLab) -> None:
    with lab.hanging("smollm2-135m"):
        seen = as_operator(lab, "models")
    check_named(seen, "model:smollm2-135m", advice="start it", doctor="Start its server")


def test_without_the_identity_provider_known_callers_go_on_and_new_logins_are_told(lab: RunningLab) -> None:
    with programme(lab) as http:
        assert http.post("/v1/embeddings", json=VECTOR).status_code == 200
        known = person(lab, "medarbetare")
        with lab.without("identity"):
            by_key = http.post("/v1/embeddings", json=VECTOR)
            by_token = known.http.get("/api/me")
            login = http.get("/auth/login")
            seen = as_operator(lab, "keycloak")
    assert by_key.status_code == 200
    assert by_token.status_code == 200
    assert refusal(login) == (503, "identity_provider_down")
    check_named(seen, "identity", advice="people can't log in until then", doctor="Keycloak does not answer")
    assert access_token(lab.described, "medarbetare@ekdalen.example", scope="openid organization:ekdalen")


@pytest.mark.lab
@pytest.mark.full
def test_without_chroma_searches_say_what_is_missing(full: RunningLab) -> None:
    with programme(full) as http, full.without("vectors"):
        asked = person(full, "medarbetare").http.post("/api/answers", json={"question": QUESTION})
        chat = http.post("/v1/chat/completions", json=CHAT)
        seen = as_operator(full, "vectors")
    assert refusal(asked) == (503, "retrieval_unavailable")
    assert chat.status_code == 200
    check_named(seen, "vectors", advice="Start the Chroma server", doctor="Chroma does not answer")
    assert person(full, "medarbetare").ask(QUESTION).supported


@pytest.mark.lab
@pytest.mark.full
def test_without_the_database_callers_are_told_and_nothing_is_half_done(full: RunningLab) -> None:
    unknown = {"authorization": f"Bearer {key(full)['secret']}"}
    known = person(full, "medarbetare")
    before = known.get("/api/collections")
    with (
        httpx.Client(base_url=full.described.url, trust_env=False, timeout=60) as http,
        full.without("database"),
    ):
        by_key = http.post("/v1/embeddings", json=VECTOR, headers=unknown)
        listed = known.http.get("/api/collections")
        made = known.http.post("/api/collections", json={"name": "Aldrig"})
        seen = as_operator(full, "database")
    for answer in (by_key, listed, made):
        assert refusal(answer) == (503, "part_down")
        assert "database" in answer.text
    check_named(seen, "database", advice="Start the database", doctor="database does not answer")
    assert person(full, "medarbetare").get("/api/collections") == before


def OpenAI(lab: RunningLab) -> openai.OpenAI:  # noqa: N802  stands for the class
    return openai.OpenAI(
        base_url=f"{lab.described.url}/v1", api_key=key(lab)["secret"], max_retries=0, timeout=60
    )
