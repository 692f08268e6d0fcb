"""llama.cpp as a server process of its own: ``python -m inference.engines.llamacpp --model FILE …``.

It listens on loopback only, shows no page, keeps nothing of a prompt after its answer, and ends on SIGTERM.
"""

import argparse
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from inference.models import Kind, ModelRoute

HOST = "127.0.0.1"
WARNINGS = 2  # of llama.cpp's levels; the next one writes four lines for each call


@dataclass(frozen=True, slots=True)
class Serving:
    """What one server process serves, and with what.

    Attributes:
        context: tokens of one call, prompt and answer together.
        parallel: calls at the same time; each has its own slot of `context` tokens.
    """

    model: Path
    alias: str
    port: int
    context: int
    parallel: int
    threads: int
    kind: Kind


def threads_for(cores: int) -> int:
    """All cores but one, which the gateway keeps."""
    return max(1, cores - 1)


def command(route: ModelRoute, model: Path, *, python: Path, port: int, cores: int) -> tuple[str, ...]:
    """The command that serves the route's GGUF file on the port."""
    numbers = {
        "--port": port,
        "--context": route.context_length,
        "--parallel": route.max_parallel,
        "--threads": route.options.get("threads", threads_for(cores)),
    }
    return (
        *(str(python), "-m", "inference.engines.llamacpp"),
        *("--model", str(model), "--alias", route.name, "--kind", route.kind.value),
        *(text for name, number in numbers.items() for text in (name, str(number))),
    )


def environment(packages: Path) -> Mapping[str, str]:
    """What the server's process needs beside the sealed environment: the folder that holds this package."""
    return {"PYTHONPATH": str(packages)}


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until SIGTERM or SIGINT."""
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(
        signal.SIG_BLOCK, ends
    )  # before any thread exists, so that sigwait alone sees them
    server = serve(_serving(arguments))
    signal.sigwait(ends)
    del server


def serve(serving: Serving) -> object:
    """Load the weights and answer on the port; the server ends when what is returned is let go."""
    import xllamacpp

    wanted = xllamacpp.CommonParams()
    wanted.model.path = str(serving.model)
    wanted.model_alias = {serving.alias}
    wanted.hostnames = [HOST]
    wanted.port = serving.port
    wanted.n_parallel = serving.parallel
    wanted.n_ctx = serving.context * serving.parallel
    wanted.cpuparams.n_threads = serving.threads
    wanted.cpuparams_batch.n_threads = serving.threads
    wanted.endpoint_metrics = True
    wanted.offline = True
    wanted.verbosity = WARNINGS
    wanted.ui = False
    _forget_prompts(wanted)
    if serving.kind is Kind.EMBEDDING:
        _pool_mean(wanted, xllamacpp, context=serving.context)
    return xllamacpp.Server(wanted)


def _forget_prompts(wanted: object) -> None:
    # One server answers every tenant: what one prompt left in a cache must not show in another's timing.
    settings = {
        "cache_prompt": False,
        "cache_ram_mib": 0,
        "cache_idle_slots": False,
        "endpoint_slots": False,
        "endpoint_props": False,
        "cors_origins": "",
    }
    for name, value in settings.items():
        setattr(wanted, name, value)


def _pool_mean(wanted: object, library: object, *, context: int) -> None:
    kinds = library.llama_pooling_type  # type: ignore[attr-defined]  # the library has no types
    settings = {
        "embedding": True,
        "pooling_type": kinds.LLAMA_POOLING_TYPE_MEAN,
        "n_batch": context,
        "n_ubatch": context,  # an encoder sees a text in one piece or not at all
    }
    for name, value in settings.items():
        setattr(wanted, name, value)


def _serving(arguments: Sequence[str] | None) -> Serving:
    parser = argparse.ArgumentParser(prog="python -m inference.engines.llamacpp", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="a GGUF file")
    parser.add_argument("--alias", required=True, help="the name that callers write in `model`")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--kind", type=Kind, choices=[Kind.CHAT, Kind.EMBEDDING], default=Kind.CHAT)
    parser.add_argument("--context", type=int, default=2048, help="tokens of one call")
    parser.add_argument("--parallel", type=int, default=1, help="calls at the same time")
    parser.add_argument("--threads", type=int, default=threads_for(os.cpu_count() or 1))
    return Serving(**vars(parser.parse_args(arguments)))


if __name__ == "__main__":
    main()
