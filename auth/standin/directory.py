"""Who exists: people, organisations and their groups, kept in one JSON file."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from auth.identity import NotATenant, TenantId
from auth.standin.passwords import hashed

PASSWORD_LENGTH: Final = 12


class Taken(Exception):
    """The name, alias or domain is someone else's, or the person is there already."""


class Refused(Exception):
    """What was asked for can't be made."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who can log in."""

    id: str
    username: str
    first: str = ""
    last: str = ""
    email: str = ""
    enabled: bool = True
    password: str = ""
    operator: bool = False

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}".strip()


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation: ``groups`` is id by name, ``members`` the names of a person's groups by their id."""

    id: str
    alias: str
    name: str
    domains: tuple[str, ...] = ()
    groups: dict[str, str] = field(default_factory=dict)
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)


class Directory:
    """The people and organisations of the realm; every change is on disk before it is answered."""

    def __init__(self, file: Path, *, new_id: Callable[[], str], entropy: Callable[[int], bytes]) -> None:
        self._file = file
        self._new_id = new_id
        self._entropy = entropy
        said = json.loads(file.read_text()) if file.exists() else {}
        self._people = {each["id"]: Person(**each) for each in said.get("people", ())}
        self._organisations = {each["id"]: _organisation(each) for each in said.get("organisations", ())}

    def person(self, id_: str) -> Person | None:
        return self._people.get(id_)

    def named(self, username: str) -> Person | None:
        """The person of that user name or e-mail address, whatever its case."""
        wanted = username.strip().lower()
        return next((each for each in self._people.values() if wanted in {each.username, each.email}), None)

    def organisation(self, id_: str) -> Organisation | None:
        return self._organisations.get(id_)

    def organisations(self) -> list[Organisation]:
        return sorted(self._organisations.values(), key=lambda each: each.alias)

    def of(self, person: Person) -> dict[str, Organisation]:
        """The organisations of a person, by alias."""
        return {each.alias: each for each in self.organisations() if person.id in each.members}

    def add_person(self, said: dict[str, Any]) -> Person:
        """A new person.

        Raises:
            Refused: without a user name.
            Taken: with someone else's.
        """
        username = str(said.get("username", "")).strip().lower()
        if not username:
            raise Refused("username")
        if self.named(username) is not None:
            raise Taken(username)
        return self._keep_person(_described(Person(self._new_id(), username), said))

    def change_person(self, person: Person, said: dict[str, Any]) -> None:
        self._keep_person(_described(person, said))

    def set_password(self, person: Person, password: str) -> None:
        """A new password for someone.

        Raises:
            Refused: too short, or their own name (the realm's ``passwordPolicy``).
        """
        if len(password) < PASSWORD_LENGTH or password.lower() in {person.username, person.email}:
            raise Refused("password")
        self._keep_person(replace(person, password=hashed(password, entropy=self._entropy)))

    def make_operator(self, person: Person) -> None:
        self._keep_person(replace(person, operator=True))

    def drop_person(self, person: Person) -> None:
        for each in self.of(person).values():
            self.leave(each, person.id)
        del self._people[person.id]
        self._write()

    def add_organisation(self, said: dict[str, Any]) -> Organisation:
        """A new organisation.

        Raises:
            Refused: the alias is none.
            Taken: alias or name is another's.
        """
        alias, name = str(said.get("alias", "")), str(said.get("name", ""))
        try:
            TenantId(alias)
        except NotATenant as fault:
            raise Refused("alias") from fault
        if any(each.alias == alias or each.name == name for each in self._organisations.values()):
            raise Taken(alias)
        domains = tuple(str(each.get("name", "")) for each in said.get("domains", ()))
        return self._keep(Organisation(self._new_id(), alias, name, domains))

    def drop_organisation(self, organisation: Organisation) -> None:
        del self._organisations[organisation.id]
        self._write()

    def add_group(self, organisation: Organisation, name: str) -> str:
        """A new group's id.

        Raises:
            Taken: the organisation has a group of that name.
        """
        if name in organisation.groups:
            raise Taken(name)
        id_ = self._new_id()
        self._keep(replace(organisation, groups={**organisation.groups, name: id_}))
        return id_

    def join(self, organisation: Organisation, person: str) -> None:
        """Make the person a member.

        Raises:
            Refused: there is no such person.
            Taken: a member already.
        """
        if person not in self._people:
            raise Refused(person)
        if person in organisation.members:
            raise Taken(person)
        self._keep(replace(organisation, members={**organisation.members, person: ()}))

    def leave(self, organisation: Organisation, person: str) -> None:
        kept = {each: groups for each, groups in organisation.members.items() if each != person}
        self._keep(replace(organisation, members=kept))

    def set_groups(self, organisation: Organisation, person: str, groups: frozenset[str]) -> None:
        members = {**organisation.members, person: tuple(sorted(groups))}
        self._keep(replace(organisation, members=members))

    def _keep(self, organisation: Organisation) -> Organisation:
        self._organisations[organisation.id] = organisation
        self._write()
        return organisation

    def _keep_person(self, person: Person) -> Person:
        self._people[person.id] = person
        self._write()
        return person

    def _write(self) -> None:
        said = {
            "people": [asdict(each) for each in self._people.values()],
            "organisations": [asdict(each) for each in self._organisations.values()],
        }
        write_private(self._file, json.dumps(said, ensure_ascii=False, indent=1).encode())


def write_private(file: Path, content: bytes) -> None:
    """Replace a file whole or not at all; only its owner can read it."""
    beside = file.with_name(file.name + ".new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    beside.replace(file)


def _described(person: Person, said: dict[str, Any]) -> Person:
    return replace(
        person,
        first=str(said.get("firstName", person.first)),
        last=str(said.get("lastName", person.last)),
        email=str(said.get("email", person.email)).lower(),
        enabled=said.get("enabled", person.enabled) is True,
    )


def _organisation(said: dict[str, Any]) -> Organisation:
    members = {person: tuple(groups) for person, groups in said["members"].items()}
    return Organisation(
        said["id"], said["alias"], said["name"], tuple(said["domains"]), dict(said["groups"]), members
    )
