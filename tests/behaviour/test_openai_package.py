"""The official OpenAI package against a running lab: base URL and key differ, and nothing else."""

import datetime
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import openai
import pytest
from openai import OpenAI
from prometheus_client.parser import text_string_to_metric_families

from tests.behaviour.callers import key, person, records
from tests.behaviour.labs import RunningLab, until

CHAT, VECTOR = "smollm2-135m", "multilingual-e5-small"
HELLO = [{"role": "user", "content": "Say hello."}]
STORY = [{"role": "user", "content": "Tell a very long story about a lighthouse, with many chapters."}]
# Without chance: what is drawn may be a story of forty tokens.
LONG: dict[str, Any] = {"model": CHAT, "messages": STORY, "temperature": 0}


def package(lab: RunningLab, secret: str) -> OpenAI:
    return OpenAI(base_url=f"{lab.described.url}/v1", api_key=secret, max_retries=0, timeout=120)


@pytest.fixture
def client(lab: RunningLab) -> Iterator[OpenAI]:
    with package(lab, key(lab)["secret"]) as made:
        yield made


def test_a_chat_is_answered_whole(client: OpenAI) -> None:
    answer = client.chat.completions.create(model=CHAT, messages=HELLO, max_tokens=12, temperature=0)
    assert answer.object == "chat.completion"
    assert answer.model == CHAT
    assert answer.choices[0].message.content
    assert answer.choices[0].finish_reason in {"stop", "length"}
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert 0 < answer.usage.completion_tokens <= 12


def test_a_chat_streams_and_says_at_its_end_what_it_used(client: OpenAI) -> None:
    chunks = list(
        client.chat.completions.create(
            model=CHAT,
            messages=HELLO,
            max_tokens=12,
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    texts = [choice.delta.content for chunk in chunks for choice in chunk.choices if choice.delta.content]
    assert len(texts) > 1, "the answer came in one piece"
    ends = [choice.finish_reason for chunk in chunks for choice in chunk.choices if choice.finish_reason]
    assert len(ends) == 1
    assert chunks[-1].choices == []
    assert 0 < chunks[-1].usage.completion_tokens <= 12


@pytest.mark.parametrize("room", [10, 200])
def test_sources_leave_an_answer_the_room_that_it_asks_for(client: OpenAI, room: int) -> None:
    question = [{"role": "user", "content": "How many days a week may I work remotely?"}]
    answer = client.chat.completions.create(
        model=CHAT, messages=question, max_tokens=room, extra_body={"collections": []}
    )
    assert answer.choices[0].message.annotations
    assert 1000 < answer.usage.prompt_tokens <= 2048 - room


def test_what_is_too_long_for_the_model_is_told_as_that(client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        client.chat.completions.create(model=CHAT, messages=[{"role": "user", "content": "far away " * 2000}])
    assert refused.value.code == "context_length_exceeded"
    assert "GET /v1/models" in refused.value.message


def test_a_text_is_continued_whole_and_as_a_stream(client: OpenAI) -> None:
    whole = client.completions.create(model=CHAT, prompt="Once upon a time", max_tokens=8, temperature=0)
    stream = client.completions.create(
        model=CHAT, prompt="Once upon a time", max_tokens=8, temperature=0, stream=True
    )
    told = "".join(choice.text for chunk in stream for choice in chunk.choices)
    assert whole.choices[0].text == told != ""


def test_texts_become_vectors_of_length_one_in_both_encodings(client: OpenAI) -> None:
    texts = ["query: semester", "query: sjukskrivning"]
    floats = client.embeddings.create(model=VECTOR, input=texts, encoding_format="float")
    packed = client.embeddings.create(model=VECTOR, input=texts)  # the package asks for base64 and unpacks it
    assert [each.index for each in floats.data] == [0, 1]
    for one, other in zip(floats.data, packed.data, strict=True):
        assert len(one.embedding) == 384
        assert sum(x * x for x in one.embedding) == pytest.approx(1, abs=1e-3)
        assert one.embedding == pytest.approx(other.embedding, abs=1e-4)
    assert floats.usage.prompt_tokens > 0


def test_the_models_are_listed_and_looked_up(client: OpenAI) -> None:
    assert {model.id for model in client.models.list()} == {CHAT, VECTOR, "citat"}
    assert client.models.retrieve("citat").owned_by == "valv"


def test_a_wrong_key_is_an_authentication_error(lab: RunningLab) -> None:
    with package(lab, "valv_aaaaaaaa_wrong") as client, pytest.raises(openai.AuthenticationError) as refused:
        client.models.list()
    assert refused.value.code == "unauthenticated"
    assert "Authorization: Bearer" in refused.value.message


def test_a_key_without_the_scope_is_a_permission_error(lab: RunningLab) -> None:
    body = {"name": "Bara vektorer", "days": 1, "scopes": ["embedding:create"]}
    secret = person(lab, "prototypare").post("/api/keys", **body)["secret"]
    with package(lab, secret) as client, pytest.raises(openai.PermissionDeniedError) as refused:
        client.chat.completions.create(model=CHAT, messages=HELLO)
    assert refused.value.code == "forbidden"


def test_an_unknown_model_is_a_not_found_error(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as refused:
        client.chat.completions.create(model="gpt-hemlig", messages=HELLO)
    assert refused.value.code == "model_not_found"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-hemlig")


def test_too_much_asked_is_a_bad_request_error_that_names_the_parameter(client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        client.chat.completions.create(model=CHAT, messages=HELLO, max_tokens=1_000_000)
    assert (refused.value.code, refused.value.param) == ("bad_value", "max_tokens")


def test_a_used_up_budget_is_a_rate_limit_error_that_says_when_to_come_back(lab: RunningLab) -> None:
    secret = key(lab, "norrskog")[
        "secret"
    ]  # the other organisation's budget, which no other test needs whole
    bearer = {"authorization": f"Bearer {secret}", "content-type": "application/json"}
    with httpx.Client(base_url=lab.described.url, headers=bearer, trust_env=False, timeout=60) as http:

        def spend(_: int) -> int:
            return http.post("/v1/embeddings", content=b"{").status_code

        with ThreadPoolExecutor(4) as workers:
            spent = list(workers.map(spend, range(160)))
    assert 429 in spent, "160 calls at once were all taken"
    with package(lab, secret) as client:
        refused = until(
            lambda: rate_limited(client), within=60
        )  # the budget may have got some back meanwhile
    assert refused.code == "limit_reached"
    assert int(refused.response.headers["retry-after"]) >= 1


def rate_limited(client: OpenAI) -> openai.RateLimitError | None:
    try:
        client.embeddings.create(model=VECTOR, input="x")
    except openai.RateLimitError as refused:
        return refused
    return None


def test_hanging_up_in_mid_stream_is_on_record_at_once_and_the_engine_is_free(lab: RunningLab) -> None:
    with package(lab, key(lab)["secret"]) as client:
        stream = client.chat.completions.create(**LONG, max_tokens=1500, stream=True)
        call = stream.response.headers["x-request-id"]
        for _ in range(4):
            next(stream)
        assert running(lab) == 1
        stream.close()
        left = time.time()
        until(lambda: running(lab) == 0, within=5, otherwise=lambda: "the gateway still waits for the engine")
    check_aborted(lab, call, left)


def test_a_client_that_runs_out_of_patience_is_on_record_at_once_and_the_engine_is_free(
    lab: RunningLab,
) -> None:
    before = newest(lab)
    with package(lab, key(lab)["secret"]) as client:
        with pytest.raises(openai.APITimeoutError):
            client.chat.completions.create(**LONG, max_tokens=1900, timeout=1)
        left = time.time()
        until(lambda: running(lab) == 0, within=5, otherwise=lambda: "the gateway still waits for the engine")
    found = person(lab, "granskare").get("/api/audit/records", type="call.intent", limit=1)["items"][0]
    assert found["seq"] > before
    check_aborted(lab, found["record"]["call"], left)


def check_aborted(lab: RunningLab, call: str, left: float) -> None:
    """The call ended as `client_aborted`, by the clock of the record within seconds of the hang-up."""
    outcome = until(
        lambda: next((each for each in records(lab, call) if each["type"] == "call.outcome"), None), within=5
    )
    assert outcome["outcome"]["status"] == "client_aborted"
    ended = datetime.datetime.fromisoformat(outcome["ts"]).timestamp()
    assert ended - left < 3


def newest(lab: RunningLab) -> int:
    seq: int = person(lab, "granskare").get("/api/audit/records", limit=1)["items"][0]["seq"]
    return seq


def running(lab: RunningLab) -> float:
    """Calls of the chat model that the gateway has at the engine now, as the operator's metrics tell."""
    told = httpx.get(lab.described.metrics_url, trust_env=False).text
    samples = [
        sample
        for family in text_string_to_metric_families(told)
        for sample in family.samples
        if sample.name == "valv_calls_running" and CHAT in sample.labels.values()
    ]
    assert samples, "no gauge valv_calls_running for the model"
    return float(samples[0].value)
