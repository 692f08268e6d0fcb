"""Every test here runs against both configurations of the one application."""

from pathlib import Path

import pytest

from tests.behaviour.fixtures import _stop_labs, embedded, full, lab, signer

__all__ = ["_stop_labs", "embedded", "full", "lab", "signer"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whichever test comes first waits for the lab's start within its own time."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent) and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(600))
