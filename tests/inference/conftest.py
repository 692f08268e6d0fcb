"""Fixtures of the tests with real weights."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from inference.engines.machine import survey
from inference.launch.errors import LaunchError
from inference.launch.models import model_parts, served_here
from inference.launch.supervisor import Supervisor
from inference.models import Catalogue, Engine
from inference.weights.prepare import Folders, Prepared, prepare
from tests.inference.launching import Remembering
from tests.inference.places import installed_weights, model_python
from tests.inference.test_launch_models import LAB, moved, site

PATIENCE = 580


@dataclass(frozen=True)
class Engines:
    """Routes whose servers run, and the weights that they were made from."""

    catalogue: Catalogue
    prepared: dict[str, Prepared]


@pytest.fixture(scope="package")
def made(tmp_path_factory):
    """Folders with the real weights; what is made of them is made once for all tests."""
    return Folders(packages=installed_weights(), cache=tmp_path_factory.mktemp("weights"))


@pytest.fixture(scope="package")
def vllm_engines(made, tmp_path_factory) -> Iterator[Engines]:
    """vLLM for chat and for embeddings, started once for all tests: it takes a minute or more."""
    python = model_python()
    catalogue = moved(LAB, Engine.VLLM)
    routes = served_here(catalogue.routes)
    prepared = {route.name: prepare(route, made, lambda _: None) for route in routes}
    place = site(tmp_path_factory.mktemp("vllm"), model_python=python, machine=survey(python))
    ready, leave, faults = threading.Event(), threading.Event(), []

    async def hold():
        async with Supervisor(model_parts(routes, prepared, place), Remembering()):
            ready.set()
            await asyncio.to_thread(leave.wait)

    def run():
        try:
            asyncio.run(hold())
        except LaunchError as fault:
            faults.append(fault)
            ready.set()

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(PATIENCE), "vLLM was not ready in time"
    try:
        assert not faults, faults
        yield Engines(catalogue, prepared)
    finally:
        leave.set()
        thread.join()
