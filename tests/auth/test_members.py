"""The members of an organisation, the same with Keycloak and with the stand-in, by an account of their own."""

import itertools

import pytest

from auth.errors import (
    AddressElsewhere,
    AlreadyMember,
    IdentityProviderDown,
    MemberNotFound,
    MembersOff,
    OperatorNoMember,
    PersonNotFound,
    UnknownTenant,
)
from auth.identity import Role, TenantId
from auth.keycloak import Person, as_service
from auth.members import PAGE, Account, Membership
from auth.tenants import Tenants
from gateway.installation.plan import free_ports
from tests.auth.fakes import database
from tests.auth.providers import SECRETS

pytestmark = pytest.mark.anyio

EKDALEN, NORRSKOG = TenantId("ekdalen"), TenantId("norrskog")
COUNT = itertools.count(1)
PASSWORD = "ett-langt-losenord-1"


def account(url):
    return Account(url, "valv", "valv-members", SECRETS["VALV_MEMBERS_SECRET"])


@pytest.fixture
async def membership(provider, tmp_path):
    async with database(tmp_path) as state:
        tenants = Tenants(state, clock=lambda: 0)
        for each in provider.service().list_tenants():
            await tenants.bind(each.tenant, each.organisation)
        yield Membership(account(provider.url), tenants)


@pytest.fixture
async def members(membership):
    return await membership.of(EKDALEN)


@pytest.fixture
def someone(provider):
    """A new person; with roles, a member of Ekdalen."""

    def made(*roles, tenant=EKDALEN, outside=False):
        name = f"prov-{next(COUNT)}@ekdalen.example"
        held = {} if outside else {tenant: frozenset(roles)}
        return provider.service().add_person(Person(name, "Prov, Ekdalen", PASSWORD), roles=held), name

    return made


async def test_members_are_listed_with_names_roles_and_state(members):
    found = {each.email: each for each in await members.page()}
    prototyper = found["prototypare@ekdalen.example"]
    assert (prototyper.name, prototyper.roles) == (
        "Prototypare, Ekdalen",
        {Role.EMPLOYEE, Role.PROTOTYPER},
    )
    assert (prototyper.enabled, prototyper.managed) == (True, False)
    assert "medarbetare@norrskog.example" not in found


async def test_a_search_finds_members_of_the_own_organisation_alone(members):
    found = [each.email for each in await members.page(search="medarbetare")]
    assert "medarbetare@ekdalen.example" in found
    assert not any(email.endswith("norrskog.example") for email in found)
    assert await members.page(search="finns-inte-alls") == []


async def test_a_page_begins_where_it_is_told_to(members):
    every = await members.page()
    assert len(every) <= PAGE + 1
    assert [each.id for each in await members.page(first=2)][:3] == [each.id for each in every][2:5]


async def test_a_member_has_exactly_the_roles_given_last(members, someone):
    member, _ = someone(Role.EMPLOYEE)
    await members.assign(member, frozenset({Role.PROTOTYPER, Role.SECURITY_OFFICER}))
    assert (await members.member(member)).roles == {Role.PROTOTYPER, Role.SECURITY_OFFICER}
    await members.assign(member, frozenset())
    assert (await members.member(member)).roles == frozenset()


async def test_administrators_are_those_who_hold_the_role(members, someone):
    member, _ = someone(Role.TENANT_ADMIN)
    assert member in await members.administrators()
    await members.assign(member, frozenset({Role.EMPLOYEE}))
    assert member not in await members.administrators()
    assert await members.administrators()


async def test_someone_whom_the_provider_knows_is_taken_in_by_their_address(members, someone):
    person, email = someone(outside=True)
    found = await members.outsider(email)
    assert (found.id, found.roles) == (person, frozenset())
    await members.join(person, frozenset({Role.EMPLOYEE}))
    assert (await members.member(person)).roles == {Role.EMPLOYEE}
    with pytest.raises(AlreadyMember):
        await members.outsider(email)


async def test_an_address_of_another_organisation_is_not_even_looked_up(members):
    for email in ("medarbetare@norrskog.example", "finns-inte@norrskog.example", "utan-domain"):
        with pytest.raises(AddressElsewhere) as refused:
            await members.outsider(email)
        assert refused.value.domains == "ekdalen.example"


async def test_nobody_is_found_by_an_address_that_nobody_has(members):
    with pytest.raises(PersonNotFound):
        await members.outsider("finns-inte@ekdalen.example")


async def test_an_operator_is_not_taken_into_an_organisation(provider, members):
    provider.service().add_operator(Person("drift@ekdalen.example", "Drift, Ekdalen", PASSWORD))
    with pytest.raises(OperatorNoMember):
        await members.outsider("drift@ekdalen.example")


async def test_who_has_left_is_no_member_and_can_be_taken_in_again(members, someone):
    member, email = someone(Role.EMPLOYEE, Role.PROTOTYPER)
    await members.leave(member)
    with pytest.raises(MemberNotFound):
        await members.member(member)
    await members.join((await members.outsider(email)).id, frozenset())
    assert (await members.member(member)).roles == frozenset()


async def test_another_organisations_member_is_not_found(membership, members, someone):
    theirs, _ = someone(Role.EMPLOYEE, tenant=NORRSKOG)
    assert (await (await membership.of(NORRSKOG)).member(theirs)).id == theirs
    for id_ in (theirs, "00000000-0000-4000-8000-000000000000", "..", "x/../y", "count"):
        with pytest.raises(MemberNotFound):
            await members.member(id_)


async def test_an_organisation_that_was_never_seen_has_no_members_here(membership):
    with pytest.raises(UnknownTenant):
        await membership.of(TenantId("okand"))


async def test_without_an_account_there_is_nothing_to_ask(tmp_path):
    async with database(tmp_path) as state:
        with pytest.raises(MembersOff):
            await Membership(None, Tenants(state, clock=lambda: 0)).of(EKDALEN)


async def test_a_provider_that_is_away_is_told_as_that(tmp_path):
    async with database(tmp_path) as state:
        tenants = Tenants(state, clock=lambda: 0)
        await tenants.bind(EKDALEN, "some-organisation")
        members = await Membership(account(f"http://127.0.0.1:{free_ports(1)[0]}"), tenants).of(EKDALEN)
        with pytest.raises(IdentityProviderDown) as down:
            await members.page()
    assert down.value.operation == "list_members"


async def test_the_account_sees_no_client_no_provider_and_no_event_of_the_realm(provider):
    service = as_service(
        provider.url, realm="valv", client="valv-members", secret=SECRETS["VALV_MEMBERS_SECRET"]
    )
    for path in ("clients", "identity-provider/instances", "events", "components"):
        assert service._admin.connection.raw_get(f"admin/realms/valv/{path}").status_code == 403, path
    answer = service._admin.connection.raw_put("admin/realms/valv", data='{"registrationAllowed":true}')
    assert answer.status_code in {403, 404}  # the stand-in has no such place
