"""The ledger in a process of its own: it does what the ledger does, and fails closed whichever side dies."""

import asyncio
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from audit.clerk import CUT_OFF
from audit.client import LedgerClient
from audit.clock import Clock
from audit.errors import KeysFault, LedgerBusy, LedgerLost, LedgerUnavailable, RecordRefused, Unavailable
from audit.records import INSTALLATION, Actor, Draft, EventType
from audit.status import Limits
from audit.survey import Trust, survey
from audit.wire import Kind, frame
from tests.audit.fakes import (
    BOLLNAS,
    ORIGIN,
    QUICK,
    REGION,
    STILL,
    call,
    intent,
    keys_in,
    open_apart,
    outcome,
    records_of,
)
from tests.audit.test_crash import assert_kept, receipts
from tests.freezing import freeze

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[2]


def pid_of(ledger: LedgerClient) -> int:
    return ledger._child.process.pid


def is_there(pid: int) -> bool:
    """Whether it runs; who was only not reaped yet does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


async def until(true: Callable[[], bool], *, within: float = 10.0) -> None:
    async with asyncio.timeout(within):
        while not true():
            await asyncio.sleep(0.01)


async def test_records_are_numbered_and_chained_and_start_and_stop_are_among_them(tmp_path: Path) -> None:
    async with open_apart(tmp_path) as ledger:
        found = [await call(ledger, tenant) for tenant in (BOLLNAS, REGION, BOLLNAS)]
        await ledger.append(INSTALLATION, Draft(EventType.AUTH_FAILED))

    assert [receipt.seq for receipt in found] == [0, 0, 2]
    assert [receipt.log for receipt in found] == [
        f"{ORIGIN}/t/{name}" for name in ("bollnas", "region", "bollnas")
    ]
    rows = records_of(tmp_path)
    assert [row["type"] for row in rows] == ["call.intent", "call.outcome"] * 2
    assert rows[3]["call"] == found[2].call
    assert rows[3]["ref"] == 2
    types = [row["type"] for row in records_of(tmp_path, "installation")]
    assert types == ["ledger.start", "auth.failed", "ledger.stop"]
    assert survey(tmp_path / "data", Trust(keys_in(tmp_path).vkey(ORIGIN))).exit_code == 0


async def test_256_appenders_at_once_get_numbers_without_holes(tmp_path: Path) -> None:
    async with open_apart(tmp_path) as ledger:

        async def work() -> list[int]:
            return [(await call(ledger)).seq for _ in range(10)]

        numbers = await asyncio.gather(*(work() for _ in range(256)))

    assert len(records_of(tmp_path)) == 2 * 2560
    assert len({number for each in numbers for number in each}) == 2560


async def test_nothing_is_left_after_close(tmp_path: Path) -> None:
    before = set(os.listdir("/proc/self/fd"))
    async with open_apart(tmp_path) as ledger:
        pid = pid_of(ledger)
        await call(ledger)
    await ledger.close()

    assert not Path(f"/proc/{pid}").exists()
    assert ledger._child.process.returncode == 0
    assert set(os.listdir("/proc/self/fd")) <= before
    with pytest.raises(LedgerUnavailable) as closed:
        await ledger.append(BOLLNAS, intent())
    assert closed.value.reason is Unavailable.CLOSED
    assert ledger.status().reason is Unavailable.CLOSED


async def test_the_process_gets_no_environment_but_where_the_packages_lie_and_no_file_but_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VALV_SESSION_KEY", "a-secret")
    with (tmp_path / "secret").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        async with open_apart(tmp_path) as ledger:
            process = Path(f"/proc/{pid_of(ledger)}")
            said = (process / "environ").read_bytes().split(b"\0")
            held = [os.readlink(each) for each in (process / "fd").iterdir()]

    assert {each.partition(b"=")[0] for each in said if each} <= {b"PYTHONPATH", b"LC_CTYPE"}
    assert str(tmp_path / "secret") not in held


async def test_keys_are_made_where_there_are_none_only_when_that_is_asked(tmp_path: Path) -> None:
    places = {"origin": ORIGIN, "keys": tmp_path / "keys", "limits": QUICK}
    with pytest.raises(KeysFault) as missing:
        await LedgerClient.open(tmp_path / "data", **places)  # type: ignore[arg-type]  test data
    assert missing.value.path.name == "checkpoint.ed25519.pem"

    ledger = await LedgerClient.open(tmp_path / "data", make_keys=True, **places)  # type: ignore[arg-type]  test data
    await ledger.close()

    assert ledger.vkey() == str(keys_in(tmp_path).vkey(ORIGIN))
    assert ledger.vkey(BOLLNAS) == str(keys_in(tmp_path).vkey(f"{ORIGIN}/t/bollnas"))


@pytest.mark.parametrize(
    "broken",
    [
        Draft(EventType.API_READ, ref=2**53),
        Draft(EventType.API_READ, ref=2**70),
        Draft(EventType.API_READ, case=7),  # type: ignore[arg-type]  tested
        Draft(EventType.API_READ, case=object()),  # type: ignore[arg-type]  tested
        Draft(EventType.API_READ, detail={"No key": 1}),
        Draft(EventType.API_READ, detail={f"k{number}": "x" * 500 for number in range(60)}),
    ],
)
async def test_a_draft_that_is_refused_takes_no_number(tmp_path: Path, broken: Draft) -> None:
    async with open_apart(tmp_path) as ledger:
        await call(ledger)
        with pytest.raises(RecordRefused):
            await ledger.append(BOLLNAS, broken)
        assert (await call(ledger)).seq == 2
        assert ledger.status().waiting == 0


async def test_a_name_that_is_no_unicode_is_put_on_record_all_the_same(tmp_path: Path) -> None:
    async with open_apart(tmp_path) as ledger:
        await ledger.append(BOLLNAS, intent(actor=Actor("half of a \ud83d"), case="\udcff"))

    assert records_of(tmp_path)[0]["case"] == "\\udcff"


async def test_signals_to_the_whole_group_leave_it_to_the_gateway_to_close_the_ledger(tmp_path: Path) -> None:
    async with open_apart(tmp_path) as ledger:
        for sign in (signal.SIGINT, signal.SIGTERM):
            os.kill(pid_of(ledger), sign)
        await call(ledger)

    assert records_of(tmp_path, "installation")[-1]["type"] == "ledger.stop"


async def test_when_its_process_is_killed_every_append_fails_and_the_ledger_is_lost(tmp_path: Path) -> None:
    async with open_apart(tmp_path, STILL) as ledger:
        receipt = await call(ledger)
        freeze(pid_of(ledger))
        waiting: list[asyncio.Task[object]] = [
            asyncio.create_task(ledger.append(BOLLNAS, intent())) for _ in range(20)
        ]
        capture = ledger.spool(BOLLNAS, receipt, subject="x", classification="internal")
        waiting.append(asyncio.create_task(capture))
        await asyncio.sleep(0.05)
        os.kill(pid_of(ledger), signal.SIGKILL)
        results = await asyncio.gather(*waiting, return_exceptions=True)
        async with asyncio.timeout(5):
            lost = await ledger.lost()

        assert {getattr(result, "reason", None) for result in results} == {Unavailable.FAILED}
        assert isinstance(lost, LedgerLost)
        assert ledger.status().reason is Unavailable.FAILED
        assert ledger.status().waiting == 0
        for again in (ledger.append(BOLLNAS, intent()), ledger.shred(BOLLNAS, "x", decision_ref="1")):
            with pytest.raises(LedgerUnavailable):
                await again
        with pytest.raises(LedgerUnavailable):
            await asyncio.to_thread(ledger.reader(BOLLNAS).checkpoint)
        pid = pid_of(ledger)

    assert not Path(f"/proc/{pid}").exists()
    async with open_apart(tmp_path):
        pass
    assert survey(tmp_path / "data", Trust(keys_in(tmp_path).vkey(ORIGIN))).tampering == []


@pytest.mark.parametrize("acks", [1, 2, 40])
def test_when_the_gateway_is_killed_the_process_ends_and_the_next_start_closes_what_was_cut_off(
    tmp_path: Path, acks: int
) -> None:
    keys_in(tmp_path)
    gateway = subprocess.Popen(
        [sys.executable, "-m", "tests.audit.apart", str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert gateway.stdout is not None
    child = int(gateway.stdout.readline().split()[1])
    lines = [gateway.stdout.readline() for _ in range(acks)]
    gateway.send_signal(signal.SIGKILL)
    lines += gateway.stdout.readlines()
    gateway.wait()
    gateway.stdout.close()

    async def again() -> None:
        async with open_apart(tmp_path):
            assert not is_there(child)

    asyncio.run(again())
    types = [row["type"] for row in records_of(tmp_path, "installation")]
    assert types == ["ledger.start", "ledger.start", "ledger.recovered", "ledger.stop"]
    assert_kept(tmp_path, receipts(lines))


async def test_a_line_that_is_cut_ends_the_process_at_once_and_without_a_stop_record(tmp_path: Path) -> None:
    async with open_apart(tmp_path) as ledger:
        await ledger.append(BOLLNAS, intent())
        ledger._line.cut()
        code = await asyncio.to_thread(ledger._child.process.wait, 5)

    async with open_apart(tmp_path):
        pass
    assert code == CUT_OFF
    assert [row["type"] for row in records_of(tmp_path)] == ["call.intent", "call.interrupted"]
    assert "ledger.recovered" in [row["type"] for row in records_of(tmp_path, "installation")]


async def test_who_gives_up_while_it_opens_leaves_no_process(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    before = set(os.listdir("/proc/self/fd"))
    with (tmp_path / "data" / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1), open_apart(tmp_path):
                pass

    assert time.monotonic() - began < 4
    assert set(os.listdir("/proc/self/fd")) <= before


def test_the_process_ends_with_the_gateway_even_where_its_line_is_held_open_by_another(
    tmp_path: Path,
) -> None:
    keys_in(tmp_path)
    gateway = subprocess.Popen(
        [sys.executable, "-m", "tests.audit.apart", str(tmp_path), "shared"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert gateway.stdout is not None
    other, child = (int(gateway.stdout.readline().split()[1]) for _ in range(2))
    gateway.send_signal(signal.SIGKILL)
    gateway.wait()
    gateway.stdout.close()
    end = time.monotonic() + 5
    while is_there(child) and time.monotonic() < end:
        time.sleep(0.01)

    assert is_there(other)
    os.kill(other, signal.SIGKILL)
    assert not is_there(child)


async def test_a_folder_that_is_held_for_a_moment_is_waited_for_and_longer_is_busy(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with (tmp_path / "data" / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        opening = asyncio.create_task(
            LedgerClient.open(
                tmp_path / "data", origin=ORIGIN, keys=tmp_path / "keys", make_keys=True, limits=QUICK
            )
        )
        await asyncio.sleep(1.5)
        assert not opening.done()
        fcntl.flock(held, fcntl.LOCK_UN)
        await (await opening).close()

        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(LedgerBusy) as busy:
            async with open_apart(tmp_path):
                pass
        assert busy.value.folder == tmp_path / "data"


async def test_a_process_that_hangs_holds_nobody_up_longer_than_the_deadline(tmp_path: Path) -> None:
    limits = Limits(queue=8, deadline_s=1, checkpoint_s=0.01, floor=0)
    async with open_apart(tmp_path, limits) as ledger:
        first = await ledger.append(BOLLNAS, intent())
        freeze(pid_of(ledger))
        began = time.monotonic()
        late = await asyncio.gather(
            *(ledger.append(BOLLNAS, intent()) for _ in range(10)),
            ledger.spool(BOLLNAS, first, subject="x", classification="internal"),
            return_exceptions=True,
        )
        took = time.monotonic() - began
        os.kill(pid_of(ledger), signal.SIGCONT)
        await until(lambda: ledger.status().waiting == 0)
        await ledger.append(BOLLNAS, outcome(first))

    reasons = [getattr(each, "reason", each) for each in late]
    assert reasons == [Unavailable.DEADLINE] * 8 + [Unavailable.QUEUE_FULL] * 2 + [Unavailable.DEADLINE]
    assert 1 <= took < 5
    rows = records_of(tmp_path)
    opened = {row["seq"] for row in rows if row["type"] == "call.intent"}
    closed = {row["ref"] for row in rows if row["type"] in {"call.outcome", "call.interrupted"}}
    assert opened == closed


async def test_a_process_that_is_silent_for_three_seconds_is_not_well(tmp_path: Path) -> None:
    ahead = [0]
    clock = Clock(time.time_ns, lambda: time.monotonic_ns() + ahead[0])
    async with open_apart(tmp_path, Limits(deadline_s=1, floor=0), clock=clock) as ledger:
        assert ledger.status().healthy
        freeze(pid_of(ledger))
        await asyncio.sleep(0.1)
        ahead[0] = 3_000_000_000

        assert not ledger.status().healthy
        assert ledger.status().reason is Unavailable.DEADLINE
        os.kill(pid_of(ledger), signal.SIGCONT)
        await until(lambda: ledger.status().healthy)


async def test_a_process_that_hangs_is_not_waited_for_at_the_end(tmp_path: Path) -> None:
    ahead = [0]
    clock = Clock(time.time_ns, lambda: time.monotonic_ns() + ahead[0])
    async with open_apart(tmp_path, Limits(deadline_s=1, floor=0), clock=clock) as ledger:
        freeze(pid_of(ledger))
        await asyncio.sleep(0.1)
        ahead[0] = 3_000_000_000
        began = time.monotonic()

    assert time.monotonic() - began < 15
    assert not Path(f"/proc/{pid_of(ledger)}").exists()


async def test_an_intent_whose_caller_is_gone_is_closed(tmp_path: Path) -> None:
    async with open_apart(tmp_path) as ledger:
        freeze(pid_of(ledger))
        waiting = asyncio.create_task(ledger.append(BOLLNAS, intent()))
        await asyncio.sleep(0.05)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        os.kill(pid_of(ledger), signal.SIGCONT)
        await call(ledger)
        await until(lambda: ledger.status().waiting == 0)

    rows = records_of(tmp_path)
    assert {row["ref"] for row in rows if row["ref"] is not None} == {
        row["seq"] for row in rows if row["type"] == "call.intent"
    }
    assert [row["detail"] for row in rows if row["type"] == "call.interrupted"] == [{"why": "unacknowledged"}]


async def test_a_low_disk_is_told_by_each_refusal_and_by_the_state(tmp_path: Path) -> None:
    async with open_apart(tmp_path, Limits(floor=1.1)) as ledger:
        with pytest.raises(LedgerUnavailable) as low:
            await ledger.append(BOLLNAS, intent())

        assert low.value.reason is Unavailable.DISK_LOW
        assert ledger.status().reason is Unavailable.DISK_LOW
        assert not ledger.status().healthy


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\xff" * 64,
        frame(Kind.RECEIPTS, 1, b"\x90"),
        frame(Kind.START, 1, b"\x80"),
        frame(Kind.DRAFT, 1, b"\xc1"),
        frame(Kind.REQUEST, 1, b"\x81\xa4type\xa5Nomad"),
        frame(Kind.REQUEST, 1, b"{nothing"),
    ],
)
async def test_what_is_not_understood_ends_the_process_and_not_less(tmp_path: Path, nonsense: bytes) -> None:
    async with open_apart(tmp_path) as ledger:
        await call(ledger)
        transport = ledger._line._transport
        assert transport is not None
        transport.write(nonsense)
        async with asyncio.timeout(5):
            await ledger.lost()
        with pytest.raises(LedgerUnavailable):
            await ledger.append(BOLLNAS, intent())


@pytest.mark.parametrize(
    "nonsense", [b"\xff" * 64, frame(Kind.RECEIPTS, 0, b"\x91\x92\x07"), frame(Kind.DRAFT, 1, b"\x80")]
)
async def test_a_process_that_is_not_understood_is_as_good_as_gone(tmp_path: Path, nonsense: bytes) -> None:
    async with open_apart(tmp_path) as ledger:
        ledger._line.data_received(nonsense)
        with pytest.raises(LedgerUnavailable) as failed:
            await ledger.append(BOLLNAS, intent())

        assert failed.value.reason is Unavailable.FAILED
        assert "not understood" in str(await ledger.lost())
