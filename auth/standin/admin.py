"""The part of Keycloak's admin API that our provisioning uses."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final

from auth.standin.directory import Directory, Organisation, Person, Refused, Taken
from auth.standin.logout import Logout
from auth.standin.realm import StandInRealm
from auth.standin.wire import Answer, Request, json_answer

OPERATORS: Final = "platform-operators"
_RIGHTS: Final = {"organizations": "manage-organizations", "users": "manage-users", "groups": "query-groups"}
_GONE: Final = 204

Work = Callable[[Request, list[str]], Awaitable[Answer]]


class Missing(Exception):
    """There is no such person, organisation or group."""


def _wrong(status: int, text: str) -> Answer:
    return json_answer({"errorMessage": text}, status)


class Admin:
    """``/admin/realms/valv/...``, for clients whose service account has the rights."""

    def __init__(self, realm: StandInRealm, logout: Logout, *, root: str) -> None:
        self._realm = realm
        self._logout = logout
        self._root = root
        self._organisations = Organisations(realm.directory, root=root)

    async def answer(self, request: Request, path: list[str]) -> Answer:
        """``path``: what follows the realm's name, split at the slashes."""
        refused = self._refused(request, path)
        if refused is not None:
            return refused
        try:
            return await self._work(request, path)
        except Missing:
            return _wrong(404, "Not found")
        except Taken as taken:
            return _wrong(409, f"Exists already: {taken}")
        except Refused as fault:
            return _wrong(400, f"Invalid: {fault}")

    def _refused(self, request: Request, path: list[str]) -> Answer | None:
        claims = self._realm.mint.read(request.bearer, typ="Bearer")
        if claims is None:
            return json_answer({"error": "HTTP 401 Unauthorized"}, 401)
        rights = claims.get("resource_access", {}).get("realm-management", {}).get("roles", ())
        if _RIGHTS.get(path[0]) not in rights:
            return json_answer({"error": "HTTP 403 Forbidden"}, 403)
        return None

    async def _work(self, request: Request, path: list[str]) -> Answer:
        if path[0] == "organizations":
            return self._organisations.answer(request, path[1:])
        if path[0] == "groups" and len(path) == 1 and request.method == "GET":
            return json_answer(
                [{"id": OPERATORS, "name": OPERATORS, "path": f"/{OPERATORS}", "subGroups": []}]
            )
        if path[0] == "users":
            return await self._users(request, path[1:])
        raise Missing

    async def _users(self, request: Request, path: list[str]) -> Answer:
        if not path:
            return self._all_users(request)
        person = self._realm.directory.person(path[0])
        if person is None:
            raise Missing
        if request.method == "GET":
            return _seen(person, path[1:])
        return await self._user(request, person, path[1:])

    def _all_users(self, request: Request) -> Answer:
        if request.method == "POST":
            made = self._realm.directory.add_person(request.json())
            return _created(f"{self._root}/users/{made.id}")
        asked = request.query.get("username") or request.query.get("email", "")
        found = self._realm.directory.named(asked)
        return json_answer([_user(found)] if found else [])

    async def _user(self, request: Request, person: Person, path: list[str]) -> Answer:
        directory = self._realm.directory
        match request.method, path:
            case "PUT", []:
                directory.change_person(person, request.json())
            case "DELETE", []:
                directory.drop_person(person)
            case "PUT", ["reset-password"]:
                directory.set_password(person, str(request.json().get("value", "")))
            case "PUT", ["groups", group] if group == OPERATORS:
                directory.make_operator(person)
            case "POST", ["logout"]:
                for each in self._realm.sign_ons.of(person.id):
                    await self._logout.end(each.sid)
            case _:
                raise Missing
        return Answer(_GONE)


class Organisations:
    """``/organizations`` and below: members, groups, members of groups."""

    def __init__(self, directory: Directory, *, root: str) -> None:
        self._directory = directory
        self._root = f"{root}/organizations"

    def answer(self, request: Request, path: list[str]) -> Answer:
        if not path:
            return self._all(request)
        organisation = self._directory.organisation(path[0])
        if organisation is None:
            raise Missing
        match request.method, path[1:]:
            case "GET", []:
                return json_answer(_described(organisation))
            case "DELETE", []:
                self._directory.drop_organisation(organisation)
                return Answer(_GONE)
            case _, ["groups", *rest]:
                return self._groups(request, organisation, rest)
            case _, ["members", *rest]:
                return self._members(request, organisation, rest)
        raise Missing

    def _all(self, request: Request) -> Answer:
        if request.method == "POST":
            return _created(f"{self._root}/{self._directory.add_organisation(request.json()).id}")
        first, most = int(request.query.get("first", "0")), int(request.query.get("max", "100"))
        shown = self._directory.organisations()[first : first + most]
        return json_answer([_described(each) for each in shown])

    def _groups(self, request: Request, organisation: Organisation, path: list[str]) -> Answer:
        match request.method, path:
            case "GET", []:
                said = [_group(id_, name) for name, id_ in organisation.groups.items()]
                return json_answer(said)
            case "POST", []:
                id_ = self._directory.add_group(organisation, str(request.json().get("name", "")))
                return _created(f"{self._root}/{organisation.id}/groups/{id_}")
            case "GET", [id_, "members"]:
                names = [name for name, each in organisation.groups.items() if each == id_]
                held = [each for each, groups in organisation.members.items() if set(names) & set(groups)]
                return json_answer([_user(each) for each in self._people(held)])
            case "PUT" | "DELETE", [id_, "members", person]:
                return self._member_of(request, organisation, id_, person)
        raise Missing

    def _member_of(self, request: Request, organisation: Organisation, id_: str, person: str) -> Answer:
        names = [name for name, each in organisation.groups.items() if each == id_]
        if not names or person not in organisation.members:
            raise Missing
        held = frozenset(organisation.members[person])
        if request.method == "PUT" and names[0] in held:
            raise Taken(names[0])
        groups = held | {names[0]} if request.method == "PUT" else held - {names[0]}
        self._directory.set_groups(organisation, person, groups)
        return Answer(_GONE)

    def _members(self, request: Request, organisation: Organisation, path: list[str]) -> Answer:
        match request.method, path:
            case "POST", []:
                person = request.body.decode(errors="replace").strip().strip('"')
                self._directory.join(organisation, person)
                return _created(f"{self._root}/{organisation.id}/members/{person}")
            case "GET", []:
                return json_answer([_member(each) for each in self._found(request, organisation)])
            case "GET", [person] if person in organisation.members:
                return json_answer(next(_member(each) for each in self._people([person])))
            case "GET", [person, "groups"] if person in organisation.members:
                groups = organisation.members[person]
                return json_answer([_group(organisation.groups[name], name) for name in groups])
            case "DELETE", [person] if person in organisation.members:
                self._directory.leave(organisation, person)
                return Answer(_GONE)
        raise Missing

    def _found(self, request: Request, organisation: Organisation) -> list[Person]:
        """The members that a search finds in their names or address, by user name."""
        wanted = request.query.get("search", "").lower()
        first, most = int(request.query.get("first", "0")), int(request.query.get("max", "10"))
        fits = [
            each
            for each in self._people(organisation.members)
            if any(wanted in said.lower() for said in (each.username, each.email, each.first, each.last))
        ]
        return sorted(fits, key=lambda each: each.username)[first : first + most]

    def _people(self, ids: Iterable[str]) -> list[Person]:
        return [each for each in map(self._directory.person, ids) if each]


def _seen(person: Person, path: list[str]) -> Answer:
    """A person, or the groups of the realm that they are in."""
    match path:
        case []:
            return json_answer(_user(person))
        case ["groups"]:
            return json_answer([_group(OPERATORS, OPERATORS)] if person.operator else [])
    raise Missing


def _created(place: str) -> Answer:
    return Answer(201, b"", (("location", place),))


def _group(id_: str, name: str) -> dict[str, Any]:
    return {"id": id_, "name": name, "path": f"/{name}", "subGroups": []}


def _user(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "username": person.username,
        "firstName": person.first,
        "lastName": person.last,
        "email": person.email,
        "enabled": person.enabled,
    }


def _member(person: Person) -> dict[str, Any]:
    return {**_user(person), "membershipType": "UNMANAGED"}


def _described(organisation: Organisation) -> dict[str, Any]:
    domains = [{"name": each, "verified": True} for each in organisation.domains]
    return {
        "id": organisation.id,
        "alias": organisation.alias,
        "name": organisation.name,
        "enabled": True,
        "domains": domains,
    }
