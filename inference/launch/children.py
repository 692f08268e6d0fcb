"""Child processes in groups of their own, which end even when the launcher is killed."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self, cast

from inference.launch import guard as guard_module
from inference.launch.errors import GuardLost
from inference.launch.guard import is_alive, send
from inference.launch.parts import Part

SHELL = "/bin/sh"
# The command begins once its group is on the guard's list; if the launcher dies before that, it never does.
GATE = 'read -r go && exec "$@" </dev/null'
LOG_LIMIT = 16 * 2**20
STEP = 0.05


class Guard:
    """The launcher's end of `inference.launch.guard`."""

    __slots__ = ("_process",)

    def __init__(self, process: Process) -> None:
        self._process = process

    @classmethod
    async def start(cls) -> Self:
        """Start the guard in a session of its own, out of reach of Ctrl-C."""
        command = (sys.executable, "-I", "-S", str(guard_module.__file__))
        return cls(await asyncio.create_subprocess_exec(*command, stdin=PIPE, env={}, start_new_session=True))

    async def add(self, group: int, part: Part) -> None:
        await self._write(f"+ {group} {int(part.stop)} {part.grace}\n")

    async def remove(self, group: int) -> None:
        await self._write(f"- {group}\n")

    async def lost(self) -> None:
        """Wait for the guard's end, which never comes by itself.

        Raises:
            GuardLost: it came.
        """
        await self._process.wait()
        raise GuardLost

    async def dismiss(self) -> None:
        """Let the guard go; whatever is still on its list ends now."""
        _input(self._process).close()
        await self._process.wait()

    async def _write(self, line: str) -> None:
        _input(self._process).write(line.encode())
        with contextlib.suppress(ConnectionError):  # `lost` reports it
            await _input(self._process).drain()


@dataclass(frozen=True, slots=True)
class Child:
    """A started part: the leader of its process group."""

    part: Part
    process: Process
    guard: Guard

    @property
    def group(self) -> int:
        return self.process.pid

    async def wait(self) -> int:
        """Wait for the leader's end: its exit code, or minus the number of the signal that ended it."""
        return await self.process.wait()

    async def stop(self) -> None:
        """Ask the leader to end, then what it left behind; SIGKILL whatever is there after the grace."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.part.grace):
                await self._ask_to_end()
        await self.bury()

    async def bury(self) -> None:
        """End every process of the group at once."""
        send(self.group, signal.SIGKILL)
        await self.process.wait()
        await self.guard.remove(self.group)

    async def _ask_to_end(self) -> None:
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.group, self.part.stop)
            await self.process.wait()
        send(self.group, self.part.stop)
        while is_alive(self.group):  # noqa: ASYNC110  the kernel has no event for the end of a group
            await asyncio.sleep(STEP)


async def start(part: Part, guard: Guard) -> Child:
    """Start the part's command with its output added to its log."""
    with _open_log(part.log) as log:
        process = await asyncio.create_subprocess_exec(
            *(SHELL, "-c", GATE, part.name, *part.argv),
            stdin=PIPE,
            stdout=log,
            stderr=STDOUT,
            env=dict(part.env),
            cwd=part.folder,
            start_new_session=True,
        )
    child = Child(part, process, guard)
    try:
        await guard.add(child.group, part)
        await _open_gate(process)
    except BaseException:
        await child.bury()
        raise
    return child


async def _open_gate(process: Process) -> None:
    _input(process).write(b"go\n")
    with contextlib.suppress(ConnectionError):  # it ended already; `wait` tells how
        await _input(process).drain()
    _input(process).close()


def _input(process: Process) -> asyncio.StreamWriter:
    return cast("asyncio.StreamWriter", process.stdin)  # both kinds are started with a pipe


def _open_log(file: Path) -> BinaryIO:
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists() and file.stat().st_size > LOG_LIMIT:
        file.replace(file.with_name(f"{file.name}.1"))
    return open(file, "ab", opener=_for_its_owner)


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
