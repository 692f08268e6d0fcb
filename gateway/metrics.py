"""What operators may see: figures per organisation and model, and the ledger's health; no people."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, Protocol

from prometheus_client import CollectorRegistry, Gauge, Histogram, start_http_server

from auth.identity import Principal
from gateway.calls import Call
from gateway.tallies import SECONDS, Seconds, Tally
from inference.upstream import Load

_SURFACES: Final = frozenset({"v1", "api", "auth"})
_CLASSES: Final = ("0xx", "1xx", "2xx", "3xx", "4xx", "5xx")


class Count(Protocol):
    """Counts a call of a model for the organisation itself to see."""

    def __call__(self, who: Principal, *, model: str, ending: str, read: int, written: int) -> None: ...


class Metrics:
    """One registry; names follow the Prometheus conventions (base units, ``_total``)."""

    def __init__(self, count: Count) -> None:
        """``count`` is told of every call of a model that has ended."""
        self._count = count
        self.registry = CollectorRegistry()
        self._calls = Tally("valv_calls", "Model calls by how they ended.", ("tenant", "model", "outcome"))
        self._requests = Tally(
            "valv_http_requests", "HTTP answers by surface and status class.", ("surface", "status")
        )
        self._tokens = Tally(
            "valv_tokens",
            "Tokens read (prompt) and written (completion).",
            ("tenant", "model", "direction"),
        )
        self._seconds = Seconds("valv_call_seconds", "From the request to the end of the answer.", "model")
        self._first = Seconds(
            "valv_first_token_seconds",
            "From the request to the first piece of a streamed answer.",
            "model",
        )
        for counted in (self._calls, self._requests, self._tokens, self._seconds, self._first):
            self.registry.register(counted)
        self.retrieval = Histogram(
            "valv_retrieval_seconds",
            "Time to find passages.",
            ("tenant",),
            buckets=SECONDS,
            registry=self.registry,
        )

    def observe(self, call: Call) -> None:
        """Count a request that has ended."""
        status = call.problem.status if call.problem is not None else 200
        surface = call.route.partition(" /")[2].partition("/")[0]
        self._requests.add((surface if surface in _SURFACES else "web", _CLASSES[status // 100]))
        self.observe_model_call(call)

    def observe_model_call(self, call: Call) -> None:
        """Count a call of a model that has ended, if it is one."""
        who, model = call.who, call.model
        if not model or not isinstance(who, Principal):
            return
        tenant, ending = who.tenant.alias, _ending(call)
        self._count(who, model=model, ending=ending, read=call.tokens_in, written=call.tokens_out)
        self._calls.add((tenant, model, ending))
        self._seconds.add(model, (time.monotonic_ns() - call.began_ns) / 1e9)
        if call.first_ns is not None:
            self._first.add(model, (call.first_ns - call.began_ns) / 1e9)
        if call.tokens_in:
            self._tokens.add((tenant, model, "prompt"), call.tokens_in)
        if call.tokens_out:
            self._tokens.add((tenant, model, "completion"), call.tokens_out)

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
