"""The commands that the launcher builds for each engine and machine."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from inference.engines import llamacpp, vllm
from inference.engines.errors import EngineMissing, GpuMissing
from inference.engines.machine import Build, Machine
from inference.models import Catalogue, Kind
from tests.inference.places import ROOT

PYTHON = Path("/models/bin/python")
CPU = Machine(cores=2, gpus=0, vllm=Build.CPU)
ONE_GPU = Machine(cores=16, gpus=1, vllm=Build.CUDA)
FOUR_GPUS = Machine(cores=64, gpus=4, vllm=Build.CUDA)


def lab(name):
    return Catalogue.from_yaml((ROOT / "deploy" / "models.lab.yaml").read_text()).route(name)


CHAT = lab("smollm2-135m")
E5 = lab("multilingual-e5-small")


def built(route, machine, model=Path("/weights")):
    return vllm.command(route, model, python=PYTHON, port=8641, machine=machine)


def common(route):
    return (
        *("--host", "127.0.0.1", "--port", "8641", "--served-model-name", route.name),
        *("--max-model-len", str(route.context_length), "--max-num-seqs", str(route.max_parallel)),
    )


DETAILS = "--enable-prompt-tokens-details"
QUIET = ("--no-enable-log-requests", "--disable-uvicorn-access-log", "--disable-fastapi-docs")
POOLING = ("--runner", "pooling", "--dtype", "bfloat16")


def test_on_a_cpu_chat_runs_eagerly_with_a_limit_for_its_cache():
    module = (str(PYTHON), "-m", "vllm.entrypoints.openai.api_server", "--model", "/weights")
    hardware = ("--enforce-eager", "--kv-cache-memory-bytes", str(256 * 2**20))

    assert built(CHAT, CPU) == (*module, *common(CHAT), DETAILS, *QUIET, *hardware)


def test_on_a_cpu_the_pooling_server_has_a_limit_too():
    module = (str(PYTHON), "-m", "vllm.entrypoints.openai.api_server", "--model", "/weights")
    hardware = ("--enforce-eager", "--kv-cache-memory-bytes", str(64 * 2**20))

    assert built(E5, CPU) == (*module, *common(E5), *POOLING, *QUIET, *hardware)


def test_on_one_gpu_chat_and_embeddings_share_its_memory():
    serve = ("/models/bin/vllm", "serve", "/weights")
    one = ("--tensor-parallel-size", "1", "--gpu-memory-utilization")

    assert built(CHAT, ONE_GPU) == (*serve, *common(CHAT), DETAILS, *QUIET, *one, "0.8")
    assert built(E5, ONE_GPU) == (*serve, *common(E5), *POOLING, *QUIET, *one, "0.1")


def test_on_four_gpus_chat_is_spread_over_all_and_embeddings_use_one():
    serve = ("/models/bin/vllm", "serve", "/weights")
    chat = ("--tensor-parallel-size", "4", "--gpu-memory-utilization", "0.8")
    embedding = ("--tensor-parallel-size", "1", "--gpu-memory-utilization", "0.1")

    assert built(CHAT, FOUR_GPUS) == (*serve, *common(CHAT), DETAILS, *QUIET, *chat)
    assert built(E5, FOUR_GPUS) == (*serve, *common(E5), *POOLING, *QUIET, *embedding)


def test_three_gpus_are_used_as_two():
    command = built(CHAT, replace(FOUR_GPUS, gpus=3))

    assert command[command.index("--tensor-parallel-size") + 1] == "2"


def test_the_cpu_build_stays_on_the_cpu_beside_a_gpu():
    assert built(CHAT, replace(CPU, gpus=2)) == built(CHAT, CPU)


def test_options_of_the_route_win():
    options = {"dtype": "float16", "tensor_parallel": 2, "gpu_memory": 0.5, "kv_cache_bytes": 10**9}
    route = replace(CHAT, options={**options, "arguments": ["--quantization", "fp8"]})

    command = built(route, FOUR_GPUS)

    assert command[-8:] == (
        *("--tensor-parallel-size", "2", "--gpu-memory-utilization", "0.5"),
        *("--kv-cache-memory-bytes", "1000000000", "--quantization", "fp8"),
    )
    assert command[command.index("--dtype") + 1] == "float16"


def test_the_cache_on_a_cpu_holds_whole_contexts_of_a_larger_model(tmp_path):
    config = {"num_hidden_layers": 28, "num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 128}
    (tmp_path / "config.json").write_text(json.dumps(config))
    route = replace(CHAT, context_length=8192, max_parallel=4)

    assert vllm.kv_cache_bytes(route, tmp_path) == 2 * 2 * 28 * 8 * 128 * 8192 * 4


def test_without_vllm_the_route_cannot_be_started():
    with pytest.raises(EngineMissing) as refusal:
        built(CHAT, replace(CPU, vllm=None))
    assert refusal.value.route == "smollm2-135m"


def test_the_cuda_build_without_a_gpu_cannot_be_started():
    with pytest.raises(GpuMissing):
        built(CHAT, replace(ONE_GPU, gpus=0))


def test_on_a_cpu_nothing_is_compiled_and_no_public_address_is_asked_for():
    environment = vllm.environment(Path("/data"), machine=CPU)

    assert environment["TORCHDYNAMO_DISABLE"] == "1"
    assert environment["VLLM_HOST_IP"] == "127.0.0.1"


def test_llamacpp_leaves_one_core_to_the_gateway():
    assert [llamacpp.threads_for(cores) for cores in (1, 2, 8)] == [1, 1, 7]


def test_llamacpp_serves_the_route_under_its_name():
    route = replace(CHAT, max_parallel=4)

    command = llamacpp.command(route, Path("/weights.gguf"), python=Path("/python"), port=8631, cores=4)

    assert command == (
        *("/python", "-m", "inference.engines.llamacpp", "--model", "/weights.gguf"),
        *("--alias", "smollm2-135m", "--kind", "chat", "--port", "8631"),
        *("--context", "2048", "--parallel", "4", "--threads", "3"),
    )


def test_llamacpp_reads_back_the_command_that_is_built_for_it():
    command = llamacpp.command(E5, Path("/e5.gguf"), python=Path("/python"), port=1, cores=2)

    serving = llamacpp._serving(command[3:])

    assert (serving.kind, serving.context, serving.parallel) == (Kind.EMBEDDING, 512, E5.max_parallel)
