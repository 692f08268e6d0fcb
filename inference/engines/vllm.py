"""The command and environment of a vLLM server: pure functions of the route and the machine."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from inference.engines.errors import EngineMissing, GpuMissing
from inference.engines.machine import Build, Machine
from inference.models import Kind, ModelRoute

HOST = "127.0.0.1"
MODULE = ("-m", "vllm.entrypoints.openai.api_server")  # the `vllm` command does not work in the CPU build
FLOOR = 256 * 2**20
POOLING_CACHE = 64 * 2**20
ENOUGH_SEQUENCES = 8


def command(route: ModelRoute, model: Path, *, python: Path, port: int, machine: Machine) -> tuple[str, ...]:
    """The command that serves the route's weights (a Hugging Face folder) on the port.

    The route's options may set ``dtype``, ``kv_cache_bytes``, ``tensor_parallel``, ``gpu_memory`` (a share of
    each GPU, 0 to 1) and ``arguments`` (a list that is handed on as it is).

    Raises:
        EngineMissing: no vLLM is installed.
        GpuMissing: the CUDA build is installed, and NVML finds no GPU.
    """
    build = _build(route, machine)
    serve = (str(python.with_name("vllm")), "serve", str(model))
    program = serve if build is Build.CUDA else (str(python), *MODULE, "--model", str(model))
    where = ("--host", HOST, "--port", str(port))
    return (*program, *where, *_model(route), *_hush(), *_hardware(route, model, machine), *_own(route))


def environment(cache: Path, *, machine: Machine) -> Mapping[str, str]:
    """What the server's process needs beside the sealed environment; `cache` is where it may write."""
    shared = {
        "VLLM_CACHE_ROOT": str(cache / "vllm"),
        "VLLM_CONFIG_ROOT": str(cache / "vllm-config"),
        "HF_HOME": str(cache / "huggingface"),
        "VLLM_HOST_IP": HOST,  # else it asks the routing table, towards a public address
        "VLLM_LOGGING_LEVEL": "WARNING",
    }
    if machine.vllm is Build.CUDA:
        return shared
    # Without dynamo the first request for logprobs is not the one that waits half a minute for a compiler.
    return shared | {
        "TORCHDYNAMO_DISABLE": "1",
        "VLLM_CPU_OMP_THREADS_BIND": "auto",
        "GLOO_SOCKET_IFNAME": "lo",
    }


def _build(route: ModelRoute, machine: Machine) -> Build:
    if machine.vllm is None:
        raise EngineMissing(route.name)
    if machine.vllm is Build.CUDA and machine.gpus == 0:
        raise GpuMissing(route.name)
    return machine.vllm


def _model(route: ModelRoute) -> Iterator[str]:
    yield from ("--served-model-name", route.name)
    yield from ("--max-model-len", str(route.context_length), "--max-num-seqs", str(route.max_parallel))
    if route.kind is Kind.CHAT:
        yield "--enable-prompt-tokens-details"  # shows that no tenant's prompt warms another's cache
    else:
        yield from ("--runner", "pooling")
    if "dtype" in route.options or route.kind is not Kind.CHAT:
        yield from ("--dtype", str(route.options.get("dtype", "bfloat16")))


def _hush() -> tuple[str, ...]:
    return ("--no-enable-log-requests", "--disable-uvicorn-access-log", "--disable-fastapi-docs")


def _hardware(route: ModelRoute, model: Path, machine: Machine) -> tuple[str, ...]:
    if machine.vllm is Build.CPU:
        # Without a limit of its own each server takes nearly all memory, and the second one dies.
        return ("--enforce-eager", "--kv-cache-memory-bytes", str(kv_cache_bytes(route, model)))
    span = route.options.get("tensor_parallel", _span(route, machine))
    share = route.options.get("gpu_memory", _share(route))
    limit = route.options.get("kv_cache_bytes")
    cache = ("--kv-cache-memory-bytes", str(limit)) if limit else ()
    return ("--tensor-parallel-size", str(span), "--gpu-memory-utilization", str(share), *cache)


def _own(route: ModelRoute) -> tuple[str, ...]:
    arguments = route.options.get("arguments", ())
    return tuple(str(argument) for argument in arguments) if isinstance(arguments, list | tuple) else ()


def _span(route: ModelRoute, machine: Machine) -> int:
    # Heads divide by powers of two. An embedding model is small: one GPU will do.
    return 2 ** (machine.gpus.bit_length() - 1) if route.kind is Kind.CHAT else 1


def _share(route: ModelRoute) -> float:
    return 0.8 if route.kind is Kind.CHAT else 0.1


def kv_cache_bytes(route: ModelRoute, model: Path) -> int:
    """Memory for keys and values on a CPU: whole contexts for 8 calls, at least 256 MiB; an option wins.

    Two bytes a number; the model's ``config.json`` says how many numbers a token leaves.
    """
    if "kv_cache_bytes" in route.options:
        return int(str(route.options["kv_cache_bytes"]))
    if route.kind is not Kind.CHAT:
        return POOLING_CACHE
    sequences = min(route.max_parallel, ENOUGH_SEQUENCES)
    return max(FLOOR, _bytes_per_token(model / "config.json") * route.context_length * sequences)


def _bytes_per_token(config: Path) -> int:
    told = json.loads(config.read_text(encoding="utf-8")) if config.is_file() else {}
    layers, heads = told.get("num_hidden_layers", 0), told.get("num_attention_heads", 1)
    width = told.get("head_dim") or told.get("hidden_size", 0) // heads
    return int(2 * 2 * layers * told.get("num_key_value_heads", heads) * width)
