"""Fixtures that every room's tests share, and the order in which the rooms are entered, and by whom."""

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

# A busy machine is no fault of the code's.
settings.register_profile("valv", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("valv")

_HERE = Path(__file__).parent
# By the time that they take: what takes longest is begun first where workers share the rooms.
_LONG = ("web", "gateway", "inference")


class Room(pytest.Package):
    """A folder of tests: what has the scope of a package is closed when the room is left."""

    def setup(self) -> None:
        """A room has no module of its own."""


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> Room | None:
    return Room.from_parent(parent, path=path) if path.parent == _HERE else None


class WholeRooms(LoadScopeScheduling):
    """Workers (pytest -n) take one room after the other, never a part of one: what a room starts is started once."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.split("/")[1]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> WholeRooms:
    config.option.loadscopereorder = False  # not by the number of their tests, but as they are sorted below
    return WholeRooms(config, log)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """One room after the other, in random order; within a room the order stays as it was drawn.

    What ends a lab that others use comes last of all, so that no lab is started for it, or after it.
    The gateways of tests/gateway and tests/web and the jobs of tests/rag hold the one DBOS that a process can have.
    """
    rooms = sorted({_room(item) for item in items})
    if config.pluginmanager.hasplugin("randomly") and config.getoption("randomly_reorganize"):
        random.Random(config.getoption("randomly_seed")).shuffle(rooms)
    if hasattr(config, "workerinput"):
        rooms.sort(key=lambda room: _LONG.index(room) if room in _LONG else len(_LONG))
    items.sort(key=lambda item: (item.get_closest_marker("last") is not None, rooms.index(_room(item))))


def _room(item: pytest.Item) -> str:
    path = item.path.relative_to(_HERE)
    return path.parts[0] if len(path.parts) > 1 else ""
