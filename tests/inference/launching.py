"""What the tests of the launcher share: small parts, and a narrator that remembers."""

import asyncio
import os
import sys
from pathlib import Path

from inference.launch.parts import Part

# ``put``: who sees the file finds all of it.
_PRELUDE = """
import os, pathlib, signal, subprocess, sys, time
def put(file, number):
  made = file.with_name(file.name + '.new')
  made.write_text(str(number))
  made.rename(file)
"""


class Remembering:
    """A narrator that keeps what it was told."""

    def __init__(self):
        self.sentences = []
        self.states = []

    def say(self, sentence):
        self.sentences.append(sentence)

    def show(self, state):
        self.states.append(state)


def python_part(name, code, folder, **more):
    """A part that runs Python code and is ready once it has put the file `<name>.ready`."""
    ready = folder / f"{name}.ready"

    async def is_ready():
        return ready.exists()

    program = f"{_PRELUDE}ready = pathlib.Path({str(ready)!r})\n{code}"
    settings = {"env": {"PATH": os.environ["PATH"]}, "log": folder / f"{name}.log", "ready": is_ready, **more}
    return Part(name=name, argv=(sys.executable, "-S", "-c", program), **settings)


async def until(condition, seconds=10.0):
    """Wait until the condition holds; fail when it does not in time."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


def is_running(pid):
    """Whether the process exists and is no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
