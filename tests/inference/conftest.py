"""Fixtures of the tests with real weights."""

import pytest

from inference.weights.prepare import Folders
from tests.inference.places import installed_weights


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Folders with the real weights; what is made of them is made once for all tests."""
    return Folders(packages=installed_weights(), cache=tmp_path_factory.mktemp("weights"))
