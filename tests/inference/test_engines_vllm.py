"""vLLM for real: its CPU build serves chat and embeddings from weights that we made."""

import json

import numpy as np
import pytest

from inference.engines.machine import survey
from inference.launch.models import model_parts, served_here
from inference.launch.supervisor import Supervisor
from inference.models import Engine
from inference.weights.prepare import Folders, prepare
from tests.inference.asking import SWEDISH, post, stream, text_of, vectors
from tests.inference.bert import Bert
from tests.inference.launching import Remembering
from tests.inference.places import installed_weights, model_python
from tests.inference.test_launch_models import LAB, moved, site

CHAT, E5 = "smollm2-135m", "multilingual-e5-small"


@pytest.mark.anyio
@pytest.mark.full
@pytest.mark.timeout(600)
async def test_vllm_chats_streams_isolates_and_embeds(tmp_path):
    python = model_python()
    folders = Folders(packages=installed_weights(), cache=tmp_path / "cache")
    catalogue = moved(LAB, Engine.VLLM)
    routes = served_here(catalogue.routes)
    prepared = {route.name: prepare(route, folders, lambda _: None) for route in routes}
    place = site(tmp_path, model_python=python, machine=survey(python))
    chat, e5 = (catalogue.route(name).backends[0].url for name in (CHAT, E5))

    async with Supervisor(model_parts(routes, prepared, place), Remembering()):
        events = await stream(f"{chat}/v1/chat/completions", **_question("salt-of-one"))
        cached = [await _cached_tokens(chat, salt) for salt in ("salt-of-one", "salt-of-two")]
        embedded = await vectors(e5, E5, SWEDISH)

    assert "Stockholm" in text_of(events)
    assert json.loads(events[-2])["usage"]["completion_tokens"] > 0
    assert events[-1] == "[DONE]"
    assert cached[1] == 0
    yardstick = Bert(prepared[E5].path)
    cosines = (embedded * np.array([yardstick.embed(text) for text in SWEDISH])).sum(axis=1)
    assert cosines.min() >= 0.999  # bfloat16 has 8 bits of fraction


def _question(salt):
    return {
        "model": CHAT,
        "messages": [{"role": "user", "content": "What is the capital of Sweden?"}],
        "max_tokens": 12,
        "temperature": 0,
        "cache_salt": salt,
        "stream_options": {"include_usage": True},
    }


async def _cached_tokens(chat, salt):
    question = _question(salt) | {"max_tokens": 1}
    del question["stream_options"]
    answer = await post(f"{chat}/v1/chat/completions", **question)
    return (answer["usage"].get("prompt_tokens_details") or {}).get("cached_tokens") or 0
