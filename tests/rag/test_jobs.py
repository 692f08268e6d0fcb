"""Work in the background is done once, also when the process is killed in the middle of it."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from auth.identity import TenantId
from rag.jobs import DurableJobs, Jobs, JobSettings, Progress
from rag.outbox import Work
from tests.rag.fakes import InlineJobs

pytestmark = pytest.mark.anyio

WORK = Work(TenantId("bollnas"), "d1", "try1")


class Diary:
    """A task that writes down what it did, and fails or waits when told to."""

    def __init__(self) -> None:
        self.done: list[tuple[str, str]] = []
        self.fault: Exception | None = None
        self.stuck = asyncio.Event()
        self.waits = False

    async def __call__(self, tenant: TenantId, document: str) -> None:
        if self.waits:
            self.stuck.set()
            await asyncio.sleep(3600)
        if self.fault is not None:
            raise self.fault
        self.done.append((tenant.alias, document))


@pytest.fixture
def durable(tmp_path: Path) -> Callable[[], Jobs]:
    settings = JobSettings(url=f"sqlite:///{tmp_path / 'jobs.sqlite'}", poll_seconds=0.05)
    return lambda: DurableJobs(settings)


@pytest.fixture(params=["durable", "inline"])
async def jobs(request: pytest.FixtureRequest, durable: Callable[[], Jobs]) -> AsyncIterator[Jobs]:
    jobs: Jobs = durable() if request.param == "durable" else InlineJobs()
    yield jobs
    await jobs.close()


async def settled(jobs: Jobs, work: Work) -> Progress:
    async with asyncio.timeout(20):
        while (progress := await jobs.progress(work)) is Progress.UNDER_WAY:
            await asyncio.sleep(0.02)
    return progress


async def test_work_is_done_once_for_each_key(jobs: Jobs) -> None:
    diary = Diary()
    await jobs.open(diary)
    before = await jobs.progress(WORK)

    await jobs.enqueue(WORK)
    await jobs.enqueue(WORK)

    assert before is Progress.UNKNOWN
    assert await settled(jobs, WORK) is Progress.ENDED
    assert diary.done == [("bollnas", "d1")]


async def test_work_that_raises_has_failed(jobs: Jobs) -> None:
    diary = Diary()
    diary.fault = RuntimeError("a fault of ours")
    await jobs.open(diary)

    await jobs.enqueue(WORK)

    assert await settled(jobs, WORK) is Progress.FAILED


async def test_closing_interrupts_work_without_counting_it_as_failed(durable: Callable[[], Jobs]) -> None:
    diary = Diary()
    diary.waits = True
    first = durable()
    await first.open(diary)
    await first.enqueue(WORK)
    await asyncio.wait_for(diary.stuck.wait(), 20)

    await first.close()

    second = durable()
    await second.open(Diary())
    assert await settled(second, WORK) is Progress.ENDED
    await second.close()


@pytest.mark.timeout(300)
async def test_a_document_is_ready_once_after_the_process_was_killed_in_the_middle_of_it(
    tmp_path: Path,
) -> None:
    killed = await _worker(tmp_path, "slow")
    assert killed.stdout is not None
    line = await asyncio.wait_for(killed.stdout.readline(), 120)
    os.kill(killed.pid, signal.SIGKILL)
    await killed.communicate()

    resumed = await _worker(tmp_path, "resume")
    out, _ = await asyncio.wait_for(resumed.communicate(), 120)

    answer = json.loads(out.splitlines()[-1])
    assert line == b"stuck\n"
    assert answer["documents"] == 1
    assert len(answer["passages"]) > 32
    assert answer["passages"] == list(range(len(answer["passages"])))
    assert answer["vectors"] == len(answer["passages"])


async def _worker(folder: Path, mode: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("worker.py")),
        str(folder),
        mode,
        stdout=asyncio.subprocess.PIPE,
    )
