"""However its events come together, and whatever its text holds, a stream says what its events say one by one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.answers import read_chat_events
from inference.chat import ChatDelta, TextRun
from inference.errors import ModelFailed
from inference.runs import ChatEvents

AROUND = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}


def event(delta, finish=None, **more):
    separators = more.pop("separators", (",", ":"))
    choice = {"index": 0, "delta": delta, "finish_reason": finish, **more}
    return json.dumps({**AROUND, "choices": [choice]}, separators=separators, ensure_ascii=False).encode()


def text(piece):
    return event({"content": piece})


USAGE = json.dumps({**AROUND, "choices": [], "usage": {"prompt_tokens": 2, "completion_tokens": 3}}).encode()
OTHERS = [
    event({"role": "assistant", "content": ""}),
    event({}, "stop"),
    event({"content": "sist"}, "length"),
    event({"content": "b"}, index=1),
    event({"content": "c"}, logprobs={"content": [-0.1]}),
    event({"reasoning_content": "hm"}),
    event({"tool_calls": [{"index": 0, "id": "t", "function": {"name": "f", "arguments": "{"}}]}),
    event({"content": "med mellanrum"}, separators=(", ", ": ")),
    USAGE,
    json.dumps(json.loads(text("på flera rader")), indent=1).encode(),
]
events = st.lists(st.one_of(st.text().map(text), st.sampled_from(OTHERS)), max_size=12)


def one_by_one(read):
    """A run as the deltas that it stands for."""
    return [
        delta
        for each in read
        for delta in ([ChatDelta(0, one) for one in each.texts] if isinstance(each, TextRun) else [each])
    ]


@given(events, st.integers(min_value=1, max_value=12))
def test_together_or_one_by_one_the_events_say_the_same(some, at_once):
    read = ChatEvents()
    together = []
    for start in range(0, len(some), at_once):
        together += read("m", some[start : start + at_once])
    assert one_by_one(together) == read_chat_events("m", some)


@given(st.lists(st.text(), min_size=1))
def test_a_run_s_pieces_are_the_json_of_its_texts(texts):
    some = [text("först"), *(text(each) for each in texts)]
    for each in ChatEvents()("m", some):
        if isinstance(each, TextRun):
            assert [json.loads(b'"%b"' % piece) for piece in each.pieces] == each.texts
            assert each.text == "".join(each.texts)
            assert "" not in each.texts


def test_an_event_of_two_lines_is_not_read_as_two_events():
    twofold = text("b") + b"\n" + text("c")
    with pytest.raises(ModelFailed):
        ChatEvents()("m", [text("a"), twofold, USAGE])
    with pytest.raises(ModelFailed):
        ChatEvents()("m", [text("a"), twofold, text("d"), event({}, "stop")])


def test_what_only_looks_like_the_text_is_not_learnt_as_it():
    def with_note(note, piece):
        choice = {"note": {"content": note}, "index": 0, "delta": {"content": piece}, "finish_reason": None}
        return json.dumps({**AROUND, "choices": [choice]}, separators=(",", ":")).encode()

    read = ChatEvents()("m", [with_note("ett", "a"), with_note("två", "a"), with_note("tre", "a")])
    assert one_by_one(read) == [ChatDelta(0, "a")] * 3


def test_pieces_of_text_that_follow_each_other_are_one_run():
    some = [text("a"), text("b"), text("c d"), text("å\n\"'"), event({}, "stop")]
    first, run, end = ChatEvents()("m", some)
    assert (first, end) == (ChatDelta(0, "a"), ChatDelta(0, "", "stop"))
    assert run.texts == ["b", "c d", "å\n\"'"]
    assert (run.finish, run.usage) == (None, None)


def test_an_engine_that_writes_spaces_is_read_in_runs_too():
    some = [event({"content": each}, separators=(", ", ": ")) for each in ("a", "b", "c")]
    _, run = ChatEvents()("m", some)
    assert run.texts == ["b", "c"]


@pytest.mark.parametrize(
    "inside",
    [
        b'x"},"finish_reason":"stop","index":0,"q":{"content":"y',
        b'a","b',
        b"x\\",
        b'\\","',
        b"\\q",
        b"\\u12",
        b"\xff\xfe",
        b"tab\there",
        b"nul\x00here",
    ],
)
def test_what_is_no_json_string_is_never_part_of_a_run(inside):
    before, after = text("#").split(b"#")
    read = ChatEvents()
    read("m", [text("a")])
    odd = before + inside + after
    try:
        alone = read_chat_events("m", [odd])
    except ModelFailed:
        for some in ([odd], [text("b"), odd], [odd, text("b")], [odd, odd], [odd, text(',"z')]):
            with pytest.raises(ModelFailed):
                read("m", some)
    else:
        assert one_by_one(read("m", [text("b"), odd])) == [ChatDelta(0, "b"), *alone]


def test_two_events_in_one_are_refused_in_a_run_as_they_are_alone():
    read = ChatEvents()
    read("m", [text("a")])
    with pytest.raises(ModelFailed):
        read("m", [text("b") + b"," + text("c"), text("d")])


def test_where_more_than_text_stands_around_no_template_is_learnt():
    some = [event({"content": each}, logprobs={"content": [-0.1]}) for each in ("a", "b")]
    assert all(isinstance(each, ChatDelta) for each in ChatEvents()("m", some))
