"""The supervisor, with real processes that are as small as can be."""

import asyncio
import os
import signal
import socket

import pytest

from gateway.installation.plan import free_ports
from inference.launch.errors import PartGaveUp, PartNotStarted, PortTaken
from inference.launch.parts import Policy
from inference.launch.probes import answers
from inference.launch.supervisor import Supervisor, run
from tests.inference.launching import Remembering, is_running, python_part, until

pytestmark = pytest.mark.anyio

STAYS = "put(ready, os.getpid())\ntime.sleep(60)"
QUICK = Policy(crashes=3, window=60, first_pause=0.01, longest_pause=0.01)


@pytest.fixture
def narrator():
    return Remembering()


def pid_in(folder, name):
    return int((folder / f"{name}.ready").read_text())


async def test_every_part_is_ready_inside_and_gone_outside(tmp_path, narrator):
    parts = [python_part(name, STAYS, tmp_path) for name in ("one", "two")]

    async with Supervisor(parts, narrator):
        pids = [pid_in(tmp_path, name) for name in ("one", "two")]
        assert all(is_running(pid) for pid in pids)

    assert not any(is_running(pid) for pid in pids)
    assert sorted(sentence.split()[0] for sentence in narrator.sentences) == ["one", "two"]
    assert any("one" in state and "two" in state for state in narrator.states)


async def test_a_part_starts_after_those_that_it_needs_and_stops_before_them(tmp_path, narrator):
    told = tmp_path / "told"
    says = "signal.signal(signal.SIGTERM, lambda *_: (say('{0} stops'), sys.exit()))\nsay('{0} starts')\n"
    code = f"def say(text):\n  with open({str(told)!r}, 'a') as f: print(text, file=f)\n{says}{STAYS}"
    parts = [
        python_part("second", code.format("second"), tmp_path, after=("first",)),
        python_part("first", code.format("first"), tmp_path),
    ]

    async with Supervisor(parts, narrator):
        pass

    assert told.read_text().splitlines() == ["first starts", "second starts", "second stops", "first stops"]


async def test_output_goes_to_the_parts_log_which_only_its_owner_reads(tmp_path, narrator):
    part = python_part("talker", f"print('heard', flush=True)\n{STAYS}", tmp_path)

    async with Supervisor([part], narrator):
        pass

    assert part.log.read_text() == "heard\n"
    assert part.log.stat().st_mode & 0o777 == 0o600


async def test_a_part_gets_its_own_environment_and_nothing_else(tmp_path, narrator):
    part = python_part(
        "bare", f"print(sorted(os.environ), flush=True)\n{STAYS}", tmp_path, env={"ONLY": "this"}
    )

    async with Supervisor([part], narrator):
        pass

    names = set(eval(part.log.read_text()))
    assert "ONLY" in names
    assert "HOME" not in names


async def test_a_crashed_part_is_started_again_and_that_is_said_in_one_sentence(tmp_path, narrator):
    part = python_part("fragile", STAYS, tmp_path)

    async with Supervisor([part], narrator, QUICK):
        first = pid_in(tmp_path, "fragile")
        os.kill(first, signal.SIGKILL)
        await until(lambda: pid_in(tmp_path, "fragile") != first)
        await until(lambda: len(narrator.sentences) == 3)

    _, crash, again = narrator.sentences
    expected = "fragile ended unexpectedly (SIGKILL) and is started again in 0.01 s; its log is "
    assert crash == f"{expected}{part.log}."
    assert again.startswith("fragile is ready")


async def test_a_part_that_keeps_crashing_ends_the_whole(tmp_path, narrator):
    crashing = python_part("crashing", "ready.touch()\ntime.sleep(.3)\nsys.exit(3)", tmp_path)
    steady = python_part("steady", STAYS, tmp_path)

    async with Supervisor([crashing, steady], narrator, QUICK) as supervisor:
        pid = pid_in(tmp_path, "steady")
        with pytest.raises(PartGaveUp) as end:
            await supervisor.ended()

    assert end.value.part == "crashing"
    assert str(end.value).startswith("crashing ended unexpectedly (exit code 3) for the 3. time in 60 s")
    assert not is_running(pid)


async def test_a_part_that_ends_before_it_was_ready_ends_the_whole_at_once(tmp_path, narrator):
    steady = python_part("steady", STAYS, tmp_path)
    broken = python_part(
        "broken", f"while not os.path.exists({str(tmp_path / 'steady.ready')!r}): time.sleep(.01)", tmp_path
    )

    with pytest.raises(PartNotStarted) as end:
        async with Supervisor([steady, broken], narrator, QUICK):
            pytest.fail("nothing may run by halves")

    assert end.value.part == "broken"
    assert not is_running(pid_in(tmp_path, "steady"))


async def test_a_command_that_is_not_there_is_no_start(tmp_path, narrator):
    part = python_part("absent", STAYS, tmp_path, env={"PATH": "/nowhere"})

    with pytest.raises(PartNotStarted):
        async with Supervisor([_with_command(part, "no-such-program")], narrator):
            pytest.fail("there is no such program")


def _with_command(part, command):
    from dataclasses import replace

    return replace(part, argv=(command,))


async def test_a_part_that_is_never_ready_is_stopped_when_patience_ends(tmp_path, narrator):
    pid = tmp_path / "pid"
    code = f"put(pathlib.Path({str(pid)!r}), os.getpid())\ntime.sleep(60)"

    with pytest.raises(PartNotStarted):
        async with Supervisor([python_part("slow", code, tmp_path, patience=3)], narrator):
            pytest.fail("it was never ready")

    assert not is_running(int(pid.read_text()))


async def test_a_port_that_is_taken_is_named_before_anything_starts(tmp_path, narrator):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        part = python_part("late", STAYS, tmp_path, port=port)

        with pytest.raises(PortTaken) as refusal:
            async with Supervisor([part], narrator):
                pytest.fail("the port is taken")

    assert refusal.value.port == port
    assert not part.log.exists()


async def test_a_part_that_ignores_its_signal_is_killed_after_its_grace(tmp_path, narrator):
    part = python_part(
        "stubborn", f"signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{STAYS}", tmp_path, grace=0.2
    )

    async with Supervisor([part], narrator):
        pid = pid_in(tmp_path, "stubborn")

    assert not is_running(pid)


async def test_what_a_part_started_itself_ends_with_it(tmp_path, narrator):
    grandchild = tmp_path / "grandchild"
    code = (
        "signal.signal(signal.SIGTERM, signal.SIG_DFL)\n"
        "child = subprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(60)'])\n"
        f"pathlib.Path({str(grandchild)!r}).write_text(str(child.pid))\n{STAYS}"
    )

    async with Supervisor([python_part("parent", code, tmp_path)], narrator):
        pid = int(grandchild.read_text())
        assert is_running(pid)

    await until(lambda: not is_running(pid))


async def test_a_crash_takes_the_grandchildren_along_before_the_restart(tmp_path, narrator):
    grandchild = tmp_path / "grandchild"
    code = (
        "child = subprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(60)'])\n"
        f"pathlib.Path({str(grandchild)!r}).write_text(str(child.pid))\n{STAYS}"
    )

    async with Supervisor([python_part("parent", code, tmp_path)], narrator, QUICK):
        pid = int(grandchild.read_text())
        os.kill(pid_in(tmp_path, "parent"), signal.SIGKILL)
        await until(lambda: len(narrator.sentences) == 3)
        assert not is_running(pid)


async def test_ready_means_that_the_url_answers(tmp_path, narrator):
    (port,) = free_ports(1)
    code = (
        "import http.server\nclass H(http.server.BaseHTTPRequestHandler):\n"
        "  def do_GET(self): self.send_response(200 if self.path == '/health' else 404); self.end_headers()\n"
        f"http.server.HTTPServer(('127.0.0.1', {port}), H).serve_forever()"
    )
    part = python_part("web", code, tmp_path, port=port, ready=answers(f"http://127.0.0.1:{port}/health"))

    async with Supervisor([part], narrator):
        assert not await answers(f"http://127.0.0.1:{port}/other")()

    assert not await answers(f"http://127.0.0.1:{port}/health")()


async def test_parts_that_wait_for_each_other_are_refused(tmp_path, narrator):
    parts = [python_part("a", STAYS, tmp_path, after=("b",)), python_part("b", STAYS, tmp_path, after=("a",))]

    with pytest.raises(ValueError, match="'a', 'b'"):
        Supervisor(parts, narrator)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_to_the_launcher_stops_every_part(tmp_path, narrator, number):
    parts = [python_part(name, STAYS, tmp_path) for name in ("one", "two")]

    await run(parts, narrator, on_ready=lambda: os.kill(os.getpid(), number))

    assert not any(is_running(pid_in(tmp_path, name)) for name in ("one", "two"))


async def test_a_signal_during_the_start_stops_what_was_started(tmp_path, narrator):
    parts = [python_part("ready", STAYS, tmp_path), python_part("waits", "time.sleep(60)", tmp_path)]

    async def interrupt():
        await until((tmp_path / "ready.ready").exists)
        os.kill(os.getpid(), signal.SIGINT)

    async with asyncio.TaskGroup() as group:
        group.create_task(interrupt())
        group.create_task(run(parts, narrator, on_ready=lambda: pytest.fail("it was never ready")))

    assert not is_running(pid_in(tmp_path, "ready"))


async def test_what_ends_the_whole_is_raised_by_run(tmp_path, narrator):
    with pytest.raises(PartNotStarted):
        await run([python_part("broken", "sys.exit(1)", tmp_path)], narrator, on_ready=lambda: None)


async def test_an_answer_from_someone_else_does_not_make_an_ended_part_ready(tmp_path, narrator):
    pid = tmp_path / "pid"

    async def answers_after_the_end():
        await until(pid.exists)
        await until(lambda: not is_running(int(pid.read_text())))
        await asyncio.sleep(0.2)
        return True

    code = f"put(pathlib.Path({str(pid)!r}), os.getpid())"
    part = python_part("gone", code, tmp_path, ready=answers_after_the_end)

    with pytest.raises(PartNotStarted):
        async with Supervisor([part], narrator):
            pytest.fail("it had ended")
