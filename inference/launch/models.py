"""From the model routes to the processes that serve them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import inference
from inference import sealed
from inference.engines import llamacpp, vllm
from inference.engines.errors import EngineMissing
from inference.engines.machine import Machine
from inference.launch.parts import Part
from inference.launch.probes import answers
from inference.models import Backend, Engine, ModelRoute
from inference.weights.prepare import Prepared

LOOPBACK = ("127.0.0.1", "localhost")
PATIENCE = {Engine.LLAMACPP: 60.0, Engine.VLLM: 600.0}
GRACE = {Engine.LLAMACPP: 5.0, Engine.VLLM: 20.0}


@dataclass(frozen=True, slots=True)
class Site:
    """Where model servers are started.

    Attributes:
        python: the interpreter of Valv's own environment, which runs llama.cpp.
        model_python: the interpreter of the model environment, which runs vLLM; ``None`` if there is none.
        data: the data folder; logs go to ``logs/`` in it, caches of the engines to ``engines/``.
        environment: what every child gets (``PATH``, ``HOME``, ``LANG``); nothing else is inherited.
    """

    python: Path
    model_python: Path | None
    machine: Machine
    data: Path
    environment: Mapping[str, str]


def model_parts(
    routes: Iterable[ModelRoute], prepared: Mapping[str, Prepared], site: Site
) -> tuple[Part, ...]:
    """One part for each backend on this machine; `prepared` has each route's weights by the route's name.

    Routes without an engine, and backends on other machines, have none.

    Raises:
        EngineMissing, GpuMissing: a route's engine can not run here.
    """
    return tuple(
        _part(route, backend, prepared[route.name].path, site)
        for route in routes
        for backend in route.backends
        if urlsplit(backend.url).hostname in LOOPBACK
    )


def served_here(routes: Iterable[ModelRoute]) -> tuple[ModelRoute, ...]:
    """The routes that have a backend on this machine, whose weights are therefore needed."""
    here = (r for r in routes if any(urlsplit(b.url).hostname in LOOPBACK for b in r.backends))
    return tuple(here)


def _part(route: ModelRoute, backend: Backend, model: Path, site: Site) -> Part:
    port = urlsplit(backend.url).port or 80
    command, more = _engine(route, backend.engine, model, site, port=port)
    name = route.name if len(route.backends) == 1 else f"{route.name}-{port}"
    return Part(
        name=name,
        argv=command,
        env=sealed.environment(site.environment, more),
        ready=answers(f"{backend.url}/health"),
        log=site.data / "logs" / f"{name}.log",
        port=port,
        patience=PATIENCE[backend.engine],
        grace=GRACE[backend.engine],
    )


def _engine(
    route: ModelRoute, engine: Engine, model: Path, site: Site, *, port: int
) -> tuple[tuple[str, ...], Mapping[str, str]]:
    if engine is Engine.LLAMACPP:
        command = llamacpp.command(route, model, python=site.python, port=port, cores=site.machine.cores)
        return command, llamacpp.environment(Path(inference.__file__).parents[1])
    if site.model_python is None:
        raise EngineMissing(route.name)
    command = vllm.command(route, model, python=site.model_python, port=port, machine=site.machine)
    return command, vllm.environment(site.data / "engines", machine=site.machine)
