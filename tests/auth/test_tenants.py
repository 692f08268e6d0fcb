import anyio
import pytest

from auth.errors import TenantChanged
from auth.tenants import BoundTenant, Tenants
from tests.auth.fakes import EKDALEN, NOON, NORRSKOG, Clock, database

pytestmark = pytest.mark.anyio


@pytest.fixture
async def state(tmp_path):
    async with database(tmp_path) as made:
        yield made


async def test_an_alias_is_bound_on_first_sight(state):
    tenants = Tenants(state, clock=Clock())
    await tenants.bind(EKDALEN, "first")
    await tenants.bind(EKDALEN, "first")
    assert await tenants.known() == [BoundTenant(EKDALEN, "first", int(NOON))]


async def test_a_known_alias_with_another_id_is_refused_also_after_a_restart(state):
    await Tenants(state, clock=Clock()).bind(EKDALEN, "first")
    with pytest.raises(TenantChanged) as fault:
        await Tenants(state, clock=Clock()).bind(EKDALEN, "second")
    assert fault.value.alias == "ekdalen"


async def test_two_gateways_that_see_an_alias_at_once_agree_on_its_id(state):
    refusals = []

    async def bind(organisation):
        try:
            await Tenants(state, clock=Clock()).bind(EKDALEN, organisation)
        except TenantChanged:
            refusals.append(organisation)

    async with anyio.create_task_group() as group:
        for number in range(4):
            group.start_soon(bind, str(number))
    (bound,) = await Tenants(state, clock=Clock()).known()
    assert len(refusals) == 3
    assert bound.organisation not in refusals


async def test_organisations_are_bound_apart(state):
    tenants = Tenants(state, clock=Clock())
    await tenants.bind(NORRSKOG, "n")
    await tenants.bind(EKDALEN, "e")
    assert [each.tenant for each in await tenants.known()] == [EKDALEN, NORRSKOG]
