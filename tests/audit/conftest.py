"""The ledger in both of its houses: in the process that works with it, and in one of its own."""

import pytest

from tests.audit.fakes import open_apart, open_ledger


@pytest.fixture(params=[open_ledger, open_apart], ids=["here", "apart"])
def opened(request: pytest.FixtureRequest) -> object:
    """Opens a ledger in a folder, as ``open_ledger`` does."""
    return request.param
