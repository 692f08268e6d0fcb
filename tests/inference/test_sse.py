from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.sse import EventSplitter, EventTooLarge


def fed(*chunks: bytes, limit: int = 1000) -> list[bytes]:
    splitter = EventSplitter(limit)
    return [event for chunk in chunks for event in splitter.feed(chunk)]


LINES = st.sampled_from(
    [
        b"data: a",
        b"data:b",
        b"data",
        b"data:  c",
        b": comment",
        b"event: x",
        b"id: 7",
        b"retry: 1",
        b"",
        b"",
        b"odd",
    ]
)
ENDS = st.sampled_from([b"\n", b"\r\n", b"\r"])


def read_plainly(lines: list[bytes]) -> list[bytes]:
    """The standard's algorithm, word for word, over lines that are already apart."""
    events: list[bytes] = []
    buffer = b""
    seen = False
    for line in lines:
        name, colon, value = line.partition(b":")
        if not line:
            if seen:
                events.append(buffer[:-1])
            buffer, seen = b"", False
        elif name == b"data":
            buffer += (value[1:] if colon and value.startswith(b" ") else value) + b"\n"
            seen = True
    return events


@given(st.lists(st.tuples(LINES, ENDS)), st.lists(st.integers(0, 200)))
def test_events_are_the_same_wherever_the_bytes_are_cut(
    text: list[tuple[bytes, bytes]], cuts: list[int]
) -> None:
    # CR followed by an empty line that ends in LF would be read as one CRLF: no text can mean it otherwise.
    lines = [(line, b"\n" if end == b"\r" else end) for line, end in text]
    stream = b"".join(line + end for line, end in lines)
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut <= len(stream))})
    chunks = [stream[start:end] for start, end in pairwise(edges)]

    assert fed(*chunks) == read_plainly([line for line, _ in lines])


@given(st.lists(LINES), st.lists(st.integers(0, 200)))
def test_a_lone_carriage_return_ends_a_line_wherever_the_bytes_are_cut(
    lines: list[bytes], cuts: list[int]
) -> None:
    stream = b"".join(line + b"\r" for line in lines)
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut <= len(stream))})
    chunks = [stream[start:end] for start, end in pairwise(edges)]

    assert fed(*chunks) == read_plainly(lines)


def test_an_event_comes_as_soon_as_its_empty_line_has_come() -> None:
    assert fed(b"data: a\n\n") == [b"a"]
    assert fed(b"data: a\r\r") == [b"a"]
    assert fed(b"data: a\r\n\r") == [b"a"]


def test_several_data_lines_are_one_event() -> None:
    assert fed(b"data: a\ndata: b\n\n") == [b"a\nb"]


def test_bytes_that_end_a_line_elsewhere_do_not_end_it_here() -> None:
    inside = "data: a\u2028b\u0085c\x0b\x0c\x1cd\n\n".encode()

    assert fed(inside) == [inside[6:-2]]


def test_an_event_without_its_empty_line_is_none() -> None:
    assert fed(b"data: a\n") == []


@pytest.mark.parametrize("chunk", [b"data: " + b"x" * 20, b"data: 123456\ndata: 123456\n"])
def test_an_event_over_the_limit_is_refused_before_it_ends(chunk: bytes) -> None:
    with pytest.raises(EventTooLarge):
        fed(chunk, limit=10)
