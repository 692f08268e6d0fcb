"""Ends every part when the launcher dies without a word; the launcher runs this file as a script.

The launcher holds the other end of its standard input and writes one line for each process group::

    + <group> <signal> <grace in seconds>      started
    - <group>                                  ended

End of file means that the launcher is gone, by SIGKILL too: groups still listed get their signal, the last
started first, and SIGKILL after the longest grace. PR_SET_PDEATHSIG would reach neither grandchildren (vLLM's
engine, the virtual machine under a start script) nor a process that changed its user (PostgreSQL).
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

STEP = 0.05


@dataclass(frozen=True, slots=True)
class Group:
    """A process group that must not outlive the launcher."""

    id: int
    stop: int
    grace: float


def main() -> None:
    """Follow the launcher's lines to their end, then end what is left."""
    for deaf in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(deaf, signal.SIG_IGN)
    end(remaining(sys.stdin))


def remaining(lines: Iterable[str]) -> list[Group]:
    """The groups that were started and did not end, the last started first."""
    groups: dict[int, Group] = {}
    for line in lines:
        match line.split():
            case ["+", group, stop, grace]:
                groups[int(group)] = Group(int(group), int(stop), float(grace))
            case ["-", group]:
                groups.pop(int(group), None)
    return list(reversed(groups.values()))


def end(groups: list[Group]) -> None:
    """Stop every group and wait until none is left."""
    for group in groups:
        send(group.id, group.stop)
    deadline = time.monotonic() + max((group.grace for group in groups), default=0.0)
    while any(is_alive(group.id) for group in groups) and time.monotonic() < deadline:
        time.sleep(STEP)
    for group in groups:
        send(group.id, signal.SIGKILL)


def send(group: int, number: int) -> None:
    """Signal a process group; one that is gone needs none."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)


def is_alive(group: int) -> bool:
    """Whether any process of the group is left, other than one that ended and that nobody has reaped yet."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return any(_belongs(stat, group) for stat in Path("/proc").glob("[0-9]*/stat"))


def _belongs(stat: Path, group: int) -> bool:
    try:
        told = stat.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    # proc(5): "pid (name) state parent group …", where the name may hold anything
    state, _parent, its_group, *_ = told.rpartition(")")[2].split()
    return int(its_group) == group and state != "Z"


if __name__ == "__main__":
    main()
