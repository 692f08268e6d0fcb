"""The description of the model routes: YAML in, routes or a list of all its faults out.

routes:
  - name: my-model            # a-z 0-9 . _ -, unique; what callers write in "model"
    kind: chat                # chat | embedding | rerank | extractive
    engine: llamacpp          # llamacpp | vllm; not for extractive
    weights: my-model         # a name that inference.weights knows, or a path; may be left out when
                              # backends are given that somebody else starts
    languages: [sv, en]       # primary language subtags, or ["*"]
    context_length: 2048      # tokens a call may hold; not for extractive
    ceiling: internal         # the highest classification that may be sent there
    default: true             # at most one of a kind; without one, the first of the kind
    max_parallel: 4           # calls at the same time
    max_queue: 64             # calls that may wait, all tenants together
    backends: ["http://127.0.0.1:8631"]
    digest: sha256:...        # optional; of the weights
    title: {sv: ..., en: ...}
    description: {sv: ..., en: ...}
    options: {}               # of the kind: prefixes, control_tokens, pooling (embedding)
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TypeVar
from urllib.parse import urlsplit

import yaml

from inference.errors import CatalogueFaulty
from inference.models import Backend, Engine, Kind, ModelRoute

T = TypeVar("T")

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LANGUAGE = re.compile(r"[a-z]{2,3}|\*")
_CEILING = re.compile(r"[a-z][a-z-]{0,31}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_SHOWN_IN = frozenset({"sv", "en"})
_KEYS = frozenset(field.name for field in fields(ModelRoute))


class _Wrong(Exception):
    """A value is not what its key wants; the text says what that would be."""


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _Wrong("must be a text")
    return value.strip()


def _matching(pattern: re.Pattern[str]) -> Callable[[object], str]:
    def read(value: object) -> str:
        text = _text(value)
        if not pattern.fullmatch(text):
            raise _Wrong(f"must match {pattern.pattern}")
        return text

    return read


def _number(low: int, high: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise _Wrong(f"must be a whole number from {low} to {high}")
        return value

    return read


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _Wrong("must be true or false")
    return value


def _kind(value: object) -> Kind:
    if value not in list(Kind):
        raise _Wrong("must be one of " + ", ".join(Kind))
    return Kind(str(value))


def _engine(value: object) -> Engine:
    if value not in list(Engine):
        raise _Wrong("must be one of " + ", ".join(Engine))
    return Engine(str(value))


def _languages(value: object) -> frozenset[str]:
    if not isinstance(value, list) or not value:
        raise _Wrong('must be a list of languages, such as [sv, en] or ["*"]')
    return frozenset(_matching(_LANGUAGE)(entry) for entry in value)


def _shown(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict) or not value.keys() >= _SHOWN_IN:
        raise _Wrong("must give a text in each of " + ", ".join(sorted(_SHOWN_IN)))
    return {_text(language): _text(text) for language, text in value.items()}


def _options(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise _Wrong("must be a mapping")
    return value


def _url(value: object) -> str:
    text = _text(value).rstrip("/")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as odd:
        raise _Wrong("must be like http://127.0.0.1:8631") from odd
    if (
        parts.scheme != "http"
        or not parts.hostname
        or not port
        or text != f"http://{parts.netloc}"
        or "@" in text
    ):
        raise _Wrong("must be like http://127.0.0.1:8631")
    return text


def _urls(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _Wrong("must be a list of addresses")
    urls = tuple(_url(entry) for entry in value)
    if len(set(urls)) != len(urls):
        raise _Wrong("names an address twice")
    return urls


@dataclass(frozen=True, slots=True)
class _Entry:
    """One route of the text, with the list that its faults go to."""

    place: str
    values: Mapping[str, object]
    faults: list[str]

    def fault(self, text: str) -> None:
        self.faults.append(f"{self.place}: {text}")

    def needs(self, key: str, read: Callable[[object], T], fallback: T) -> T:
        if key not in self.values:
            self.fault(f"{key} is missing")
            return fallback
        return self.may(key, read, fallback)

    def may(self, key: str, read: Callable[[object], T], fallback: T) -> T:
        if key not in self.values:
            return fallback
        try:
            return read(self.values[key])
        except _Wrong as wrong:
            self.fault(f"{key} {wrong}")
            return fallback


def _served(entry: _Entry) -> tuple[Engine | None, str | None, int, tuple[Backend, ...]]:
    """What only a route with an engine has: engine, weights, context length, backends."""
    engine = entry.needs("engine", _engine, None)
    weights = entry.may("weights", _text, None)
    no_urls: tuple[str, ...] = ()
    urls = entry.may("backends", _urls, no_urls)
    if not {"weights", "backends"} & entry.values.keys():
        entry.fault("weights or backends is missing")
    context = entry.needs("context_length", _number(1, 16_777_216), 0)
    return engine, weights, context, tuple(Backend(url, engine) for url in urls if engine is not None)


def _unserved(entry: _Entry) -> tuple[None, None, int, tuple[Backend, ...]]:
    for key in ("engine", "weights", "context_length", "backends", "digest"):
        if key in entry.values:
            entry.fault(f"{key} has no meaning for an extractive route")
    return None, None, 0, ()


def _read_route(entry: _Entry) -> ModelRoute:
    for key in sorted(entry.values.keys() - _KEYS):
        entry.fault(f"{key} is not a key of a route")
    kind = entry.needs("kind", _kind, Kind.CHAT)
    read = _unserved if kind is Kind.EXTRACTIVE else _served
    engine, weights, context_length, backends = read(entry)
    return ModelRoute(
        name=entry.needs("name", _matching(_NAME), "?"),
        kind=kind,
        engine=engine,
        weights=weights,
        languages=entry.needs("languages", _languages, frozenset[str]()),
        context_length=context_length,
        ceiling=entry.needs("ceiling", _matching(_CEILING), "?"),
        title=entry.needs("title", _shown, {}),
        description=entry.needs("description", _shown, {}),
        max_parallel=entry.needs("max_parallel", _number(1, 65_536), 1),
        max_queue=entry.needs("max_queue", _number(0, 1_048_576), 0),
        default=entry.may("default", _flag, fallback=False),
        digest=entry.may("digest", _matching(_DIGEST), None),
        backends=backends,
        options=entry.may("options", _options, {}),
    )


def _clashes(routes: Iterable[ModelRoute]) -> Iterable[str]:
    routes = list(routes)
    names = Counter(route.name for route in routes if route.name != "?")
    yield from (f"the name {name} is taken twice" for name, count in names.items() if count > 1)
    defaults = Counter(route.kind for route in routes if route.default)
    yield from (f"more than one {kind} route is the default" for kind, count in defaults.items() if count > 1)


def _entries(text: str) -> list[object]:
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as broken:
        mark = getattr(broken, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise CatalogueFaulty([f"the text is not YAML{where}"]) from broken
    if (
        not isinstance(document, dict)
        or set(document) != {"routes"}
        or not isinstance(document["routes"], list)
    ):
        raise CatalogueFaulty(["the text must have the one key routes, with a list of routes"])
    entries: list[object] = document["routes"]
    if not entries:
        raise CatalogueFaulty(["the list of routes is empty"])
    return entries


def read_routes(text: str) -> list[ModelRoute]:
    """The routes that the YAML describes, in its order.

    Raises:
        CatalogueFaulty: with every fault of every route.
    """
    faults: list[str] = []
    routes: list[ModelRoute] = []
    for position, values in enumerate(_entries(text), 1):
        if not isinstance(values, dict):
            faults.append(f"route {position}: must be a mapping")
            continue
        named = values.get("name")
        place = f"route {named}" if isinstance(named, str) else f"route {position}"
        routes.append(_read_route(_Entry(place, {str(key): value for key, value in values.items()}, faults)))
    faults.extend(_clashes(routes))
    if faults:
        raise CatalogueFaulty(faults)
    return routes
