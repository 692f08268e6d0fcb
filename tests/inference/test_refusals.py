import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.errors import (
    ModelFailed,
    ModelOverloaded,
    ModelRefused,
    ModelTimedOut,
    ModelUnavailable,
    Refusal,
    RouteError,
)
from inference.refusals import EngineError, read_refusal, read_stream_error


def body(**error: object) -> bytes:
    return json.dumps({"error": error}).encode()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, {"message": "This model's maximum context length is 9 tokens.", "param": "input_tokens"}),
        (400, {"message": "The decoder prompt (length 9) is longer than the maximum model length of 8."}),
        (400, {"message": "request (9 tokens) exceeds the available context size (8 tokens)"}),
        (400, {"type": "exceed_context_size_error", "code": 400}),
        (400, {"message": "", "param": "input_text"}),
        (500, {"message": "input (600 tokens) is too large to process. increase the physical batch size"}),
        (400, {"message": "input (600 tokens) is larger than the max context size (512 tokens). skipping"}),
    ],
)
def test_both_engines_are_understood_when_a_text_is_too_long(status: int, error: dict[str, object]) -> None:
    refused = read_refusal("m", status, body(**error))

    assert isinstance(refused, ModelRefused)
    assert refused.reason is Refusal.CONTEXT_LENGTH


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, ModelRefused),
        (413, ModelRefused),
        (422, ModelRefused),
        (404, ModelFailed),
        (401, ModelFailed),
        (408, ModelTimedOut),
        (504, ModelTimedOut),
        (429, ModelOverloaded),
        (503, ModelUnavailable),
        (500, ModelFailed),
    ],
)
def test_each_status_has_one_meaning(status: int, expected: type[RouteError]) -> None:
    assert type(read_refusal("m", status, body(message="x"))) is expected


def test_a_parameter_is_named_only_when_callers_know_it() -> None:
    known = read_refusal("m", 400, body(message="x", param="temperature"))
    unknown = read_refusal("m", 400, body(message="x", param="Kalle Anka"))

    assert isinstance(known, ModelRefused)
    assert known.param == "temperature"
    assert isinstance(unknown, ModelRefused)
    assert unknown.param is None


@pytest.mark.parametrize("told", [None, 0, 5, 999_999])
def test_the_advice_to_wait_is_bounded(told: int | None) -> None:
    busy = read_refusal("m", 429, b"", told)

    assert isinstance(busy, ModelOverloaded)
    assert 1 <= busy.retry_after <= 3600


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"null", b'{"error":"plain words"}', b'{"error":null}', b"<html>", b"\xff"]
)
def test_an_error_that_is_not_written_as_one_still_has_its_status(text: bytes) -> None:
    assert isinstance(read_refusal("m", 400, text), ModelRefused)
    assert isinstance(read_refusal("m", 500, text), ModelFailed)


@given(st.integers(300, 599), st.text(), st.text(), st.none() | st.text())
def test_no_word_of_an_engine_gets_out(status: int, message: str, kind: str, param: str | None) -> None:
    secret = "s3cr3t-prompt"
    error = read_refusal(
        "m", status, body(message=secret + message, type=secret + kind, param=param and secret)
    )

    assert secret not in f"{error} {error!r} {vars(error)}"


def test_an_error_in_a_stream_counts_by_its_code_where_it_is_a_status() -> None:
    assert isinstance(read_stream_error("m", EngineError(code=400)), ModelRefused)
    assert isinstance(read_stream_error("m", EngineError(code="server_error")), ModelFailed)
    assert isinstance(read_stream_error("m", EngineError()), ModelFailed)
