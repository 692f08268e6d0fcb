"""vLLM for real: its CPU build serves chat and embeddings from weights that we made."""

import json
import subprocess
from dataclasses import replace

import numpy as np
import pytest

from inference import sealed
from inference.engines import vllm
from inference.engines.machine import Build, Machine
from tests.inference.asking import SWEDISH, post, stream, text_of, vectors
from tests.inference.bert import Bert
from tests.inference.places import model_python
from tests.inference.test_launch_models import LAB

CHAT, E5 = "smollm2-135m", "multilingual-e5-small"


@pytest.mark.anyio
@pytest.mark.full
@pytest.mark.timeout(600)
async def test_vllm_chats_streams_isolates_and_embeds(vllm_engines):
    chat, e5 = (vllm_engines.catalogue.route(name).backends[0].url for name in (CHAT, E5))

    events = await stream(f"{chat}/v1/chat/completions", **_question("What is the capital of Sweden?"))
    cached = [await _cached_tokens(chat, salt) for salt in ("one", "one", "two")]
    embedded = await vectors(e5, E5, SWEDISH)

    assert "Stockholm" in text_of(events)
    assert json.loads(events[-2])["usage"]["completion_tokens"] > 0
    assert events[-1] == "[DONE]"
    assert [tokens > 0 for tokens in cached] == [False, True, False]
    yardstick = Bert(vllm_engines.prepared[E5].path)
    cosines = (embedded * np.array([yardstick.embed(text) for text in SWEDISH])).sum(axis=1)
    assert cosines.min() >= 0.999  # bfloat16 has 8 bits of fraction


def _question(text):
    return {
        "model": CHAT,
        "messages": [{"role": "user", "content": text}],
        "max_tokens": 12,
        "temperature": 0,
        "stream_options": {"include_usage": True},
    }


async def _cached_tokens(chat, salt):
    question = _question("Sweden has many lakes and forests. " * 60) | {"max_tokens": 1, "cache_salt": salt}
    del question["stream_options"]
    answer = await post(f"{chat}/v1/chat/completions", **question)
    return (answer["usage"]["prompt_tokens_details"] or {}).get("cached_tokens") or 0


PARSE = """
import json, sys
from vllm.entrypoints.launchers.cli_args import make_arg_parser, validate_parsed_serve_args
from vllm.utils.argparse_utils import FlexibleArgumentParser
names = ("model_tag", "tensor_parallel_size", "gpu_memory_utilization", "runner", "kv_cache_memory_bytes")
for arguments in json.loads(sys.argv[1]):
    told = make_arg_parser(FlexibleArgumentParser()).parse_args(arguments)
    validate_parsed_serve_args(told)
    print(json.dumps([getattr(told, name) for name in names]))
"""


@pytest.mark.full
@pytest.mark.timeout(600)
def test_vllms_own_parser_takes_the_commands_for_four_gpus(tmp_path):
    python = model_python()
    machine = Machine(cores=64, gpus=4, vllm=Build.CUDA)
    routes = [replace(LAB.route(name), options={"kv_cache_bytes": 10**9}) for name in (CHAT, E5)]
    commands = [vllm.command(r, tmp_path, python=python, port=8641, machine=machine)[2:] for r in routes]
    surroundings = sealed.environment({"PATH": "/bin"}, vllm.environment(tmp_path, machine=machine))

    told = subprocess.run(
        [python, "-c", PARSE, json.dumps(commands)], env=surroundings, capture_output=True, check=True
    )

    chat, e5 = (json.loads(line) for line in told.stdout.splitlines()[-2:])
    assert chat == [str(tmp_path), 4, 0.8, "auto", 10**9]
    assert e5 == [str(tmp_path), 1, 0.1, "pooling", 10**9]
