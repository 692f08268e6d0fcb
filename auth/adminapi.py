"""Keycloak's admin API through python-keycloak: its faults in our words, and one organisation's part of it.

Blocking: an asynchronous caller runs these in a thread.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from keycloak import KeycloakAdmin, KeycloakOpenIDConnection
from keycloak.exceptions import KeycloakConnectionError, KeycloakError
from requests.exceptions import RequestException

from auth.errors import IdentityProviderDown, IdentityProviderRefused
from auth.identity import Role

MOST: Final = 1000


def service_account(url: str, *, realm: str, client: str, secret: str, timeout: int) -> KeycloakAdmin:
    """The admin API with the rights of one of the realm's own service accounts; nothing is asked yet."""
    connection = KeycloakOpenIDConnection(
        server_url=url, realm_name=realm, client_id=client, client_secret_key=secret, timeout=timeout
    )
    return KeycloakAdmin(connection=connection)


@contextmanager
def asking(operation: str) -> Iterator[None]:
    """The library's errors in our words; its texts quote requests, so they are not passed on.

    Raises:
        IdentityProviderDown.
        IdentityProviderRefused.
    """
    try:
        yield
    except (KeycloakConnectionError, RequestException) as fault:
        raise IdentityProviderDown(operation) from fault
    except KeycloakError as fault:
        status = fault.response_code or 0
        if not 400 <= status < 500:
            raise IdentityProviderDown(operation) from fault
        raise IdentityProviderRefused(operation, str(status)) from fault


class OrganisationApi:
    """One organisation by its id: its groups, and who is in it. python-keycloak 7.1 has no words for the groups."""

    def __init__(self, admin: KeycloakAdmin, organisation: str) -> None:
        self._connection = admin.connection
        self._place = f"admin/realms/{admin.connection.realm_name}/organizations/{organisation}"

    def described(self) -> Mapping[str, Any]:
        """The organisation itself: ``domains`` among the rest."""
        said: Mapping[str, Any] = self._get(self._place)
        return said

    def groups(self) -> dict[str, str]:
        """The ids of the organisation's groups, by name."""
        return _by_name(self._get(f"{self._place}/groups", first=0, max=MOST))

    def roles(self) -> dict[Role, str]:
        """The groups that are roles, each with its id; the missing are made."""
        known = self.groups()
        missing = [role for role in Role if role not in known]
        for role in missing:
            self._ask("post", f"{self._place}/groups", 201, data=json.dumps({"name": role}))
        listed = self.groups() if missing else known
        return {role: listed[role] for role in Role}

    def members(self, **query: str | int) -> list[Mapping[str, Any]]:
        """Members as Keycloak describes them: ``search``, ``first``, ``max``."""
        return list(self._get(f"{self._place}/members", **query))

    def member(self, user: str) -> Mapping[str, Any]:
        """One member."""
        said: Mapping[str, Any] = self._get(f"{self._place}/members/{user}")
        return said

    def roles_of(self, user: str) -> frozenset[Role]:
        """The roles of a member."""
        held = _by_name(self._get(f"{self._place}/members/{user}/groups", first=0, max=MOST))
        return frozenset(role for role in Role if role in held)

    def holders(self, group: str) -> list[Mapping[str, Any]]:
        """Everyone in one of the organisation's groups."""
        return list(self._get(f"{self._place}/groups/{group}/members", first=0, max=MOST))

    def join(self, user: str) -> bool:
        """Make someone a member; whether they were none before."""
        answer = self._ask("post", f"{self._place}/members", 201, 409, data=user)
        return bool(answer.status_code == 201)

    def leave(self, user: str) -> None:
        """End a membership, and with it every group of the member's."""
        self._ask("delete", f"{self._place}/members/{user}", 204)

    def assign(self, user: str, held: frozenset[Role]) -> None:
        """Give a member exactly these roles; what is taken is taken first."""
        now, groups = self.roles_of(user), self.roles()
        for role in now - held:
            self._ask("delete", f"{self._place}/groups/{groups[role]}/members/{user}", 204)
        for role in held - now:
            self._ask("put", f"{self._place}/groups/{groups[role]}/members/{user}", 204, data="")

    def _get(self, path: str, **query: str | int) -> Any:  # noqa: ANN401  JSON
        return self._ask("get", path, 200, **query).json()

    def _ask(self, verb: str, path: str, *statuses: int, **more: Any) -> Any:  # noqa: ANN401  no type in the library
        answer = getattr(self._connection, f"raw_{verb}")(path, **more)
        if answer.status_code not in statuses:
            raise KeycloakError(error_message=answer.text, response_code=answer.status_code)
        return answer


def _by_name(groups: list[Mapping[str, Any]]) -> dict[str, str]:
    return {each["name"]: each["id"] for each in groups}
