"""The ledger in both of its houses: in the process that works with it, and in one of its own."""

import pytest

from tests.audit.fakes import WRITER, open_apart, open_ledger


@pytest.fixture(params=[open_ledger, open_apart], ids=["here", "apart"])
def opened(request: pytest.FixtureRequest) -> object:
    """Opens a ledger in a folder, as ``open_ledger`` does."""
    return request.param


@pytest.fixture(params=["thread", "loop"])
def writer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where records are stored: in a thread of its own, or on the loop, as in the ledger's own process."""
    monkeypatch.setenv(WRITER, request.param)
    return str(request.param)
