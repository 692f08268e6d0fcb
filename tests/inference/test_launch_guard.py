"""Nothing outlives the launcher, however it dies."""

import asyncio
import os
import signal
import sys

import pytest

from inference.launch.children import Guard
from inference.launch.errors import GuardLost
from inference.launch.guard import Group, remaining
from inference.launch.supervisor import Supervisor
from tests.inference.launching import Remembering, is_running, python_part, until
from tests.inference.places import ROOT

LAUNCHER = """
import asyncio, pathlib, sys
from inference.launch.supervisor import Supervisor
from tests.inference.launching import Remembering, python_part

folder = pathlib.Path(sys.argv[1])
code = '''
child = subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(60)"])
pathlib.Path(str(ready) + ".grandchild").write_text(str(child.pid))
put(ready, os.getpid())
time.sleep(60)
'''

async def main():
    parts = [python_part(name, code, folder) for name in ("one", "two")]
    async with Supervisor(parts, Remembering()) as supervisor:
        (folder / "all").touch()
        await supervisor.ended()

asyncio.run(main())
"""


@pytest.mark.anyio
async def test_a_launcher_that_is_killed_leaves_no_process_behind(tmp_path):
    launcher = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", LAUNCHER, str(tmp_path)),
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
        start_new_session=True,
    )
    await until((tmp_path / "all").exists, seconds=30)
    files = [tmp_path / f"{name}.ready{more}" for name in ("one", "two") for more in ("", ".grandchild")]
    pids = [int(file.read_text()) for file in files]
    assert all(is_running(pid) for pid in pids)

    os.killpg(launcher.pid, signal.SIGKILL)
    await launcher.wait()

    await until(lambda: not any(is_running(pid) for pid in pids))


@pytest.mark.anyio
async def test_without_its_guard_a_launcher_stops_everything(tmp_path):
    part = python_part("one", "put(ready, os.getpid())\ntime.sleep(60)", tmp_path)

    async with Supervisor([part], Remembering()) as supervisor:
        pid = int((tmp_path / "one.ready").read_text())
        os.kill(supervisor._guard._process.pid, signal.SIGKILL)
        with pytest.raises(GuardLost):
            await supervisor.ended()

    assert not is_running(pid)


@pytest.mark.anyio
async def test_a_command_does_not_begin_before_its_group_is_guarded(tmp_path):
    from inference.launch.children import GATE, SHELL

    begun = tmp_path / "begun"
    process = await asyncio.create_subprocess_exec(
        *(SHELL, "-c", GATE, "part", "/usr/bin/touch", str(begun)), stdin=asyncio.subprocess.PIPE
    )
    process.stdin.close()  # as when the launcher dies before it opens the gate

    assert await process.wait() != 0
    assert not begun.exists()


@pytest.mark.anyio
async def test_a_guard_that_is_dismissed_ends(tmp_path):
    guard = await Guard.start()

    await guard.dismiss()

    assert guard._process.returncode == 0


def test_groups_that_ended_are_no_longer_listed_and_the_last_started_comes_first():
    lines = ["+ 10 15 5.0\n", "+ 11 2 7.5\n", "+ 12 15 1.0\n", "- 11\n"]

    assert remaining(lines) == [Group(12, 15, 1.0), Group(10, 15, 5.0)]


def test_a_line_that_was_cut_off_is_passed_over():
    assert remaining(["+ 10 15 5.0\n", "+ 11 1"]) == [Group(10, 15, 5.0)]
