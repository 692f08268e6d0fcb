"""The offline verifier: every change is found and named, what is merely missing is listed, nothing else is needed."""

import asyncio
import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import merkle, note, tiles, tree
from audit.__main__ import main
from audit.findings import Report
from audit.note import Checkpoint
from audit.records import Draft, EventType, Status
from audit.survey import Trust, survey
from tests.audit.fakes import (
    BOLLNAS,
    ORIGIN,
    REGION,
    STILL,
    call,
    filled,
    intent,
    keys_in,
    open_ledger,
    outcome,
)

ROOT = Path(__file__).parents[2]
LOG = f"{ORIGIN}/t/bollnas"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with keys and a closed ledger: 300 records of one tenant, a few of another."""
    folder = tmp_path_factory.mktemp("ledger")
    filled(folder, 150)
    filled(folder, 1, BOLLNAS, REGION)
    return folder


@pytest.fixture
def copy(ledger: Path, tmp_path: Path) -> Path:
    shutil.copytree(ledger, tmp_path, dirs_exist_ok=True)
    return tmp_path


def looked_at(folder: Path, *since: bytes) -> Report:
    return survey(folder / "data", Trust(keys_in(folder).vkey(ORIGIN), since))


def log_of(folder: Path, place: str = "t/bollnas") -> Path:
    return folder / "data" / "tree" / place


def command(*words: object) -> tuple[int, str]:
    out = io.StringIO()
    return main([str(word) for word in words], out, out), out.getvalue()


def bodies_of(log: Path) -> list[bytes]:
    reader = tree.TreeReader(log, int(tree.read_checkpoint(log).split(b"\n")[1]))
    return [body for index in range(-(-reader.size // 256)) for body in reader.bundle(index)]


def rewritten(folder: Path, bodies: list[bytes], *, sign: bool = True) -> None:
    """What someone with the signing key would do: the whole log anew."""
    log = log_of(folder)
    shutil.rmtree(log / "tile")
    tower, files = tiles.Tower(), {}
    for place, body in enumerate(bodies):
        full = tower.add(merkle.leaf_hash(body))
        for tile in full:
            files[tile.path] = b"".join(tile.hashes)
        if full:
            files[tiles.bundle_path(place // 256)] = tiles.encode_bundle(bodies[place - 255 : place + 1])
    for tile in tower.edge():
        files[tile.path] = b"".join(tile.hashes)
    if len(bodies) % 256:
        rest = bodies[len(bodies) - len(bodies) % 256 :]
        files[tiles.bundle_path(len(bodies) // 256, len(rest))] = tiles.encode_bundle(rest)
    for path, content in files.items():
        (log / path).parent.mkdir(parents=True, exist_ok=True)
        (log / path).write_bytes(content)
    if sign:
        head = Checkpoint(LOG, len(bodies), tower.root())
        (log / "checkpoint").write_bytes(note.sign_checkpoint(head, keys_in(folder).signing))


def chained(bodies: list[bytes], start: int) -> list[bytes]:
    """The records from ``start`` on with numbers and chain made right again."""
    fixed = bodies[:start]
    for seq in range(start, len(bodies)):
        record = json.loads(bodies[seq])
        record["seq"], record["prev"] = seq, merkle.leaf_hash(fixed[-1]).hex() if fixed else None
        fixed.append(json.dumps(record, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode())
    return fixed


def test_a_whole_ledger_is_fine(ledger: Path) -> None:
    report = looked_at(ledger)

    assert report.exit_code == 0
    assert {log.log: log.size for log in report.logs}[LOG] == 302


def test_one_tenant_s_folder_alone_is_fine_with_the_key_of_the_log_or_of_the_installation(copy: Path) -> None:
    for origin in (ORIGIN, LOG):
        report = survey(log_of(copy), Trust(keys_in(copy).vkey(origin)))
        assert report.exit_code == 0


def every_file(log: Path) -> list[Path]:
    return sorted(path for path in log.rglob("*") if path.is_file())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)
@given(data=st.data())
def test_any_flipped_bit_is_found(copy: Path, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(every_file(copy / "data" / "tree")))
    whole = path.read_bytes()
    bit = data.draw(st.integers(0, len(whole) * 8 - 1))
    flipped = bytearray(whole)
    flipped[bit // 8] ^= 1 << (bit % 8)
    path.write_bytes(flipped)
    try:
        report = looked_at(copy)
    finally:
        path.write_bytes(whole)

    assert report.exit_code == 1


@pytest.mark.parametrize("index", [0, 1, 100, 255, 256, 301])
def test_a_flipped_bit_in_a_record_is_named_by_its_index(copy: Path, index: int) -> None:
    log = log_of(copy)
    bundle = index // 256
    path = log / (tiles.bundle_path(bundle) if bundle == 0 else tiles.bundle_path(bundle, 302 - 256))
    bodies = tiles.split_bundle(path.read_bytes())[0]
    place = sum(len(body) + 2 for body in bodies[: index % 256]) + 2
    for offset in (-1, 0, len(bodies[index % 256]) - 1):
        whole = path.read_bytes()
        changed = bytearray(whole)
        changed[place + offset] ^= 1
        path.write_bytes(changed)
        found = looked_at(copy).tampering
        path.write_bytes(whole)
        assert [(one.log, one.index) for one in found] == [(LOG, index)]


@pytest.mark.parametrize("index", [0, 77, 255])
def test_a_flipped_bit_in_a_tile_is_named_by_its_index(copy: Path, index: int) -> None:
    path = log_of(copy) / tiles.tile_path(0, 0)
    changed = bytearray(path.read_bytes())
    changed[index * 32 + 5] ^= 0x10
    path.write_bytes(changed)

    assert [(one.log, one.index) for one in looked_at(copy).tampering] == [(LOG, index)]


def test_a_flipped_bit_on_a_higher_level_is_named_by_the_first_record_below_it(copy: Path) -> None:
    path = log_of(copy) / tiles.tile_path(1, 0, 1)
    changed = bytearray(path.read_bytes())
    changed[0] ^= 1
    path.write_bytes(changed)

    assert [(one.log, one.index) for one in looked_at(copy).tampering] == [(LOG, 0)]


CHANGES: dict[str, tuple[Callable[[list[bytes]], list[bytes]], int]] = {
    "delete": (lambda bodies: bodies[:40] + bodies[41:], 40),
    "swap": (lambda bodies: [*bodies[:40], bodies[41], bodies[40], *bodies[42:]], 40),
    "insert": (lambda bodies: [*bodies[:40], bodies[3], *bodies[40:]], 40),
    "change": (lambda bodies: [*bodies[:40], bodies[40].replace(b"small", b"large"), *bodies[41:]], 41),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_log_breaks_its_chain_even_when_it_was_hashed_and_signed_anew(
    copy: Path, change: str
) -> None:
    alter, index = CHANGES[change]
    rewritten(copy, alter(bodies_of(log_of(copy))))

    found = survey(log_of(copy), Trust(keys_in(copy).vkey(ORIGIN))).tampering
    assert [one.index for one in found] == [index]


@pytest.mark.parametrize("change", CHANGES)
def test_a_log_chained_and_signed_anew_is_found_with_an_earlier_checkpoint(copy: Path, change: str) -> None:
    kept = tree.read_checkpoint(log_of(copy))
    rewritten(copy, chained(CHANGES[change][0](bodies_of(log_of(copy))), 0))
    alone = survey(log_of(copy), Trust(keys_in(copy).vkey(ORIGIN)))
    with_it = survey(log_of(copy), Trust(keys_in(copy).vkey(ORIGIN), (kept,)))

    assert alone.tampering == []
    assert with_it.exit_code == 1
    assert looked_at(copy).exit_code == 1, "the root log knows it too"


@pytest.mark.parametrize("size", [0, 1, 256, 301])
def test_a_truncated_log_is_found_with_an_earlier_checkpoint(copy: Path, size: int) -> None:
    kept = tree.read_checkpoint(log_of(copy))
    rewritten(copy, bodies_of(log_of(copy))[:size])

    report = survey(log_of(copy), Trust(keys_in(copy).vkey(ORIGIN), (kept,)))
    assert [(one.index, one.fault.partition(":")[0]) for one in report.tampering] == [(size, "truncated")]


def test_a_folder_that_was_rolled_back_as_a_whole_is_found_with_an_earlier_checkpoint(copy: Path) -> None:
    shutil.copytree(copy / "data", copy / "before")
    filled(copy, 1)
    kept = tree.read_checkpoint(log_of(copy, "root"))
    shutil.rmtree(copy / "data")
    (copy / "before").rename(copy / "data")

    assert looked_at(copy).exit_code == 0
    assert looked_at(copy, kept).exit_code == 1


def test_a_tenant_that_was_dropped_is_found(copy: Path) -> None:
    shutil.rmtree(log_of(copy, "t/region"))

    assert [one.log for one in looked_at(copy).tampering] == [f"{ORIGIN}/t/region"]


def test_two_logs_that_changed_places_are_found(copy: Path) -> None:
    log_of(copy, "t/region").rename(copy / "away")
    log_of(copy).rename(log_of(copy, "t/region"))
    (copy / "away").rename(log_of(copy))

    assert looked_at(copy).exit_code == 1


@pytest.mark.parametrize("path", ["tile/entries/000", "tile/0/000", "tile/1/000.p/1", "checkpoint"])
def test_a_missing_file_is_found(copy: Path, path: str) -> None:
    (log_of(copy) / path).unlink()

    assert looked_at(copy).exit_code == 1


def test_another_key_opens_nothing(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = keys_in(tmp_path_factory.mktemp("other"))

    assert survey(copy / "data", Trust(other.vkey(ORIGIN))).exit_code == 1


async def _live(folder: Path) -> None:
    async with open_ledger(folder, STILL) as ledger:
        await call(ledger)
        await ledger.append(BOLLNAS, intent())
        await ledger.append(BOLLNAS, Draft(EventType.KEY_SHRED, detail={"decision_ref": "KS 2026/123"}))
        ledger.reader(BOLLNAS).checkpoint()
        await ledger.append(BOLLNAS, outcome(await ledger.append(BOLLNAS, intent()), Status.FAILED))
        shutil.copytree(folder / "data", folder / "image" / "data")
        shutil.copytree(folder / "keys", folder / "image" / "keys")


def test_what_a_crash_left_is_incomplete_and_listed(tmp_path: Path) -> None:
    asyncio.run(_live(tmp_path))

    report = looked_at(tmp_path / "image")
    assert report.exit_code == 2
    kinds = [(gap.kind, gap.index, gap.detail) for gap in report.gaps if gap.log == LOG]
    assert [kind[:2] for kind in kinds] == [("shredded", 3), ("open", 2), ("pending", 4), ("pending", 5)]
    assert kinds[0][2] == "KS 2026/123"
    assert command("gaps", tmp_path / "image" / "data")[0] == 2


def test_a_bundle_that_retention_took_away_is_a_gap_and_without_its_record_it_is_tampering(
    tmp_path: Path,
) -> None:
    async def fill() -> None:
        async with open_ledger(tmp_path) as ledger:
            for _ in range(150):
                await call(ledger)
            await ledger.append(BOLLNAS, Draft(EventType.RETENTION_PRUNE, detail={"first": 0, "last": 255}))

    asyncio.run(fill())
    (log_of(tmp_path) / "tile" / "entries" / "000").unlink()
    pruned = looked_at(tmp_path)

    assert [(gap.kind, gap.index) for gap in pruned.gaps if gap.kind == "pruned"] == [("pruned", 0)]
    assert pruned.exit_code == 2


def test_a_forged_record_of_any_shape_is_tampering_and_no_crash(copy: Path) -> None:
    good = bodies_of(log_of(copy))[:2]
    forged = [b"[]", b"{", b'{"type":7}', b"\xff", b"[" * 5000, *(
        json.dumps({**json.loads(good[1]), **change}).encode()
        for change in ({"ref": []}, {"detail": []}, {"mono_ns": {}}, {"call": {}}, {"boot": []}, {"log": "other"})
    )]  # fmt: skip
    for body in forged:
        rewritten(copy, [good[0], body])
        assert looked_at(copy).exit_code == 1


def test_inclusion_of_each_record_of_a_call_is_proven_and_checked(copy: Path, tmp_path: Path) -> None:
    vkey = keys_in(copy).vkey(ORIGIN)
    record = json.loads(bodies_of(log_of(copy))[280])

    code, said = command(
        "prove", "inclusion", log_of(copy), "--call", record["call"], "--out", tmp_path / "proofs"
    )
    assert code == 0
    assert len(said.splitlines()) == 2
    proof = tmp_path / "proofs" / "280.tlog-proof"
    assert command("check", proof, "--vkey", vkey)[0] == 0
    raw = proof.read_bytes()
    for place in range(0, len(raw) * 8, 61):
        flipped = bytearray(raw)
        flipped[place // 8] ^= 1 << (place % 8)
        proof.write_bytes(flipped)
        assert command("check", proof, "--vkey", vkey)[0] == 1


def test_that_a_log_only_grew_is_proven_and_checked(copy: Path, tmp_path: Path) -> None:
    vkey = keys_in(copy).vkey(ORIGIN)
    (tmp_path / "old").write_bytes(tree.read_checkpoint(log_of(copy)))
    filled(copy, 3)

    assert command("prove", "consistency", log_of(copy), tmp_path / "old", "--out", tmp_path)[0] == 0
    assert command("check", tmp_path / "consistency.proof", "--vkey", vkey) == (
        0,
        f"{LOG}: the 308 records extend the 302 of before, nothing was changed\n",
    )
    rewritten(copy, bodies_of(log_of(copy))[:100])
    assert command("prove", "consistency", log_of(copy), tmp_path / "old", "--out", tmp_path)[0] == 1


def test_an_export_verifies_by_itself_and_a_changed_one_does_not(copy: Path, tmp_path: Path) -> None:
    vkey = keys_in(copy).vkey(ORIGIN)
    bundle = tmp_path / "bundle.zip"
    code, said = command(
        "export",
        log_of(copy),
        "--vkey",
        vkey,
        "--from",
        "2020-01-01",
        "--to",
        "2100-01-01T00:00:00+01:00",
        "--out",
        bundle,
    )
    assert (code, said.split()[0]) == (0, "302")
    assert command("verify", bundle, "--vkey", vkey)[0] == 0
    with zipfile.ZipFile(bundle) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}

    for name, content in files.items():
        changed = {**files, name: content.replace(b"small", b"large").replace(b"e", b"f", 1)}
        with zipfile.ZipFile(bundle, "w") as archive:
            for entry, raw in changed.items():
                archive.writestr(entry, raw)
        assert command("verify", bundle, "--vkey", vkey)[0] == 1, name
    bundle.write_bytes(b"PK\x03\x04")
    assert command("verify", bundle, "--vkey", vkey)[0] == 1


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["verify"],
        ["verify", "nowhere", "--vkey", "x"],
        ["check", "nowhere", "--vkey", "x"],
        ["prove", "inclusion", "."],
    ],
)
def test_what_nobody_can_do_is_usage(words: list[str]) -> None:
    assert command(*words)[0] in {1, 3}


def test_a_quorum_of_witnesses_can_be_asked_for(copy: Path) -> None:
    key = keys_in(copy).vkey(ORIGIN)

    assert survey(copy / "data", Trust(key, witnesses=(key,), quorum=1)).exit_code == 1


BLOCKER = """
import sys, sysconfig, runpy
allowed = {"audit", "cryptography", "_cffi_backend", "cffi"}
class Only:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in sys.stdlib_module_names and top not in allowed:
            raise ImportError("not allowed: " + name)
sys.meta_path.insert(0, Only())
sys.path[:0] = [ROOT, SITE]
sys.argv = ["audit", *ARGS]
runpy.run_module("audit", run_name="__main__")
"""


def alone(folder: Path, *words: object) -> "subprocess.CompletedProcess[str]":
    import cryptography

    site = str(Path(cryptography.__file__).parents[1])
    code = (
        BLOCKER.replace("ROOT", repr(str(ROOT)))
        .replace("SITE", repr(site))
        .replace("ARGS", repr([str(w) for w in words]))
    )
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_verifier_needs_the_standard_library_and_cryptography_alone(copy: Path) -> None:
    vkey = keys_in(copy).vkey(ORIGIN)

    whole = alone(copy, "verify", copy / "data", "--vkey", vkey, "--json")
    assert (whole.returncode, json.loads(whole.stdout)["verdict"]) == (0, "fine"), whole.stderr
    bundle = copy / "bundle.zip"
    assert alone(copy, "export", log_of(copy), "--vkey", vkey, "--out", bundle).returncode == 0
    assert alone(copy, "verify", bundle, "--vkey", vkey).returncode == 0
    assert alone(copy, "gaps", copy / "data").returncode == 0
    path = log_of(copy) / "tile" / "entries" / "000"
    path.write_bytes(path.read_bytes().replace(b'"seq":7,', b'"seq":8,'))
    broken = alone(copy, "verify", copy / "data", "--vkey", vkey)
    assert (broken.returncode, f"TAMPERED {LOG}#7" in broken.stdout) == (1, True)
