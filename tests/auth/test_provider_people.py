"""Provisioning, the same with Keycloak and with the stand-in."""

import anyio.to_thread
import pytest

from auth.errors import (
    IdentityProviderDown,
    IdentityProviderRefused,
    SeparatedRoles,
    TenantChanged,
    UnknownTenant,
)
from auth.identity import NotATenant, Role, TenantId
from auth.keycloak import Person, as_service
from tests.auth.providers import SECRETS

pytestmark = pytest.mark.anyio

EKDALEN, NORRSKOG = TenantId("ekdalen"), TenantId("norrskog")


async def test_the_demonstrations_organisations_are_listed(provider):
    listed = {each.tenant: each for each in provider.service().list_tenants()}
    assert listed[EKDALEN].name == "Ekdalens kommun"
    assert listed[NORRSKOG].domains == ("norrskog.example",)


async def test_making_an_organisation_again_changes_nothing(provider):
    service = provider.service()
    first = service.create_tenant("lovsta", name="Lövsta kommun", domains=("lovsta.example",))
    again = service.create_tenant("lovsta", name="Lövsta kommun", domains=("lovsta.example",))
    assert first == again
    assert [each.tenant.alias for each in service.list_tenants()].count("lovsta") == 1


@pytest.mark.parametrize("alias", ["", "Stor", "a b", "-a", "../x", "å"])
async def test_an_alias_that_can_be_no_tenant_is_refused_before_it_is_made(provider, alias):
    with pytest.raises(NotATenant):
        provider.service().create_tenant(alias, name="x", domains=())


async def roles_seen(desk, username, password, scope):
    form = {
        "grant_type": "password",
        "client_id": "valv-demo",
        "client_secret": SECRETS["VALV_DEMO_SECRET"],
        "username": username,
        "password": password,
        "scope": f"openid {scope}",
    }
    answer = desk.provider.http.post(f"{desk.provider.oidc}/token", data=form).json()
    return (await desk.tokens.authenticate(answer["access_token"])).roles


async def test_a_persons_roles_are_exactly_those_given_last(provider, desk):
    service = provider.service()
    person = Person("byter@ekdalen.example", "Byter, Ekdalen", "ett-langt-losenord-1")
    first = service.add_person(
        person,
        roles={EKDALEN: frozenset({Role.EMPLOYEE, Role.TENANT_ADMIN}), NORRSKOG: frozenset({Role.EMPLOYEE})},
    )
    assert await roles_seen(desk, person.username, person.password, "organization:ekdalen") == {
        Role.EMPLOYEE,
        Role.TENANT_ADMIN,
    }
    again = service.add_person(person, roles={EKDALEN: frozenset({Role.PROTOTYPER})})
    assert first == again
    assert await roles_seen(desk, person.username, person.password, "organization:ekdalen") == {
        Role.PROTOTYPER
    }
    assert await roles_seen(desk, person.username, person.password, "organization:norrskog") == {
        Role.EMPLOYEE
    }


async def test_a_member_without_roles_has_none(provider, desk):
    person = Person("utan@ekdalen.example", "Utan, Ekdalen", "ett-langt-losenord-1")
    provider.service().add_person(person, roles={EKDALEN: frozenset()})
    assert await roles_seen(desk, person.username, person.password, "organization") == frozenset()


async def test_nobody_becomes_officer_and_administrator_of_one_organisation(provider):
    both = frozenset({Role.SECURITY_OFFICER, Role.TENANT_ADMIN})
    with pytest.raises(SeparatedRoles) as fault:
        provider.service().add_person(Person("b@ekdalen.example", "B, E", "x" * 12), roles={EKDALEN: both})
    assert fault.value.roles == ("security-officer", "tenant-admin")


async def test_a_person_is_not_made_for_an_organisation_that_does_not_exist(provider):
    service = provider.service()
    with pytest.raises(UnknownTenant) as fault:
        service.add_person(
            Person("x@ekdalen.example", "X, E", "ett-langt-losenord-1"),
            roles={TenantId("unknown"): frozenset({Role.EMPLOYEE})},
        )
    assert fault.value.alias == "unknown"
    assert service._admin.get_user_id("x@ekdalen.example") is None


async def test_a_short_password_is_refused_and_so_is_the_user_name(provider):
    for password in ("kort", "kortare@ekdalen.example"):
        with pytest.raises(IdentityProviderRefused) as fault:
            provider.service().add_person(
                Person("kortare@ekdalen.example", "Kort, E", password), roles={EKDALEN: frozenset()}
            )
        assert (fault.value.operation, fault.value.code) == ("add_person", "400")


async def test_an_organisation_deleted_and_made_anew_inherits_nothing(provider, desk):
    service = provider.service()
    person = Person("fader@arv.example", "Fader, Arv", "ett-langt-losenord-1")
    first = service.create_tenant("arv", name="Arv", domains=("arv.example",))
    service.add_person(person, roles={first.tenant: frozenset({Role.EMPLOYEE})})
    assert await roles_seen(desk, person.username, person.password, "organization") == {Role.EMPLOYEE}
    service._admin.delete_organization(first.organisation)
    second = service.create_tenant("arv", name="Arv", domains=("arv.example",))
    assert second.organisation != first.organisation
    service.add_person(person, roles={second.tenant: frozenset({Role.EMPLOYEE})})
    with pytest.raises(TenantChanged):
        await roles_seen(desk, person.username, person.password, "organization")


async def test_a_wrong_secret_provisions_nothing(provider):
    impostor = as_service(provider.url, realm="valv", client="valv-cli", secret="wrong")
    with pytest.raises(IdentityProviderRefused):
        impostor.list_tenants()


async def test_a_client_without_the_rights_provisions_nothing(provider):
    demo = as_service(provider.url, realm="valv", client="valv-demo", secret=SECRETS["VALV_DEMO_SECRET"])
    for attempt in (demo.list_tenants, lambda: demo.create_tenant("x", name="x", domains=())):
        with pytest.raises(IdentityProviderRefused) as fault:
            attempt()
        assert fault.value.code == "403"


async def test_people_are_kept_from_the_admin_interface(provider):
    form = {
        "grant_type": "password",
        "client_id": "valv-demo",
        "client_secret": SECRETS["VALV_DEMO_SECRET"],
        "username": "administrator@ekdalen.example",
        "password": "losenord-administrator-1",
        "scope": "openid organization",
    }
    token = provider.http.post(f"{provider.oidc}/token", data=form).json()["access_token"]
    place = f"{provider.url}/admin/realms/valv/organizations"
    assert provider.http.get(place, headers={"authorization": f"Bearer {token}"}).status_code == 403
    assert provider.http.get(place).status_code == 401


async def test_a_person_who_is_shut_out_is_let_in_nowhere(provider, desk):
    service = provider.service()
    person = Person("ute@ekdalen.example", "Ute, Ekdalen", "ett-langt-losenord-1")
    id_ = service.add_person(person, roles={EKDALEN: frozenset({Role.EMPLOYEE})})
    done = await desk.sign_in(desk.person(person.username, person.password))
    await anyio.to_thread.run_sync(service._admin.update_user, id_, {"enabled": False})
    with pytest.raises(IdentityProviderRefused):
        await desk.oidc.refresh(done.opened.session.tokens)


def test_a_provider_that_does_not_answer_is_down():
    nobody = as_service("http://127.0.0.1:9", realm="valv", client="valv-cli", secret="x")
    with pytest.raises(IdentityProviderDown) as fault:
        nobody.list_tenants()
    assert fault.value.operation == "list_tenants"
