"""Which organisations a token names: Keycloak's rules for the scope ``organization``, and nothing else."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

_ONE: Final = "organization"
_ALL: Final = "organization:*"
_NAMED: Final = "organization:"


class InvalidScope(Exception):
    """The client may not ask for this, or the words contradict each other."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for: other scopes, and which organisations (``ask`` is None where none were)."""

    others: tuple[str, ...]
    ask: str | None
    named: tuple[str, ...] = ()

    @property
    def may_choose(self) -> bool:
        """Whether a person in several organisations is asked which one they mean."""
        return self.ask == _ONE


@dataclass(frozen=True, slots=True)
class Granted:
    """What is given: the scope, and the aliases that the claim names (None: there is no claim)."""

    scope: str
    aliases: tuple[str, ...] | None


def wish(scope: str, *, known: Collection[str], always: Collection[str], aliases: Collection[str]) -> Wish:
    """The scope text, understood.

    ``known`` are the client's scopes, ``always`` those that it gets unasked, ``aliases`` all there are.

    Raises:
        InvalidScope.
    """
    words = tuple(dict.fromkeys(scope.split()))
    asked = tuple(word for word in words if word == _ONE or word.startswith(_NAMED))
    others = tuple(word for word in words if word not in asked)
    if not set(others) <= {"openid", *known} or (asked and _ONE not in known):
        raise InvalidScope(scope)
    others = tuple(dict.fromkeys((*others, *always)))
    if not asked:
        return Wish(others, None)
    if len({_kind(word) for word in asked}) > 1:
        raise InvalidScope(scope)
    if _kind(asked[0]) != _NAMED:
        return Wish(others, asked[0])
    named = tuple(word.removeprefix(_NAMED) for word in asked)
    if not set(named) <= set(aliases):
        raise InvalidScope(scope)
    return Wish(others, _NAMED, named)


def _kind(word: str) -> str:
    return word if word in {_ONE, _ALL} else _NAMED


def grant(wished: Wish, *, member_of: Collection[str], chosen: str = "") -> Granted:
    """What a person who is member of these gets; ``chosen`` is what they chose when they were asked."""
    if wished.ask is None:
        return Granted(" ".join(wished.others), None)
    if wished.ask == _NAMED:
        held = tuple(alias for alias in wished.named if alias in member_of)
        words = (*wished.others, *(f"{_NAMED}{alias}" for alias in held))
        return Granted(" ".join(words), held or None)
    words = (*wished.others, wished.ask)
    return Granted(" ".join(words), _held(wished, member_of, chosen))


def _held(wished: Wish, member_of: Collection[str], chosen: str) -> tuple[str, ...]:
    if wished.ask == _ALL or len(member_of) == 1:
        return tuple(member_of)
    return (chosen,) if chosen in member_of else ()
