"""The main job, end to end, by the product's own demonstration."""

import subprocess
import sys

import pytest

from tests.behaviour.labs import ROOT, RunningLab, environment


@pytest.mark.timeout(600)
def test_the_demonstration_shows_every_step(lab: RunningLab) -> None:
    command = [sys.executable, "-m", "gateway.cli", "demo", "--data", lab.described.data]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Every step showed what it promises." in done.stdout
