"""The commands of the officer's guide, each as it stands there, on a real ledger."""

import asyncio
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.audit.fakes import BOLLNAS, ORIGIN, REGION, SetClock, call, keys_in, open_ledger

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    """Every line of the guide's blocks of code, in their order."""
    guide = (ROOT / "docs" / "granskare.md").read_text(encoding="utf-8")
    return [line for block in BLOCK.findall(guide) for line in block.splitlines()]


async def _fill(folder: Path) -> str:
    """Two organisations' calls, a checkpoint kept from between them; the id of one call."""
    async with open_ledger(folder, clock=SetClock().clock) as ledger:
        known = await call(ledger)
        await call(ledger, REGION)
        (folder / "kept").write_bytes(ledger.reader(BOLLNAS).checkpoint())
        await call(ledger)
    return known.call


@pytest.fixture
def words(tmp_path: Path) -> dict[str, str]:
    """What stands for the guide's words in capitals."""
    known = asyncio.run(_fill(tmp_path))
    return {
        "LOGG": "data",
        "ORGANISATION": "bollnas",
        "NYCKEL": f"'{keys_in(tmp_path).vkey(ORIGIN)}'",
        "ÄRENDE": f"chatcmpl-{known}",
        "TIDIGARE": "kept",
    }


def pasted(line: str, words: dict[str, str]) -> str:
    for word, meant in words.items():
        line = re.sub(rf"\b{word}\b", lambda _, meant=meant: meant, line)
    return line.replace("python ", f"{shlex.quote(sys.executable)} ", 1)


def test_every_command_of_the_guide_works_as_it_stands(tmp_path: Path, words: dict[str, str]) -> None:
    assert len(commands()) >= 10
    for line in commands():
        assert line.startswith("python -m audit "), line
        ran = subprocess.run(
            pasted(line, words),
            shell=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ran.returncode, ran.stderr) == (0, ""), f"{line}\n{ran.stdout}{ran.stderr}"
        assert not re.search(r"\b0 records", ran.stdout), line
