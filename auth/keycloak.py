"""Organisations and people in Keycloak, made and listed through its admin API.

Blocking: an asynchronous caller runs these in a thread.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import structlog
from keycloak import KeycloakAdmin, KeycloakOpenIDConnection
from keycloak.exceptions import KeycloakConnectionError, KeycloakError
from requests.exceptions import RequestException

from auth.claims import DISPLAY_NAME
from auth.errors import IdentityProviderDown, IdentityProviderRefused, SeparatedRoles, UnknownTenant
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
    connection = KeycloakOpenIDConnection(
        server_url=url, realm_name=realm, client_id=client, client_secret_key=secret, timeout=_TIMEOUT
    )
    return Keycloak(KeycloakAdmin(connection=connection))


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
        with _asking("publish_realm"):
            if self._realm not in [each["realm"] for each in self._admin.get_realms()]:
                self._admin.create_realm(dict(realm))
                log.info("realm.created")
                return
            self._admin.update_realm(self._realm, _settings(realm))
            for client in realm["clients"]:
                self._publish_client(client)
            log.info("realm.updated")

    def create_tenant(self, alias: str, *, name: str, domains: tuple[str, ...]) -> Organisation:
        """The organisation of that alias, with the four groups that are its roles.

        Raises:
            NotATenant: the alias can't be a tenant's.
            IdentityProviderDown.
            IdentityProviderRefused.
        """
        tenant = TenantId(alias)
        with _asking("create_tenant"):
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
            self._groups(found.organisation)
        return found

    def list_tenants(self) -> list[Organisation]:
        """Every organisation of the realm that can be a tenant, by alias.

        Raises:
            IdentityProviderDown.
            IdentityProviderRefused.
        """
        with _asking("list_tenants"):
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
        with _asking("add_person"):
            known = {each.tenant: each.organisation for each in self.list_tenants()}
            for tenant in roles:
                if tenant not in known:
                    raise UnknownTenant(tenant.alias)
            user = self._user(person)
            for tenant, held in roles.items():
                self._join(user, known[tenant], held)
        return user

    def add_operator(self, person: Person) -> str:
        """The person, as an operator of the installation; says their id.

        Raises:
            IdentityProviderDown.
            IdentityProviderRefused.
        """
        with _asking("add_operator"):
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

    def _join(self, user: str, organisation: str, held: frozenset[Role]) -> None:
        path = f"{self._organisations()}/{organisation}"
        # 409: a member already.
        self._expect(self._admin.connection.raw_post(f"{path}/members", data=user), 201, 409)
        now = self._listed_groups(f"{path}/members/{user}/groups")
        groups = self._groups(organisation)
        for role in held - now.keys():
            place = f"{path}/groups/{groups[role]}/members/{user}"
            self._expect(self._admin.connection.raw_put(place, data=""), 204)
        for role in (set(Role) - held) & now.keys():
            place = f"{path}/groups/{groups[role]}/members/{user}"
            self._expect(self._admin.connection.raw_delete(place), 204)

    def _groups(self, organisation: str) -> dict[Role, str]:
        """The organization groups that are roles, each with its id; the missing are made."""
        path = f"{self._organisations()}/{organisation}/groups"
        known = self._listed_groups(path)
        missing = [role for role in Role if role not in known]
        for role in missing:
            self._expect(self._admin.connection.raw_post(path, data=json.dumps({"name": role})), 201)
        listed = self._listed_groups(path) if missing else known
        return {role: listed[role] for role in Role}

    def _listed_groups(self, path: str) -> dict[str, str]:
        answer = self._expect(self._admin.connection.raw_get(path, first=0, max=1000), 200)
        return {each["name"]: each["id"] for each in answer.json()}

    def _organisations(self) -> str:
        return f"admin/realms/{self._realm}/organizations"

    @staticmethod
    def _expect(answer: Any, *statuses: int) -> Any:  # noqa: ANN401  the library's response has no type
        if answer.status_code not in statuses:
            raise KeycloakError(error_message=answer.text, response_code=answer.status_code)
        return answer


def _settings(realm: Mapping[str, Any]) -> dict[str, Any]:
    """What of a realm is its own, not its clients' or people's."""
    kept = {"clients", "clientScopes", "components", "groups", "roles", "users"}
    return {name: value for name, value in realm.items() if name not in kept}


def _organisation(said: Mapping[str, Any]) -> Organisation:
    domains = tuple(sorted(each["name"] for each in said.get("domains", ())))
    return Organisation(TenantId(said["alias"]), said["id"], said["name"], domains)


@contextmanager
def _asking(operation: str) -> Iterator[None]:
    """The library's errors in our words; its texts quote requests, so they are not passed on."""
    try:
        yield
    except (KeycloakConnectionError, RequestException) as fault:
        raise IdentityProviderDown(operation) from fault
    except KeycloakError as fault:
        status = fault.response_code or 0
        if not 400 <= status < 500:
            raise IdentityProviderDown(operation) from fault
        raise IdentityProviderRefused(operation, str(status)) from fault
