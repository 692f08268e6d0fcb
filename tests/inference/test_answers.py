import json

import pytest

from inference import answers
from inference.chat import ToolCall, ToolCallPart
from inference.errors import Failure, ModelFailed

USAGE = {"prompt_tokens": 3, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 2}}


def chat(message: dict[str, object], **choice: object) -> bytes:
    return json.dumps({"choices": [{"index": 0, "message": message, **choice}], "usage": USAGE}).encode()


def event(delta: dict[str, object], **choice: object) -> bytes:
    return json.dumps({"choices": [{"index": 0, "delta": delta, **choice}]}).encode()


def test_usage_tells_what_was_cached() -> None:
    usage = answers.read_answer("m", chat({"content": "a"})).usage

    assert (usage.prompt, usage.completion, usage.cached) == (3, 1, 2)


def test_a_tool_call_is_read_whole() -> None:
    call = {"id": "1", "type": "function", "function": {"name": "vader", "arguments": "{}"}}

    (choice,) = answers.read_answer("m", chat({"content": None, "tool_calls": [call]})).choices

    assert choice.text == ""
    assert choice.tool_calls == (ToolCall("1", "vader", "{}"),)


def test_a_tool_call_is_read_in_parts() -> None:
    first = {"tool_calls": [{"index": 0, "id": "1", "function": {"name": "vader", "arguments": ""}}]}
    second = {"tool_calls": [{"index": 0, "function": {"arguments": "{}"}}]}

    parts = [answers.read_chat_events("m", [event(delta)])[0].tool_calls for delta in (first, second)]

    assert parts == [(ToolCallPart(0, "1", "vader", ""),), (ToolCallPart(0, None, None, "{}"),)]


@pytest.mark.parametrize("name", ["reasoning", "reasoning_content"])
def test_reasoning_is_read_under_both_names_that_engines_use(name: str) -> None:
    assert answers.read_chat_events("m", [event({name: "hm"})])[0].reasoning == "hm"
    assert answers.read_answer("m", chat({name: "hm"})).choices[0].reasoning == "hm"


def test_logprobs_are_handed_on_as_they_were_written() -> None:
    read = answers.read_chat_events("m", [event({"content": "a"}, logprobs={"content": [-0.10]})])

    assert json.loads(read[0].logprobs or b"") == {"content": [-0.1]}
    assert answers.read_chat_events("m", [event({"content": "a"}, logprobs=None)])[0].logprobs is None


def test_an_event_with_text_and_a_running_usage_gives_the_text_alone() -> None:
    both = json.dumps({"choices": [{"delta": {"content": "a"}}], "usage": USAGE}).encode()

    (delta,) = answers.read_chat_events("m", [both])

    assert (delta.text, delta.usage) == ("a", None)


def test_vectors_come_in_the_order_of_the_inputs() -> None:
    body = b'{"data":[{"index":1,"embedding":[2.0]},{"index":0,"embedding":"AACAPw=="}]}'

    vectors = answers.read_embeddings("m", body, 2).vectors

    assert [vector.json for vector in vectors] == [b'"AACAPw=="', b"[2.0]"]


@pytest.mark.parametrize("indices", [[0], [0, 0], [0, 2], [0, 1, 2]])
def test_vectors_that_do_not_match_the_inputs_are_a_failure(indices: list[int]) -> None:
    data = [{"index": index, "embedding": [1.0]} for index in indices]

    with pytest.raises(ModelFailed) as caught:
        answers.read_embeddings("m", json.dumps({"data": data}).encode(), 2)

    assert caught.value.how is Failure.ANSWER


def test_scores_come_best_first_and_belong_to_a_document() -> None:
    results = [{"index": 0, "relevance_score": -1.5}, {"index": 1, "relevance_score": 0.5}]
    body = json.dumps({"results": results}).encode()

    assert [score.index for score in answers.read_ranking("m", body, 2).scores] == [1, 0]
    with pytest.raises(ModelFailed):
        answers.read_ranking("m", body, 1)


def test_a_vector_that_is_no_list_of_numbers_is_a_failure() -> None:
    body = b'{"data":[{"index":0,"embedding":"AACAPw=="}]}'
    (vector,) = answers.read_embeddings("m", body, 1).vectors

    with pytest.raises(ModelFailed):
        answers.read_numbers("m", vector)


def test_events_that_came_together_are_read_like_events_that_came_one_by_one() -> None:
    events = [
        event({"role": "assistant", "content": ""}),
        event({"content": "Två "}, logprobs=None),
        event({"content": "dagar"}, logprobs={"content": [-0.5]}),
        event({"reasoning": "hm"}),
        event({"tool_calls": [{"index": 0, "function": {"arguments": "{}"}}]}),
        json.dumps({"choices": [], "usage": USAGE}).encode(),
    ]

    together = answers.read_chat_events("m", events)

    assert together == [delta for each in events for delta in answers.read_chat_events("m", [each])]
    assert [delta.text for delta in together[:3]] == ["", "Två ", "dagar"]


def test_two_objects_in_one_event_are_no_event() -> None:
    with pytest.raises(ModelFailed):
        answers.read_chat_events("m", [event({"content": "a"}) + b"," + event({"content": "b"})])
