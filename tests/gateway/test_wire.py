"""Bodies of the call path: any bytes are a value or a refusal, which names the field and quotes nothing."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import problems
from gateway.refusals import BadValue, MalformedBody, Refused, UnknownParameter
from gateway.wire import chat, texts

# Threads of the house that other tests have opened draw random numbers meanwhile.
pytestmark = pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")

CANARY = "k4n4riefagel"
READERS = [chat.read, texts.read_completion, texts.read_embedding]
ASK = {"model": "m", "messages": [{"role": "user", "content": "hej"}]}

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
fields = st.sampled_from(
    [field.name for body in (chat.ChatBody, texts.CompletionBody) for field in msgspec.structs.fields(body)]
)


def nested(levels):
    return {"a": nested(levels - 1)} if levels else {}


def refused(read, body):
    with pytest.raises(Refused) as raised:
        read(body if isinstance(body, bytes) else json.dumps(body).encode())
    return raised.value


def told(error):
    problem = problems.of(error)
    return (
        problems.render_openai(problem, request_id="r")
        + problems.render_problem(problem, request_id="r", language="sv")
    ).decode()


@pytest.mark.parametrize("read", READERS)
@given(body=st.binary(max_size=200))
def test_any_bytes_are_a_value_or_a_refusal(read, body):
    try:
        read(body)
    except Refused as error:
        told(error)


@pytest.mark.parametrize("read", READERS)
@given(changes=st.dictionaries(fields, values, max_size=4), base=st.booleans())
def test_any_json_is_a_value_or_a_refusal(read, changes, base):
    whole = {"model": "m", "prompt": "p", "input": "i"} if read is not chat.read else ASK
    try:
        read(json.dumps({**(whole if base else {}), **changes}).encode())
    except Refused as error:
        told(error)


@given(body=values)
def test_what_is_read_can_be_written_again(body):
    whole = json.dumps({**ASK, "messages": [{"role": "user", "content": json.dumps(body)}]}).encode()
    asked = chat.read(whole)
    assert asked.request.messages[0].content == json.dumps(body)


@pytest.mark.parametrize(
    ("body", "param"),
    [
        (b"", None),
        (b"{", None),
        (b"[]", None),
        (b"null", None),
        (b'{"model": "m", "messages": [\xff]}', None),
        (b'{"model": "\\ud800", "messages": [{"role": "user"}]}', None),
        (b"[" * 100_000, None),
        ({"messages": ASK["messages"]}, "model"),
        ({"model": "m"}, "messages"),
        ({**ASK, "messages": []}, "messages"),
        ({**ASK, "messages": [{"role": "user", "content": 1}]}, "messages[0].content"),
        ({**ASK, "messages": [{"role": CANARY}]}, "messages[0].role"),
        ({**ASK, "messages": [{"content": "x"}]}, "messages[0].role"),
        ({**ASK, "max_tokens": -1}, "max_tokens"),
        ({**ASK, "max_tokens": 0}, "max_tokens"),
        ({**ASK, "max_tokens": CANARY}, "max_tokens"),
        ({**ASK, "max_tokens": 1.5}, "max_tokens"),
        ({**ASK, "max_tokens": 10**400}, "max_tokens"),
        ({**ASK, "temperature": 3}, "temperature"),
        ({**ASK, "n": 99}, "n"),
        ({**ASK, "seed": 2**70}, "seed"),
        ({**ASK, "stream": CANARY}, "stream"),
        ({**ASK, "stop": [CANARY] * 17}, "stop"),
        ({**ASK, "tool_choice": CANARY}, "tool_choice"),
        ({**ASK, "tools": [{"type": "function"}]}, "tools[0].function"),
        ({**ASK, "tools": [{"type": CANARY}]}, "tools[0].type"),
        ({**ASK, "top_logprobs": 3}, "top_logprobs"),
        ({**ASK, "response_format": nested(100)}, "response_format"),
        ({**ASK, "chat_template_kwargs": nested(100)}, "chat_template_kwargs"),
        ({**ASK, "chat_template_kwargs": {CANARY: 1}}, "chat_template_kwargs"),
        (
            {**ASK, "messages": [{"role": "user", "content": [{"type": CANARY}]}]},
            "messages[0].content[0].type",
        ),
    ],
)
def test_the_field_at_fault_is_named_and_the_caller_is_not_quoted(body, param):
    error = refused(chat.read, body)
    assert isinstance(error, (MalformedBody, BadValue))
    assert error.param == param
    assert CANARY not in told(error)


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"logit_bias": {}}, "logit_bias"),
        ({"functions": []}, "functions"),
        ({"messages": [{"role": "user", "content": "x", "audio": {}}]}, "messages[0].audio"),
        ({"stream_options": {"chunk": 1}}, "stream_options.chunk"),
    ],
)
def test_a_parameter_that_is_not_supported_is_named(changes, param):
    error = refused(chat.read, {**ASK, **changes})
    assert isinstance(error, UnknownParameter)
    assert error.param == param


def test_a_parameter_whose_name_cant_be_repeated_is_refused_as_unknown_too():
    error = refused(chat.read, {**ASK, "påhittad fråga från någon": 1})
    assert isinstance(error, UnknownParameter)
    assert "någon" not in told(error)


def test_what_openai_clients_send_along_is_taken():
    asked = chat.read(
        json.dumps(
            {
                **ASK,
                "stream": True,
                "stream_options": {"include_usage": True},
                "max_completion_tokens": 7,
                "stop": "x",
                "user": "u",
                "metadata": {"a": "b"},
                "store": False,
                "service_tier": "auto",
                "parallel_tool_calls": True,
            }
        ).encode()
    )
    assert asked.stream
    assert asked.include_usage
    assert (asked.request.max_tokens, asked.request.stop) == (7, ("x",))
    assert asked.collections is None


def test_collections_come_from_the_extra_field_and_from_file_search_once_each():
    tools = [{"type": "file_search", "vector_store_ids": ["b", "a"]}]
    asked = chat.read(json.dumps({**ASK, "collections": ["a"], "tools": tools}).encode())
    assert asked.collections == ("a", "b")
    assert chat.read(json.dumps({**ASK, "tools": [{"type": "file_search"}]}).encode()).collections == ()


@pytest.mark.parametrize(
    ("given_input", "prompts"),
    [("a", ("a",)), (["a", "b"], ("a", "b")), ([1, 2], ((1, 2),)), ([[1, 2], [3]], ((1, 2), (3,)))],
)
def test_one_text_or_several_or_tokens_are_prompts(given_input, prompts):
    body = json.dumps({"model": "m", "input": given_input}).encode()
    assert texts.read_embedding(body).request.inputs == prompts


@pytest.mark.parametrize("mixed", [["a", 1], [1, "a"], ["a", [1]], [1, [2]]])
def test_texts_and_tokens_are_not_mixed(mixed):
    assert refused(texts.read_embedding, {"model": "m", "input": mixed}).param == "input"
    assert refused(texts.read_completion, {"model": "m", "prompt": mixed}).param == "prompt"
