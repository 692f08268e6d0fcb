"""The fictional organisations and people of an evaluation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auth.identity import Role, TenantId
from auth.keycloak import Keycloak, Person


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Someone of the demonstration: a user name, a display name that says their role, and roles by tenant."""

    username: str
    name: str
    roles: Mapping[TenantId, frozenset[Role]]


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    """A fictional organisation."""

    tenant: TenantId
    name: str
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Demo:
    """Everyone of the demonstration; operators have no roles anywhere."""

    organisations: tuple[DemoOrganisation, ...]
    people: tuple[DemoPerson, ...]
    operators: tuple[DemoPerson, ...]

    @property
    def usernames(self) -> tuple[str, ...]:
        """Everyone who needs a password."""
        return tuple(each.username for each in (*self.people, *self.operators))


def read(said: Mapping[str, Any]) -> Demo:
    """The demonstration of ``deploy/demo/people.json``.

    Raises:
        KeyError, ValueError: the file is not of its shape.
    """
    return Demo(
        tuple(
            DemoOrganisation(TenantId(each["alias"]), each["name"], tuple(each["domains"]))
            for each in said["organisations"]
        ),
        tuple(_person(each) for each in said["people"]),
        tuple(_person(each) for each in said["operators"]),
    )


def _person(said: Mapping[str, Any]) -> DemoPerson:
    held = {TenantId(alias): frozenset(map(Role, roles)) for alias, roles in said.get("roles", {}).items()}
    return DemoPerson(said["username"], said["name"], held)


def provision(keycloak: Keycloak, demo: Demo, *, passwords: Mapping[str, str]) -> None:
    """Make them all, or bring them up to date; ``passwords`` by user name.

    Raises:
        KeyError: someone has no password.
        IdentityProviderDown.
        IdentityProviderRefused.
    """
    for organisation in demo.organisations:
        keycloak.create_tenant(
            organisation.tenant.alias, name=organisation.name, domains=organisation.domains
        )
    for each in demo.people:
        keycloak.add_person(Person(each.username, each.name, passwords[each.username]), roles=each.roles)
    for each in demo.operators:
        keycloak.add_operator(Person(each.username, each.name, passwords[each.username]))
