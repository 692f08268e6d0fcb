"""The model routes: what can be asked, in which languages, and who answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from inference.errors import NoModelOfKind, UnknownModel

ANY_LANGUAGE = "*"


class Kind(StrEnum):
    """What a route is asked for."""

    CHAT = "chat"
    EMBEDDING = "embedding"
    RERANK = "rerank"
    EXTRACTIVE = "extractive"


class Engine(StrEnum):
    """What serves the weights."""

    VLLM = "vllm"
    LLAMACPP = "llamacpp"


@dataclass(frozen=True, slots=True)
class Backend:
    """One server of a route, at ``http://host:port`` without a path."""

    url: str
    engine: Engine


@dataclass(frozen=True, slots=True)
class ModelRoute:
    """One thing that can be asked, by its public name.

    Attributes:
        name: what callers write in ``model``; the engine serves the weights under the same name.
        engine: what serves it; ``None`` for a route that generates nothing.
        weights: the weights by name or path, as ``inference.weights`` knows them.
        languages: primary language subtags (``sv``) that the model writes; ``*`` for any.
        context_length: tokens of prompt and answer together; 0 where nothing is generated.
        ceiling: the highest classification of information that may be sent there.
        digest: ``sha256:<hex>`` of the weights, where known.
        title: the name that people see, by language.
        description: what it is good for and what not, by language.
        default: whether it is taken when the caller names none of the kind.
        max_parallel: calls in flight at the same time.
        max_queue: calls that may wait for a turn.
        options: what only this kind, or this engine, knows.
    """

    name: str
    kind: Kind
    engine: Engine | None
    weights: str | None
    languages: frozenset[str]
    context_length: int
    ceiling: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    max_parallel: int
    max_queue: int
    default: bool = False
    digest: str | None = None
    backends: tuple[Backend, ...] = ()
    options: Mapping[str, object] = field(default_factory=dict)

    def writes(self, language: str) -> bool:
        """Whether the model writes the language (``sv`` or ``sv-SE``)."""
        return ANY_LANGUAGE in self.languages or language.partition("-")[0].lower() in self.languages


class Catalogue:
    """The routes of an installation, each under one name; read once, then fixed."""

    __slots__ = ("_routes",)

    def __init__(self, routes: Iterable[ModelRoute]) -> None:
        self._routes = {route.name: route for route in routes}

    @classmethod
    def from_yaml(cls, text: str) -> Self:
        """Read ``deploy/models.yaml``; ``inference.descriptions`` describes its keys.

        Raises:
            CatalogueFaulty: with every fault of the text, not only the first.
        """
        from inference.descriptions import read_routes

        return cls(read_routes(text))

    @property
    def routes(self) -> tuple[ModelRoute, ...]:
        """Every route, in the order of the description."""
        return tuple(self._routes.values())

    def route(self, name: str) -> ModelRoute:
        """The route of that name.

        Raises:
            UnknownModel: there is none.
        """
        found = self._routes.get(name)
        if found is None:
            raise UnknownModel(name)
        return found

    def of_kind(self, kind: Kind) -> tuple[ModelRoute, ...]:
        """The routes of a kind, the default one first."""
        found = (route for route in self._routes.values() if route.kind is kind)
        return tuple(sorted(found, key=lambda route: not route.default))

    def default(self, kind: Kind) -> ModelRoute:
        """The route that is taken when none is named: the one marked so, else the first of its kind.

        Raises:
            NoModelOfKind: there is no route of the kind.
        """
        for route in self.of_kind(kind):
            return route
        raise NoModelOfKind(kind)

    def with_backends(self, backends: Mapping[str, Iterable[Backend]]) -> Self:
        """The same routes, where those named answer from other servers.

        Raises:
            UnknownModel: a name is no route.
        """
        moved = dict(self._routes)
        for name, servers in backends.items():
            moved[name] = replace(self.route(name), backends=tuple(servers))
        return type(self)(moved.values())

    def with_digests(self, digests: Mapping[str, str]) -> Self:
        """The same routes, where those named carry the digest of their weights.

        Raises:
            UnknownModel: a name is no route.
        """
        marked = dict(self._routes)
        for name, digest in digests.items():
            marked[name] = replace(self.route(name), digest=digest)
        return type(self)(marked.values())
