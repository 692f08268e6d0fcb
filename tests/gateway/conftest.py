"""One gateway for all tests of this room, and a quiet model server for each."""

import pytest

from tests.gateway.house import house_in, with_ledger_apart


@pytest.fixture(scope="session")
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="package")  # the room's own: its jobs hold the one DBOS of the process
async def the_house(anyio_backend, tmp_path_factory):
    async with house_in(tmp_path_factory.mktemp("gateway")) as house:
        yield house


@pytest.fixture(scope="package")
async def the_house_with_its_ledger_apart(the_house, tmp_path_factory):
    async with with_ledger_apart(the_house, tmp_path_factory.mktemp("apart")) as house:
        yield house


@pytest.fixture
async def house(the_house):
    the_house.quiet()
    return the_house


@pytest.fixture(params=["here", "apart"])
def either_house(request, the_house):
    """The ledger in the gateway's process, and in one of its own; a module that wants both calls it ``house``."""
    name = "the_house" if request.param == "here" else "the_house_with_its_ledger_apart"
    house = request.getfixturevalue(name)
    house.quiet()
    return house


@pytest.fixture
async def shared_things(house):
    """A collection, a document, a key and records of the one organisation; who ends one uses ``things``."""
    return await house.things()


@pytest.fixture
async def things(house):
    return await house.things(fresh=True)
