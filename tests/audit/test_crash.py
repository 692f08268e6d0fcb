"""A ledger that is killed, or whose disk fails: what was acknowledged is there, and nothing else is believed."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit import tree
from audit.errors import LedgerDamaged, LedgerUnavailable, Unavailable
from audit.findings import Report
from audit.ledger import Ledger
from audit.merkle import leaf_hash
from audit.status import Limits
from audit.survey import Trust, survey
from tests.audit.fakes import BOLLNAS, ORIGIN, STILL, call, intent, keys_in, open_ledger, outcome

both = pytest.mark.usefixtures("writer")

ROOT = Path(__file__).parents[2]
SYSCALLS = {"write": 14, "fdatasync": 8, "fsync": 14, "rename": 8, "openat": 16}


def started(folder: Path, calls: int) -> "subprocess.Popen[str]":
    keys_in(folder)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.audit.crashing", str(folder), str(calls)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.close()


def receipts(lines: list[str]) -> dict[int, str]:
    return {
        int(line.split()[1]): line.split()[2]
        for line in lines
        if line.startswith("ack ") and line.count(" ") == 2
    }


def looked_at(folder: Path) -> Report:
    return survey(folder / "data", Trust(keys_in(folder).vkey(ORIGIN)))


def restarted(folder: Path) -> Report:
    """What the verifier says after one clean start and stop."""

    async def once() -> None:
        async with open_ledger(folder):
            pass

    asyncio.run(once())
    return looked_at(folder)


def stored_leaves(folder: Path) -> list[str]:
    log = folder / "data" / "tree" / "t" / "bollnas"
    if not (log / "checkpoint").exists():
        return []
    reader = tree.TreeReader(log, int(tree.read_checkpoint(log).split(b"\n")[1]))
    return [leaf_hash(body).hex() for index in range(-(-reader.size // 256)) for body in reader.bundle(index)]


def assert_kept(folder: Path, acknowledged: dict[int, str]) -> None:
    report = restarted(folder)
    leaves = stored_leaves(folder)
    assert report.tampering == []
    assert {gap.kind for gap in report.gaps} <= {"interrupted"}
    assert {seq: leaves[seq] for seq in acknowledged} == acknowledged


@both
@pytest.mark.parametrize("acks", [1, 2, 7, 40, 90])
def test_what_was_acknowledged_before_kill_9_is_there_and_open_calls_are_interrupted(
    tmp_path: Path, acks: int
) -> None:
    process = started(tmp_path, 100_000)
    go(process)
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(acks)]
    process.send_signal(signal.SIGKILL)
    lines += process.stdout.readlines()
    process.wait()
    process.stdout.close()

    before = looked_at(tmp_path)
    assert before.tampering == []
    assert before.exit_code == 2
    assert_kept(tmp_path, receipts(lines))


@pytest.mark.skipif(
    shutil.which("strace") is None or os.geteuid() != 0, reason="needs strace, and root to attach it"
)
@both
@pytest.mark.parametrize("syscall", SYSCALLS)
def test_a_disk_fault_is_never_acknowledged_and_leaves_a_ledger_that_verifies(
    tmp_path: Path, syscall: str
) -> None:
    for number in range(1, SYSCALLS[syscall] + 1, 1 if number_all() else 2):
        folder = tmp_path / str(number)
        folder.mkdir()
        process = started(folder, 9)
        with tracing(process.pid, f"{syscall}:error=EIO:when={number}+"):
            go(process)
            assert process.stdout is not None
            lines = process.stdout.readlines()
            process.wait()
        process.stdout.close()
        assert number > 1 or "done\n" not in lines
        assert_kept(folder, receipts(lines))


def number_all() -> bool:
    """Every number with VALV_TEST_EVERY_FAULT set, every second one otherwise."""
    return bool(os.environ.get("VALV_TEST_EVERY_FAULT"))


class tracing:  # noqa: N801  reads as a verb
    """strace attached to a process, making a system call fail from its n-th use on."""

    def __init__(self, pid: int, inject: str) -> None:
        self._command = [
            "strace",
            "-f",
            "-qq",
            "-p",
            str(pid),
            "-e",
            f"trace={inject.partition(':')[0]}",
            "-e",
            f"inject={inject}",
        ]

    def __enter__(self) -> None:
        self._tracer = subprocess.Popen(self._command, stderr=subprocess.DEVNULL)
        pid = self._command[self._command.index("-p") + 1]
        while f"TracerPid:\t{self._tracer.pid}\n" not in Path(f"/proc/{pid}/status").read_text():
            assert self._tracer.poll() is None

    def __exit__(self, *_: object) -> None:
        self._tracer.terminate()
        self._tracer.wait()


async def _crash_image(folder: Path, image: Path) -> dict[int, str]:
    async with open_ledger(folder, STILL) as ledger:
        acknowledged = {}
        for number in range(3):
            receipt = await ledger.append(BOLLNAS, intent())
            acknowledged[receipt.seq] = receipt.leaf.hex()
            if number != 1:
                done = await ledger.append(BOLLNAS, outcome(receipt))
                acknowledged[done.seq] = done.leaf.hex()
        shutil.copytree(folder / "data", image / "data")
        shutil.copytree(folder / "keys", image / "keys")
    return acknowledged


def test_a_ledger_torn_at_any_byte_of_its_last_batch_opens_without_a_gap(tmp_path: Path) -> None:
    acknowledged = asyncio.run(_crash_image(tmp_path / "live", tmp_path / "image"))
    segment = max((tmp_path / "image" / "data" / "wal").iterdir())
    raw = segment.read_bytes()

    for length in range(0, len(raw), 211):
        torn = tmp_path / f"torn-{length}"
        shutil.copytree(tmp_path / "image", torn)
        (torn / "data" / "wal" / segment.name).write_bytes(raw[:length])
        report = restarted(torn)
        leaves = stored_leaves(torn)
        kept = {seq: leaf for seq, leaf in acknowledged.items() if seq < len(leaves) and leaves[seq] == leaf}
        assert report.tampering == []
        assert sorted(kept) == list(range(len(kept)))
        shutil.rmtree(torn)


def test_damage_before_the_last_batch_is_an_alarm(tmp_path: Path) -> None:
    asyncio.run(_crash_image(tmp_path / "live", tmp_path / "image"))
    segment = max((tmp_path / "image" / "data" / "wal").iterdir())
    raw = bytearray(segment.read_bytes())
    raw[len(raw) // 2] ^= 1
    segment.write_bytes(raw)

    with pytest.raises(LedgerDamaged):
        restarted(tmp_path / "image")


def test_a_log_that_was_rolled_back_does_not_open(tmp_path: Path) -> None:
    restarted(tmp_path)

    async def one_call() -> None:
        async with open_ledger(tmp_path) as ledger:
            await call(ledger)

    asyncio.run(one_call())
    log = tmp_path / "data" / "tree" / "t" / "bollnas"
    shutil.copytree(log, tmp_path / "before")
    asyncio.run(one_call())
    shutil.rmtree(log)
    shutil.copytree(tmp_path / "before", log)

    with pytest.raises(LedgerDamaged, match="rolled back"):
        restarted(tmp_path)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of three megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() != 0:
        pytest.skip("needs root to mount a small file system")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("mounting is not allowed here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@both
def test_a_full_disk_refuses_new_calls_and_keeps_what_was_acknowledged(
    small_disk: Path, tmp_path: Path
) -> None:
    process = started(small_disk, 100_000)
    go(process)
    assert process.stdout is not None
    lines = process.stdout.readlines()
    process.wait()
    process.stdout.close()

    assert any(line.startswith("fault LedgerUnavailable") for line in lines)
    assert len(receipts(lines)) > 100
    shutil.copytree(small_disk, tmp_path / "larger")
    assert_kept(tmp_path / "larger", receipts(lines))


async def _calls_for_ever(ledger: Ledger) -> None:
    while True:
        await call(ledger)


async def _until_low(disk: Path) -> dict[int, str]:
    """Forty calls in flight when the disk gets low; the receipts of their outcomes."""
    async with open_ledger(disk, Limits(checkpoint_s=0.05, floor=0.3)) as ledger:
        in_flight = [await ledger.append(BOLLNAS, intent()) for _ in range(40)]
        with pytest.raises(LedgerUnavailable) as refused:
            await _calls_for_ever(ledger)
        assert refused.value.reason is Unavailable.DISK_LOW
        ended = [await ledger.append(BOLLNAS, outcome(receipt)) for receipt in in_flight]
    return {receipt.seq: receipt.leaf.hex() for receipt in ended}


@both
def test_calls_in_flight_end_on_a_disk_that_takes_no_new_ones(small_disk: Path, tmp_path: Path) -> None:
    ended = asyncio.run(_until_low(small_disk))

    shutil.copytree(small_disk, tmp_path / "larger")
    assert len(ended) == 40
    assert_kept(tmp_path / "larger", ended)
