"""Organisations and people in Keycloak, made and listed through its admin API.

Blocking: an asynchronous caller runs these in a thread.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog
from keycloak import KeycloakAdmin, KeycloakOpenIDConnection

from auth.adminapi import OrganisationApi, asking, service_account
from auth.claims import DISPLAY_NAME
from auth.errors import SeparatedRoles, UnknownTenant
from auth.identity import Role, TenantId
from auth.policy import SEPARATED

log = structlog.get_logger(__name__)

OPERATORS: Final = "platform-operators"
_TIMEOUT: Final = 30


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation as Keycloak knows it: ``organisation`` is its id, which outlives nothing but itself."""

    tenant: TenantId
    organisation: str
    name: str
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Someone to be known to Keycloak; the user name is their e-mail address."""

    username: str
    name: str
    password: str


def as_service(url: str, *, realm: str, client: str, secret: str) -> "Keycloak":
    """Provisioning with the rights of the realm's own service account."""
    return Keycloak(service_account(url, realm=realm, client=client, secret=secret, timeout=_TIMEOUT))


def as_administrator(url: str, *, realm: str, username: str, password: str) -> "Keycloak":
    """The rights of the server's administrator: needed once, to publish the realm."""
    connection = KeycloakOpenIDConnection(
        server_url=url,
        realm_name=realm,
        user_realm_name="master",
        client_id="admin-cli",
        username=username,
        password=password,
        timeout=_TIMEOUT,
    )
    return Keycloak(KeycloakAdmin(connection=connection))


class Keycloak:
    """One realm's organisations and people. Everything may be done again, and then changes nothing."""

    def __init__(self, admin: KeycloakAdmin) -> None:
        self._admin = admin
        self._realm = admin.connection.realm_name

    def publish_realm(self, realm: Mapping[str, Any]) -> None:
        """Make the realm, or bring its settings and clients up to date; people and organisations stay.

        Raises:
            IdentityProviderDown.
            IdentityProviderRefused.
        """
        with asking("publish_realm"):
            if self._realm not in [each["realm"] for each in self._admin.get_realms()]:
                self._admin.create_realm(dict(realm))
                log.info("realm.created")
                return
            self._admin.update_realm(self._realm, _settings(realm))
            for client in realm["clients"]:
                self._publish_client(client)
            for account in realm.get("users", ()):
                self._publish_rights(account)
            log.info("realm.updated")

    def create_tenant(self, alias: str, *, name: str, domains: tuple[str, ...]) -> Organisation:
        """The organisation of that alias, with the four groups that are its roles.

        Raises:
            NotATenant: the alias can't be a tenant's.
            IdentityProviderDown.
            IdentityProviderRefused.
        """
        tenant = TenantId(alias)
        with asking("create_tenant"):
            found = self._find(tenant)
            if found is None:
                self._admin.create_organization(
                    {
                        "alias": alias,
                        "name": name,
                        "enabled": True,
                        "domains": [{"name": each, "verified": True} for each in domains],
                        # Attributes stand in the token's claim, the name does not.
                        "attributes": {DISPLAY_NAME: [name]},
                    }
                )
                log.info("tenant.created", tenant=alias)
                found = self._find(tenant)
            if found is None:
                raise UnknownTenant(alias)
            self._api(found.organisation).roles()
        return found

    def list_tenants(self) -> list[Organisation]:
        """Every organisation of the realm that can be a tenant, by alias.

        Raises:
            IdentityProviderDown.
            IdentityProviderRefused.
        """
        with asking("list_tenants"):
            found = self._admin.get_organizations({"briefRepresentation": "false"})
            return sorted((_organisation(each) for each in found), key=lambda each: each.tenant)

    def add_person(self, person: Person, *, roles: Mapping[TenantId, frozenset[Role]]) -> str:
        """The person, with exactly these roles in these organisations; says their id.

        Raises:
            SeparatedRoles: officer and administrator of one organisation.
            UnknownTenant: no such organisation.
            IdentityProviderDown.
            IdentityProviderRefused: for instance a password that the realm's policy does not take.
        """
        for held in roles.values():
            if held >= SEPARATED:
                raise SeparatedRoles(SEPARATED)
        with asking("add_person"):
            known = {each.tenant: each.organisation for each in self.list_tenants()}
            for tenant in roles:
                if tenant not in known:
                    raise UnknownTenant(tenant.alias)
            user = self._user(person)
            for tenant, held in roles.items():
                organisation = self._api(known[tenant])
                organisation.join(user)
                organisation.assign(user, held)
        return user

    def add_operator(self, person: Person) -> str:
        """The person, as an operator of the installation; says their id.

        Raises:
            IdentityProviderDown.
            IdentityProviderRefused.
        """
        with asking("add_operator"):
            user = self._user(person)
            groups = self._admin.get_groups({"search": OPERATORS, "exact": "true"})
            self._admin.group_user_add(user, groups[0]["id"])
        return user

    def _publish_client(self, client: Mapping[str, Any]) -> None:
        known = self._admin.get_client_id(client["clientId"])
        if known is None:
            self._admin.create_client(dict(client))
            return
        self._admin.update_client(known, dict(client))

    def _publish_rights(self, account: Mapping[str, Any]) -> None:
        """A service account has exactly the rights that the realm's file gives it."""
        user = self._admin.get_client_service_account_user(
            self._admin.get_client_id(account["serviceAccountClientId"])
        )["id"]
        for owner, names in account["clientRoles"].items():
            client = self._admin.get_client_id(owner)
            held = self._admin.get_client_roles_of_user(user, client)
            if extra := [each for each in held if each["name"] not in names]:
                self._admin.delete_client_roles_of_user(user, client, extra)
            missing = set(names) - {each["name"] for each in held}
            if missing:
                wanted = [each for each in self._admin.get_client_roles(client) if each["name"] in missing]
                self._admin.assign_client_role(user, client, wanted)

    def _user(self, person: Person) -> str:
        first, _, last = person.name.rpartition(" ")
        said = {
            "username": person.username,
            "email": person.username,
            "emailVerified": True,
            "enabled": True,
            "firstName": first or last,
            "lastName": last if first else "",
        }
        user: str = self._admin.create_user(said, exist_ok=True)
        self._admin.update_user(user, said)
        self._admin.set_user_password(user, person.password, temporary=False)
        return user

    def _find(self, tenant: TenantId) -> Organisation | None:
        for each in self.list_tenants():
            if each.tenant == tenant:
                return each
        return None

    def _api(self, organisation: str) -> OrganisationApi:
        return OrganisationApi(self._admin, organisation)


def _settings(realm: Mapping[str, Any]) -> dict[str, Any]:
    """What of a realm is its own, not its clients' or people's."""
    kept = {"clients", "clientScopes", "components", "groups", "roles", "users"}
    return {name: value for name, value in realm.items() if name not in kept}


def _organisation(said: Mapping[str, Any]) -> Organisation:
    domains = tuple(sorted(each["name"] for each in said.get("domains", ())))
    return Organisation(TenantId(said["alias"]), said["id"], said["name"], domains)
