"""What passes between the two processes arrives as it was: frames, errors of every kind, questions."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit import errors
from audit.errors import AuditError, Unavailable
from audit.filters import Filter
from audit.messages import ASK, DRAFTED, AskContent, AskPage, Drafted
from audit.records import Actor
from audit.wire import LONGEST, Frames, Kind, Malformed, Unpacker, fault_in, frame, pack, pack_fault
from tests.audit.fakes import intent

SAMPLES = {"reason": Unavailable.LAGGING, "folder": Path("/a/folder"), "path": Path("/a/key"), "seq": 7}
OWN = {"TreeFault": {"path": "tile/0"}}


def kinds(of: type[AuditError]) -> Iterator[type[AuditError]]:
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


def sample(kind: type[AuditError]) -> AuditError:
    fields = kind.__init__.__annotations__.keys() - {"return"}
    values = SAMPLES | OWN.get(kind.__name__, {})
    return kind(**{field: values.get(field, f"the {field}") for field in fields})


@pytest.mark.parametrize("kind", sorted(kinds(AuditError), key=lambda kind: kind.__name__))
def test_every_error_of_the_ledger_arrives_with_what_it_says(kind: type[AuditError]) -> None:
    sent = sample(kind)

    arrived = fault_in(pack_fault(sent))

    assert type(arrived) is kind
    assert vars(arrived) == vars(sent)
    assert {name: type(value) for name, value in vars(arrived).items()} == {
        name: type(value) for name, value in vars(sent).items()
    }
    assert str(arrived) == str(sent)


def test_every_error_that_the_module_defines_is_among_them() -> None:
    defined = {
        name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, AuditError)
    }

    assert {kind.__name__ for kind in kinds(AuditError)} == defined - {"AuditError"}


def test_errors_of_disk_and_database_arrive_as_such() -> None:
    full = fault_in(pack_fault(OSError(28, "No space left on device", "/a/file")))
    locked = fault_in(pack_fault(sqlite3.OperationalError("database is locked")))

    assert isinstance(full, OSError)
    assert (full.errno, full.filename) == (28, "/a/file")
    assert isinstance(locked, sqlite3.Error)
    assert str(locked) == "database is locked"


def test_any_other_error_is_not_sent() -> None:
    with pytest.raises(KeyError):
        pack_fault(ZeroDivisionError())


def test_frames_arrive_whole_however_they_are_cut() -> None:
    sent = [(Kind.DRAFT, 1, b""), (Kind.RECEIPTS, 2**32 - 1, b"x" * 300), (Kind.STATUS, 0, b"y")]
    raw = b"".join(frame(*each) for each in sent)

    for size in range(1, len(raw)):
        frames = Frames()
        found = [
            each for start in range(0, len(raw), size) for each in frames.taken(raw[start : start + size])
        ]
        assert found == sent


@pytest.mark.parametrize(
    "head", [(LONGEST + 1).to_bytes(4, "little") + b"\2" + bytes(4), bytes(4) + b"\x63" + bytes(4)]
)
def test_a_head_that_is_none_is_refused(head: bytes) -> None:
    with pytest.raises(Malformed):
        list(Frames().taken(head))


def test_a_draft_arrives_as_it_was_even_with_half_a_character_in_it() -> None:
    for draft in (intent(detail={"a": 1, "b": "two"}), intent(actor=Actor("half \ud83d"))):
        assert DRAFTED.read(pack(Drafted("bollnas", draft))).draft == draft


def test_questions_arrive_as_what_they_are() -> None:
    for question in (
        AskPage("a", Filter(type="call."), None, None, 7),
        AskContent("a", "half \ud83d", 7, None),
    ):
        assert ASK.read(pack(question)) == question


def test_a_small_number_is_not_taken_for_text() -> None:
    numbers: Unpacker[int] = Unpacker(int)

    assert [numbers.read(pack(number)) for number in (0, 91, 123, 2**40)] == [0, 91, 123, 2**40]
