"""From the routes to servers that answer: llama.cpp for real, with the real weights."""

import os
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from gateway.installation.plan import free_ports
from inference.engines.errors import EngineMissing
from inference.engines.machine import Build, Machine, survey
from inference.launch.models import Site, model_parts, served_here
from inference.launch.supervisor import Supervisor
from inference.models import Backend, Catalogue, Engine
from inference.weights.prepare import Prepared, prepare
from tests.inference.asking import SWEDISH, get, post, stream, text_of, vectors
from tests.inference.bert import Bert
from tests.inference.launching import Remembering
from tests.inference.places import ROOT

EMBEDDED = Catalogue.from_yaml((ROOT / "deploy" / "models.yaml").read_text())
LAB = Catalogue.from_yaml((ROOT / "deploy" / "models.lab.yaml").read_text())


def site(tmp_path, **more):
    surroundings = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    settings = {"python": Path(sys.executable), "model_python": None, "machine": survey(None)}
    return Site(data=tmp_path / "data", environment=surroundings, **settings | more)


def moved(catalogue, engine):
    """The same routes on free ports."""
    routes = served_here(catalogue.routes)
    return catalogue.with_backends(
        {route.name: [Backend(f"http://127.0.0.1:{free_ports(1)[0]}", engine)] for route in routes}
    )


@pytest.mark.anyio
@pytest.mark.timeout(300)
async def test_llamacpp_chats_streams_and_embeds(tmp_path, made):
    catalogue = moved(EMBEDDED, Engine.LLAMACPP)
    routes = served_here(catalogue.routes)
    narrator = Remembering()
    prepared = {route.name: prepare(route, made, narrator.say) for route in routes}
    chat, e5 = (catalogue.route(name).backends[0].url for name in ("smollm2-135m", "multilingual-e5-small"))
    asked = {
        "model": "smollm2-135m",
        "messages": [{"role": "user", "content": "What is the capital of Sweden?"}],
        "max_tokens": 12,
        "temperature": 0,
    }

    async with Supervisor(model_parts(routes, prepared, site(tmp_path)), narrator):
        answer = await post(f"{chat}/v1/chat/completions", **asked)
        events = await stream(f"{chat}/v1/chat/completions", **asked, stream_options={"include_usage": True})
        embedded = await vectors(e5, "multilingual-e5-small", SWEDISH)
        counted = await get(f"{chat}/metrics")
        tokens = (await post(f"{chat}/tokenize", content="Count 1234 åäö, don't!"))["tokens"]

    assert "Stockholm" in answer["choices"][0]["message"]["content"]
    assert text_of(events) == answer["choices"][0]["message"]["content"]
    assert events[-1] == "[DONE]"
    assert "llamacpp:prompt_tokens_total" in counted
    _compare_embeddings(embedded, made, catalogue)
    _compare_tokens(tokens, made, catalogue)


def _compare_embeddings(embedded, made, catalogue):
    route = replace(catalogue.route("multilingual-e5-small"), engine=Engine.VLLM)
    yardstick = Bert(prepare(route, made, lambda _: None).path)
    cosines = (embedded * np.array([yardstick.embed(text) for text in SWEDISH])).sum(axis=1)
    assert cosines.min() >= 0.9998  # the weights are the same; llama.cpp rounds activations to 8 bits


def _compare_tokens(tokens, made, catalogue):
    route = replace(catalogue.route("smollm2-135m"), engine=Engine.VLLM)
    folder = prepare(route, made, lambda _: None).path
    assert Tokenizer.from_file(str(folder / "tokenizer.json")).encode("Count 1234 åäö, don't!").ids == tokens


def nothing_prepared(routes):
    return {route.name: Prepared(Path("/weights"), "sha256:0") for route in routes}


def test_a_route_without_an_engine_needs_no_process(tmp_path):
    parts = model_parts(EMBEDDED.routes, nothing_prepared(EMBEDDED.routes), site(tmp_path))

    assert [part.name for part in parts] == ["smollm2-135m", "multilingual-e5-small"]


def test_a_backend_on_another_machine_is_not_started_here(tmp_path):
    away = EMBEDDED.with_backends({"smollm2-135m": [Backend("http://10.0.0.7:8000", Engine.LLAMACPP)]})

    parts = model_parts(away.routes, nothing_prepared(away.routes), site(tmp_path))

    assert [part.name for part in parts] == ["multilingual-e5-small"]
    assert [route.name for route in served_here(away.routes)] == ["multilingual-e5-small"]


def test_two_backends_of_one_route_are_two_parts_with_logs_of_their_own(tmp_path):
    two = [Backend(f"http://127.0.0.1:{port}", Engine.LLAMACPP) for port in (9001, 9002)]
    doubled = EMBEDDED.with_backends({"smollm2-135m": two})

    parts = model_parts(doubled.routes, nothing_prepared(doubled.routes), site(tmp_path))

    assert [(part.name, part.port) for part in parts[:2]] == [
        ("smollm2-135m-9001", 9001),
        ("smollm2-135m-9002", 9002),
    ]
    assert len({part.log for part in parts}) == 3


def test_every_part_is_sealed(tmp_path):
    machine = Machine(cores=2, gpus=0, vllm=Build.CPU)
    parts = [
        *model_parts(EMBEDDED.routes, nothing_prepared(EMBEDDED.routes), site(tmp_path)),
        *model_parts(
            LAB.routes,
            nothing_prepared(LAB.routes),
            site(tmp_path, machine=machine, model_python=Path("/models/bin/python")),
        ),
    ]

    assert len(parts) == 4
    assert all(part.env["HF_HUB_OFFLINE"] == "1" and part.env["DO_NOT_TRACK"] == "1" for part in parts)


def test_vllm_without_a_model_environment_is_refused(tmp_path):
    with pytest.raises(EngineMissing):
        model_parts(LAB.routes, nothing_prepared(LAB.routes), site(tmp_path))
