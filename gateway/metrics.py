"""What operators may see: figures per organisation and model, and the ledger's health; no people."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from auth.identity import Principal
from gateway.calls import Call
from inference.upstream import Load

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


@dataclass(frozen=True, slots=True)
class _Figures:
    """What a call of one organisation and model that ends in one way moves."""

    calls: Callable[[], None]
    seconds: Callable[[float], None]
    first: Callable[[float], None]
    read: Callable[[float], None]
    written: Callable[[float], None]


class Count(Protocol):
    """Counts a call of a model for the organisation itself to see."""

    def __call__(self, who: Principal, *, model: str, ending: str, read: int, written: int) -> None: ...


class Metrics:
    """One registry; names follow the Prometheus conventions (base units, ``_total``)."""

    def __init__(self, count: Count) -> None:
        """``count`` is told of every call of a model that has ended."""
        self._count = count
        self.registry = CollectorRegistry()
        # Looking a figure up by its labels costs more than moving it: each is looked up once.
        self._answers: dict[tuple[str, int], Callable[[], None]] = {}
        self._endings: dict[tuple[str, str, str], _Figures] = {}
        self._calls = Counter(
            "valv_calls",
            "Model calls by how they ended.",
            ("tenant", "model", "outcome"),
            registry=self.registry,
        )
        self._requests = Counter(
            "valv_http_requests",
            "HTTP answers by surface and status class.",
            ("surface", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "valv_call_seconds",
            "From the request to the end of the answer.",
            ("model",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._first = Histogram(
            "valv_first_token_seconds",
            "From the request to the first piece of a streamed answer.",
            ("model",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._tokens = Counter(
            "valv_tokens",
            "Tokens read (prompt) and written (completion).",
            ("tenant", "model", "direction"),
            registry=self.registry,
        )
        self.retrieval = Histogram(
            "valv_retrieval_seconds",
            "Time to find passages.",
            ("tenant",),
            buckets=_SECONDS,
            registry=self.registry,
        )

    def observe(self, call: Call) -> None:
        """Count a request that has ended."""
        status = call.problem.status if call.problem is not None else 200
        surface = call.route.partition(" /")[2].partition("/")[0]
        surface = surface if surface in {"v1", "api", "auth"} else "web"
        place = (surface, status // 100)
        count = self._answers.get(place)
        if count is None:
            count = self._answers[place] = self._requests.labels(surface, f"{place[1]}xx").inc
        count()
        self.observe_model_call(call)

    def observe_model_call(self, call: Call) -> None:
        """Count a call of a model that has ended, if it is one."""
        if not call.model or not isinstance(call.who, Principal):
            return
        ending = _ending(call)
        self._count(call.who, model=call.model, ending=ending, read=call.tokens_in, written=call.tokens_out)
        place = (call.who.tenant.alias, call.model, ending)
        count = self._endings.get(place)
        if count is None:
            count = self._endings[place] = self._of(*place)
        count.calls()
        count.seconds((time.monotonic_ns() - call.began_ns) / 1e9)
        if call.first_ns is not None:
            count.first((call.first_ns - call.began_ns) / 1e9)
        if call.tokens_in:
            count.read(call.tokens_in)
        if call.tokens_out:
            count.written(call.tokens_out)

    def _of(self, tenant: str, model: str, ending: str) -> "_Figures":
        return _Figures(
            self._calls.labels(tenant, model, ending).inc,
            self._seconds.labels(model).observe,
            self._first.labels(model).observe,
            self._tokens.labels(tenant, model, "prompt").inc,
            self._tokens.labels(tenant, model, "completion").inc,
        )

    def follow(self, name: str, text: str, read: Callable[[], float]) -> None:
        """A gauge whose value is read when it is scraped."""
        Gauge(name, text, registry=self.registry).set_function(read)

    def follow_models(
        self, name: str, text: str, loads: Mapping[str, Callable[[], Load]], figure: Callable[[Load], int]
    ) -> None:
        """A gauge a model, read when it is scraped."""
        gauge = Gauge(name, text, ("model",), registry=self.registry)
        for model, load in loads.items():
            gauge.labels(model).set_function(partial(_figure, load, figure))

    def serve(self, host: str, port: int) -> Callable[[], None]:
        """Answer on a port of its own; returns what stops it."""
        server, thread = start_http_server(port, host, registry=self.registry)

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return stop


def _figure(load: Callable[[], Load], figure: Callable[[Load], int]) -> float:
    return float(figure(load()))


def _ending(call: Call) -> str:
    if call.gone:
        return "client_aborted"
    if call.problem is None:
        return "ok"
    return "failed" if call.problem.status >= 500 else "blocked"
