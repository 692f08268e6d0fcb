"""Every test here runs against both configurations of the one application."""

from collections.abc import Iterator

import pytest

from tests.behaviour import labs
from tests.behaviour.labs import RunningLab

_RUNNING: dict[str, RunningLab] = {}


@pytest.fixture(scope="session", autouse=True)
def _stop_labs() -> Iterator[None]:
    yield
    for lab in _RUNNING.values():
        labs.stop(lab.process)
    _RUNNING.clear()


@pytest.fixture(
    params=[
        pytest.param("embedded", marks=pytest.mark.lab),
        pytest.param("lab", marks=[pytest.mark.lab, pytest.mark.full]),
    ]
)
def lab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> RunningLab:
    """A running lab of either configuration; started when first needed, stopped at the end of the session."""
    flavour = request.param
    if flavour not in _RUNNING:
        _RUNNING[flavour] = labs.start(flavour, tmp_path_factory.mktemp(flavour))
    return _RUNNING[flavour]
