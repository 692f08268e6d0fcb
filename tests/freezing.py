"""Processes that hang: a signal that stops one has been sent before it has stopped."""

import os
import signal
import time
from pathlib import Path


def freeze(*pids: int) -> None:
    """Stop these processes, and come back when none of their threads runs; `SIGCONT` lets them go on.

    Raises:
        TimeoutError: one of them still runs after ten seconds.
    """
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    end = time.monotonic() + 10
    while not all(_is_still(pid) for pid in pids):
        if time.monotonic() > end:
            raise TimeoutError(f"still running: {pids}")
        time.sleep(0.005)


def _is_still(pid: int) -> bool:
    try:
        told = [task.read_text("utf-8", "replace") for task in Path(f"/proc/{pid}/task").glob("*/stat")]
    except OSError:
        return False  # a thread ended meanwhile
    return all(each.rpartition(")")[2].split()[0] in "TZ" for each in told)
