"""The pure parts of a conversation: its name, its tree, what is remembered, found and sent again."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import problems
from gateway.conversation_errors import UnknownMessage
from gateway.conversations import cursors, events, tree
from gateway.conversations.context import remembered
from gateway.conversations.conversation import Message, Role, State
from gateway.conversations.events import Place
from gateway.conversations.folding import fold, snippet
from gateway.conversations.titles import LONGEST, title_of
from gateway.conversations.tree import Turn
from gateway.refusals import BadValue
from inference.errors import ModelUnavailable
from inference.models import Catalogue
from rag.documents import Citation
from tests.gateway.catalogue import catalogue
from tests.gateway.talking import read, text_of

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ROUTES = Catalogue.from_yaml(catalogue(chat="http://a:1", unsteady="http://b:1", vectors="http://c:1"))
WRITER = ROUTES.route("skrivare")
CITATION = Citation(1, "d1", "regel.pdf", 2, 10, 19, "högst två", 0.87654)


def message(name, parent=None, role=Role.USER, text="", state=State.COMPLETE):
    return Message(id=name, parent=parent, role=role, text=text, state=state, created=NOW, call="c1")


def answer(text, state=State.WRITING, **known):
    return replace(message("a", "q", Role.ASSISTANT, text, state), **known)


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("Hur många dagar?", "Hur många dagar?"),
        ("\n\n  Hur   många\tdagar? \nMer text", "Hur många dagar?"),
        ("a\u2028b", "a"),
        ("Ett\x00två\x1btre\u202efyra", "Ett två tre fyra"),
        ("", ""),
        ("\n \t", ""),
    ],
)
def test_a_title_is_the_first_line_that_holds_anything(question, title):
    assert title_of(question) == title


def test_a_long_title_is_cut_at_a_word():
    title = title_of("Vilka regler gäller för " + "distansarbete " * 10)
    assert len(title) <= LONGEST + 1
    assert title.endswith("distansarbete…")


@given(st.text(max_size=300))
def test_a_title_is_one_printable_line_of_bounded_length(question):
    title = title_of(question)
    assert title == "" or title.isprintable()
    assert len(title) <= LONGEST + 1


def test_one_long_word_is_cut_all_the_same():
    assert title_of("x" * 200) == "x" * (LONGEST - 1) + "…"


def test_the_way_to_a_message_begins_at_the_root():
    messages = [
        message("q1"),
        message("a1", "q1", Role.ASSISTANT, "ett"),
        message("a2", "q1", Role.ASSISTANT, "två"),
        message("q2", "a2", text="och sedan?"),
        message("a3", "q2", Role.ASSISTANT, "tre"),
    ]
    assert [each.id for each in tree.path(messages, "a3")] == ["q1", "a2", "q2", "a3"]
    assert tree.path(messages, None) == []
    assert tree.turns(messages, "a3") == [Turn("", "två"), Turn("och sedan?", "tre")]


def test_a_question_that_got_no_answer_is_no_turn():
    messages = [message("q1", text="fråga"), message("a1", "q1", Role.ASSISTANT, "", State.FAILED)]
    assert tree.turns(messages, "a1") == []


def test_a_message_of_another_role_is_not_found():
    with pytest.raises(UnknownMessage):
        tree.found([message("q1")], "q1", Role.ASSISTANT)


def test_what_fits_is_remembered_whole():
    kept = remembered([Turn("ett", "två")], "tre", WRITER, searched=False)
    assert [(each.role, each.content) for each in kept.messages] == [("user", "ett"), ("assistant", "två")]
    assert kept.forgotten == 0


def test_the_oldest_is_forgotten_first_and_no_gap_is_left():
    turns = [Turn("x" * 300, "kort"), Turn("y" * 12000, "långt"), Turn("z" * 300, "nyss")]
    kept = remembered(turns, "fråga", WRITER, searched=False)
    assert [each.content for each in kept.messages] == ["z" * 300, "nyss"]
    assert kept.forgotten == 4


def test_sources_have_half_of_the_room():
    turns = [Turn("x" * 6000, "kort")]
    assert remembered(turns, "fråga", WRITER, searched=False).forgotten == 0
    assert remembered(turns, "fråga", WRITER, searched=True).forgotten == 2


@given(
    st.lists(st.tuples(st.text(max_size=4000), st.text(max_size=4000)), max_size=8), st.text(max_size=8000)
)
def test_what_is_remembered_is_an_end_of_what_was_said_and_fits(said, question):
    turns = [Turn(asked, answered) for asked, answered in said]
    kept = remembered(turns, question, WRITER, searched=False)
    texts = [text for turn in turns for text in (turn.question, turn.answer)]
    assert [each.content for each in kept.messages] == texts[kept.forgotten :]
    length = sum(len(each.content) for each in kept.messages)
    assert kept.messages == () or (length + len(question)) / 3 <= WRITER.context_length - 512


def test_upper_and_lower_case_and_composed_and_decomposed_letters_are_the_same():
    assert fold("ÅÄÖ") == fold("åäö") == fold("A\u030aA\u0308O\u0308")
    assert fold("Ärende") != fold("Arende")


def test_a_snippet_shows_where_it_stands():
    text = "Ord " * 40 + "ÖVERKLAGANDE\nav beslut " + "ord " * 40
    found = snippet(text, fold("överklagande"))
    assert found.text[found.start : found.end] == "ÖVERKLAGANDE"
    assert found.text.startswith("…")
    assert found.text.endswith("…")
    assert "\n" not in found.text


@given(st.text(max_size=200), st.text(alphabet="åäößİiABC", min_size=1, max_size=5), st.text(max_size=200))
def test_a_snippet_marks_what_was_looked_for(before, wanted, after):
    found = snippet(before + wanted + after, fold(wanted))
    assert 0 <= found.start <= found.end <= len(found.text)
    assert fold(wanted) in fold(found.text) or fold(wanted) not in fold(before + wanted + after)


def test_what_is_not_there_is_marked_nowhere():
    found = snippet("Hej", "x")
    assert (found.text, found.start, found.end) == ("Hej", 0, 0)


def test_a_reader_who_has_nothing_gets_all_from_the_start():
    whole = answer("Hej du", State.COMPLETE, citations=(CITATION,), finish="stop", supported=True, model="m")
    said = read(events.past(whole, None, "sv")[0].decode())
    assert [(each.name, each.id) for each in said] == [
        ("start", "0"),
        ("delta", "6"),
        ("citations", "6.1"),
        ("done", "6.2"),
    ]
    assert said[2].data["items"][0] == {
        "index": 1,
        "document": "d1",
        "name": "regel.pdf",
        "page": 2,
        "start": 10,
        "end": 19,
        "quote": "högst två",
        "score": 0.8765,
    }
    assert said[3].data["supported"] is True


def test_an_end_of_two_names_is_told_in_the_readers_language():
    failed = answer("He", State.FAILED, problem=problems.of(ModelUnavailable("skrivare")))
    swedish, english = (
        read(events.past(failed, Place(2), language)[0].decode()) for language in ("sv", "en")
    )
    assert [each.name for each in swedish] == ["error"]
    assert (swedish[0].data["state"], swedish[0].data["length"]) == ("failed", 2)
    assert swedish[0].data["slug"] == english[0].data["slug"] == "model_unavailable"
    assert swedish[0].data["title"] != english[0].data["title"]


@given(
    st.text(min_size=1, max_size=60),
    st.lists(st.integers(0, 60), max_size=10),
    st.sampled_from([State.COMPLETE, State.STOPPED, State.FAILED, State.INTERRUPTED]),
)
def test_wherever_a_reader_breaks_off_nothing_is_lost_and_nothing_comes_twice(text, cuts, state):
    known = {"citations": (CITATION,), "problem": None}
    seen, place = [], None
    for cut in sorted(min(cut, len(text)) for cut in cuts):
        piece, _ = events.past(answer(text[:cut], **known), place, "sv")
        seen += read(piece.decode())
        place = events.read(seen[-1].id) if seen else None
    ended = answer(text, state, **known)
    seen += read(events.past(ended, place, "sv")[0].decode())
    assert text_of(seen) == text
    names = [each.name for each in seen if each.name != "delta"]
    assert names == ["start", "citations", "done" if state in {"complete", "stopped"} else "error"]
    for number, each in enumerate(seen):
        rest = read(events.past(ended, events.read(each.id), "sv")[0].decode())
        assert text_of(seen[: number + 1]) + text_of(rest) == text
        assert [e.name for e in rest if e.name != "delta"] == [
            e.name for e in seen[number + 1 :] if e.name != "delta"
        ]


def test_a_reader_who_saw_more_than_was_kept_is_told_the_length():
    piece, _ = events.past(answer("Hej", State.INTERRUPTED), Place(10), "sv")
    (error,) = read(piece.decode())
    assert (error.name, error.data["length"], error.data["slug"]) == ("error", 3, "answer_interrupted")


def test_text_of_peoples_never_breaks_out_of_its_event():
    piece, _ = events.delta("a\n\nevent: done\ndata: {}\n\r\u2028", Place(0))
    assert piece.count(b"\n") == 4
    assert json.loads(piece.partition(b"data: ")[2])["text"].startswith("a\n\nevent: done")


@pytest.mark.parametrize("place", ["x", "-1", "1.3", "1.", "1.0", "9" * 10, "1 ", "\u0661"])
def test_a_place_that_is_none_of_ours_is_refused(place):
    with pytest.raises(BadValue):
        events.read(place)


def test_no_place_is_the_beginning():
    assert events.read(None) is events.read("") is None


@pytest.mark.parametrize("cursor", ["", "x", "%%%", "MjAyNg==", "aGVqIGhlag==", "MjAyNi0xMS0yMiBh"])
def test_a_cursor_that_is_none_of_ours_is_refused(cursor):
    with pytest.raises(BadValue):
        cursors.read(cursor)


def test_a_cursor_comes_back_as_it_was():
    place = cursors.Place(NOW, "a1")
    assert cursors.read(str(place)) == place
    assert cursors.read(None) is None
