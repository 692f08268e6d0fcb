"""The bytes of a record, against an independent implementation of RFC 8785, and what is never in them."""

import json
from pathlib import Path

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.canonical import printable
from audit.composer import Composer, Head, Moment
from audit.errors import RecordRefused
from audit.keys import create_keys
from audit.pseudonyms import Pseudonyms
from audit.records import (
    Actor,
    ActorKind,
    Content,
    Draft,
    EventType,
    GuardFinding,
    Operation,
    Outcome,
    PolicyVerdict,
    Retrieved,
    Source,
    Status,
)
from tests.audit.fakes import BROWSER, CHAT, OFFICER, CountedBytes, intent

H = 'a\n\x1b[31m\u202eevil\u2028\x00\ud800\u200b\\"\x7f'
TEXT = st.text(st.characters(), max_size=40)
COUNT = st.integers(-(2**53) + 1, 2**53 - 1)
MAYBE = st.none() | TEXT
DRAFTS = st.builds(
    Draft,
    type=st.sampled_from(EventType),
    call=MAYBE,
    ref=st.none() | COUNT,
    actor=st.none()
    | st.builds(
        Actor,
        TEXT,
        st.sampled_from(ActorKind),
        TEXT,
        MAYBE,
        MAYBE,
        TEXT,
        st.lists(TEXT, max_size=3).map(tuple),
    ),
    src=st.none() | st.builds(Source, MAYBE, MAYBE),
    op=st.none() | st.builds(Operation, TEXT, TEXT, MAYBE, MAYBE, MAYBE, st.booleans(), st.none() | COUNT),
    rag=st.lists(st.builds(Retrieved, TEXT, TEXT, COUNT, TEXT, COUNT), max_size=3).map(tuple),
    policy=st.none() | st.builds(PolicyVerdict, TEXT, TEXT, TEXT),
    guard=st.lists(st.builds(GuardFinding, TEXT, COUNT, TEXT), max_size=3).map(tuple),
    content=st.none() | st.builds(Content, TEXT, COUNT, MAYBE, MAYBE, MAYBE, MAYBE),
    outcome=st.none() | st.builds(Outcome, st.sampled_from(Status), MAYBE, COUNT, COUNT, COUNT, COUNT, COUNT),
    purpose=MAYBE,
    case=MAYBE,
    retain=MAYBE,
    detail=st.none()
    | st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True), TEXT | COUNT, max_size=4),
)


@pytest.fixture(scope="module")
def composer(tmp_path_factory: pytest.TempPathFactory) -> Composer:
    folder = tmp_path_factory.mktemp("composer")
    names = Pseudonyms(folder / "names.sqlite", entropy=CountedBytes())
    return Composer(create_keys(folder / "keys", entropy=CountedBytes()), names, boot="01JD")


def composed(composer: Composer, draft: Draft) -> bytes:
    moment = Moment(1_795_287_774_123_456_789, 83_912, CountedBytes())
    return composer.compose(Head("lab.example.se/audit/t/bollnas", 7, "f" * 64), draft, moment)[0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(draft=DRAFTS)
def test_every_record_is_canonical_and_on_one_printable_line(composer: Composer, draft: Draft) -> None:
    body = composed(composer, draft)

    assert body == rfc8785.dumps(json.loads(body))
    assert body.decode().isprintable()


def test_hostile_characters_in_every_field_stay_visible_and_inert(composer: Composer) -> None:
    draft = Draft(
        EventType.CALL_OUTCOME, H, 1, Actor(H, ActorKind.USER, H, H, H, H, (H,)),
        Source(H, H), Operation(H, H, H, H, H), (Retrieved(H, H, 1, H, 1),),
        PolicyVerdict(H, H, H), (GuardFinding(H, 1, H),), Content(H, 1, H, H, H, H),
        Outcome(Status.OK, H), H, H, H, {"hostile": H},
    )  # fmt: skip

    body = composed(composer, draft)

    assert body.decode().isprintable()
    assert (
        json.loads(body)["purpose"] == 'a\\u000a\\u001b[31m\\u202eevil\\u2028\\u0000\\ud800\\u200b\\"\\u007f'
    )


def test_no_raw_identity_is_in_a_record(composer: Composer) -> None:
    body = composed(composer, intent()).decode()

    assert OFFICER.subject not in body
    assert str(OFFICER.session) not in body
    assert str(BROWSER.user_agent) not in body
    assert json.loads(body)["actor"]["pid"].startswith("p_")


def test_a_session_is_recognised_in_its_own_log_only(composer: Composer) -> None:
    name = "lab.example.se/audit/t/bollnas"

    assert composer.keyed_hash(name, "sid", "s") == composer.keyed_hash(name, "sid", "s")
    assert composer.keyed_hash(name, "sid", "s") != composer.keyed_hash(name, "ua", "s")
    assert composer.keyed_hash(name, "sid", "s") != composer.keyed_hash(
        "lab.example.se/audit/t/region", "sid", "s"
    )


@pytest.mark.parametrize(
    "draft",
    [
        Draft(EventType.API_READ, ref=2**53),
        Draft(EventType.API_READ, detail={"count": -(2**53)}),
        Draft(EventType.API_READ, detail={"share": 0.5}),  # type: ignore[dict-item]  the fault that is tested
        Draft(EventType.API_READ, detail={"yes": True}),
        Draft(EventType.API_READ, detail={"Åäö": 1}),
        Draft(EventType.CALL_OUTCOME, outcome=Outcome(Status.OK, tok_in=2**60)),
        Draft(
            EventType.CALL_OUTCOME, rag=tuple(Retrieved("s" * 500, "d" * 500, 1, "v", 1) for _ in range(20))
        ),
    ],
)
def test_what_can_not_become_a_record_is_refused(composer: Composer, draft: Draft) -> None:
    with pytest.raises(RecordRefused):
        composed(composer, draft)


def test_a_long_text_is_cut_where_anyone_can_see_it() -> None:
    assert printable("å" * 1000) == "å" * 511 + "…"


def test_an_intent_gets_a_call_id_that_sorts_by_time(composer: Composer) -> None:
    early, late = (
        composer.compose(Head("l"), Draft(EventType.CALL_INTENT, op=CHAT), Moment(moment, 1, CountedBytes()))[
            1
        ]
        for moment in (1_795_287_774_000_000_000, 1_795_287_775_000_000_000)
    )

    assert early is not None
    assert late is not None
    assert len(early) == 26
    assert early < late


def test_a_forgotten_person_gets_another_name(tmp_path: Path) -> None:
    names = Pseudonyms(tmp_path / "names.sqlite", entropy=CountedBytes())
    before = names.pid("log", "subject-of-an-idp")

    assert names.pid("log", "subject-of-an-idp") == before
    assert names.subject("log", before) == "subject-of-an-idp"
    assert names.forget("log", "subject-of-an-idp")
    assert b"subject-of" not in (tmp_path / "names.sqlite").read_bytes()
    assert not names.forget("log", "subject-of-an-idp")
    assert names.pid("log", "subject-of-an-idp") != before
    assert names.subject("log", before) is None
    names.close()
