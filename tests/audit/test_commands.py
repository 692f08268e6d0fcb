"""The verifier's commands: tampering alone is 1, and what nobody can look at is told in a sentence."""

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from audit import tree
from audit.__main__ import main
from audit.export import select
from tests.audit.fakes import BOLLNAS, ORIGIN, REGION, filled, keys_in

LOG = f"{ORIGIN}/t/bollnas"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed ledger with a few calls of two organisations, its keys, an early checkpoint and proofs of a call."""
    folder = tmp_path_factory.mktemp("ledger")
    filled(folder, 2, BOLLNAS, REGION)
    (folder / "early").write_bytes(tree.read_checkpoint(folder / "data/tree/t/bollnas"))
    filled(folder, 1)
    (folder / "key").write_text(vkey(folder))
    (folder / "proofs").write_text(command("prove", "inclusion", log(folder), "--call", call_in(folder))[1])
    return folder


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


def log(folder: Path) -> Path:
    return folder / "data" / "tree" / "t" / "bollnas"


def vkey(folder: Path) -> str:
    return str(keys_in(folder).vkey(ORIGIN))


def call_in(folder: Path) -> str:
    body = tree.load_bundle(log(folder), 0, 1)[0]
    return body.partition(b'"call":"')[2].partition(b'"')[0].decode()


def command(*words: object) -> tuple[int, str]:
    out = io.StringIO()
    return main([str(word) for word in words], out, out), out.getvalue()


def test_the_proofs_of_a_call_are_checked_as_they_were_printed(made: Path) -> None:
    code, said = command("check", made / "proofs", "--vkey", vkey(made))

    assert code == 0, said
    assert [line[:8] for line in said.splitlines()[::2]] == ["record 0", "record 1"]


@pytest.mark.parametrize("place", [1, 2])
def test_each_proof_is_told_of_also_where_another_does_not_hold(copy: Path, place: int) -> None:
    raw = (copy / "proofs").read_text()
    (copy / "proofs").write_text(raw.replace(f"index {place - 1}\n", f"index {place + 1}\n"))

    code, said = command("check", copy / "proofs", "--vkey", vkey(copy))
    assert code == 1
    assert f"proof {place} of 2: ProofFault" in said
    assert f"record {2 - place} of" in said


def test_any_flipped_bit_in_several_proofs_is_found(copy: Path) -> None:
    whole = (copy / "proofs").read_bytes()
    for place in range(0, len(whole) * 8, 37):
        flipped = bytearray(whole)
        flipped[place // 8] ^= 1 << (place % 8)
        (copy / "proofs").write_bytes(flipped)
        assert command("check", copy / "proofs", "--vkey", vkey(copy))[0] == 1, place


def test_the_id_of_an_answer_names_its_call(made: Path) -> None:
    for kind in ("chatcmpl-", "cmpl-"):
        proven = command("prove", "inclusion", log(made), "--call", kind + call_in(made))
        assert proven == (0, (made / "proofs").read_text())


USAGE: dict[str, tuple[Callable[[Path], list[object]], str]] = {
    "no such ledger": (lambda at: ["verify", at / "nofile"], "there is no file or folder"),
    "no such proof": (lambda at: ["check", at / "nofile"], "there is no file or folder"),
    "no such log": (lambda at: ["prove", "inclusion", at / "nofile", "--seq", 0], "there is no file or folder"),
    "an empty folder": (lambda at: ["verify", at / "empty"], "tree/t/ORGANISATION"),
    "gaps of nothing": (lambda at: ["gaps", at / "empty"], "tree/t/ORGANISATION"),
    "a proof from a whole ledger": (lambda at: ["prove", "inclusion", at / "data", "--seq", 0], "tree/t/region"),
    "a proof from a tree": (lambda at: ["prove", "inclusion", at / "data/tree", "--seq", 0], "tree/t/bollnas"),
    "growth of a whole ledger": (lambda at: ["prove", "consistency", at / "data", at / "early"], "tree/t/bollnas"),
    "an export of a whole ledger": (lambda at: ["export", at / "data", "--out", at / "out"], "tree/t/bollnas"),
    "an export of nothing": (lambda at: ["export", at / "empty", "--out", at / "out"], "tree/t/ORGANISATION"),
    "a proof that is text": (lambda at: ["check", at / "text"], "is no proof"),
    "a proof that is a checkpoint": (lambda at: ["check", at / "early"], "is no proof"),
    "a proof that is a package": (lambda at: ["check", at / "other.zip"], "python -m audit verify"),
    "a package that is text": (lambda at: ["verify", at / "text"], "is no evidence package"),
    "a package that is a proof": (lambda at: ["verify", at / "proofs"], "python -m audit check"),
    "a package of something else": (lambda at: ["verify", at / "other.zip"], "something else"),
    "a checkpoint that is text": (lambda at: ["verify", at / "data", "--since", at / "text"], "is no checkpoint"),
    "growth from text": (lambda at: ["prove", "consistency", log(at), at / "text"], "is no checkpoint"),
    "growth from another log": (lambda at: ["prove", "consistency", log(at), root(at)], f"{ORIGIN}/root"),
    "growth backwards": (
        lambda at: ["prove", "consistency", log(at), log(at) / "checkpoint", at / "early"],
        "the earlier checkpoint comes first",
    ),
}  # fmt: skip


def root(folder: Path) -> Path:
    return folder / "data" / "tree" / "root" / "checkpoint"


@pytest.mark.parametrize("what", USAGE)
def test_what_nobody_can_look_at_is_usage_and_a_sentence_says_what_to_do(copy: Path, what: str) -> None:
    (copy / "empty").mkdir()
    (copy / "text").write_text("Frågan ställdes i måndags.\n")
    with zipfile.ZipFile(copy / "other.zip", "w") as archive:
        archive.writestr("letter.txt", "Hej")
    words, advice = USAGE[what]
    takes_key = words(copy)[0] not in {"gaps", "prove"}

    code, said = command(*words(copy), *(["--vkey", vkey(copy)] if takes_key else []))
    assert (code, advice in said, len(said.splitlines())) == (3, True, 1), said


@pytest.mark.parametrize("key", ["x", "lab+0011+AAAA", "early"])
def test_a_key_that_is_none_is_usage(copy: Path, key: str) -> None:
    words = str(copy / key) if key == "early" else key

    assert command("verify", copy / "data", "--vkey", words)[0] == 3


DAMAGE: dict[str, Callable[[Path], Path]] = {
    "a log's checkpoint": lambda at: _without(log(at) / "checkpoint", at / "data"),
    "a log's checkpoint, the log alone": lambda at: _without(log(at) / "checkpoint", log(at)),
    "the root log's checkpoint": lambda at: _without(root(at), at / "data"),
    "the root log": lambda at: _without(root(at).parent, at / "data"),
    "the root log, the tree alone": lambda at: _without(root(at).parent, at / "data" / "tree"),
    "a package's end": lambda at: _cut(at, lambda raw: raw[: len(raw) // 2]),
    "a package's beginning": lambda at: _cut(at, lambda raw: raw[len(raw) // 2 :]),
    "a package's parts": lambda at: _cut(at, lambda raw: raw.replace(b"manifest.json", b"manifest.jsom")),
}


def _without(gone: Path, whole: Path) -> Path:
    shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    return whole


def _cut(folder: Path, cut: Callable[[bytes], bytes]) -> Path:
    package = folder / "package.zip"
    assert command("export", log(folder), "--vkey", vkey(folder), "--out", package)[0] == 0
    package.write_bytes(cut(package.read_bytes()))
    return package


@pytest.mark.parametrize("what", DAMAGE)
def test_what_was_taken_away_is_tampering_and_never_usage(copy: Path, what: str) -> None:
    code, said = command("verify", DAMAGE[what](copy), "--vkey", vkey(copy))

    assert (code, "TAMPERED" in said) == (1, True), said


def test_any_flipped_bit_in_a_package_is_tampering_or_changes_nothing_that_is_read(copy: Path) -> None:
    package = _cut(copy, lambda raw: raw)
    whole = package.read_bytes()
    told = set()
    for place in range(0, len(whole) * 8, 171):
        flipped = bytearray(whole)
        flipped[place // 8] ^= 1 << (place % 8)
        package.write_bytes(flipped)
        told.add(command("verify", package, "--vkey", vkey(copy))[0])

    assert told <= {0, 1}


def test_a_proof_of_a_log_whose_checkpoint_was_taken_is_refused_as_damage(copy: Path) -> None:
    (log(copy) / "checkpoint").unlink()

    assert command("prove", "inclusion", log(copy), "--seq", 0)[0] == 1
    assert select(log(copy), 6).records == (0, 1, 2, 3, 4, 5)


@pytest.mark.parametrize("cut", [slice(0, 40), slice(40, None), slice(0, -30)])
def test_a_proof_of_which_a_part_is_left_is_damaged(copy: Path, cut: slice) -> None:
    whole = (copy / "proofs").read_bytes()
    (copy / "proofs").write_bytes(whole[cut])

    assert command("check", copy / "proofs", "--vkey", vkey(copy))[0] == 1
