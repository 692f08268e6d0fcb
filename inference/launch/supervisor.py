"""Keeps parts running: all of them, or none."""

import asyncio
import contextlib
import signal
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import Any, Self

from inference.launch import children
from inference.launch.children import Child, Guard
from inference.launch.errors import PartGaveUp, PartNotStarted, PortTaken
from inference.launch.narration import Narrator
from inference.launch.parts import Part, Policy
from inference.launch.probes import is_free

PROBE_PAUSE = 0.1
TICK = 1.0
STOPS = (signal.SIGINT, signal.SIGTERM)


class Supervisor:
    """Starts parts at once or in their order, restarts what crashes, and stops everything in reverse.

    Use as an asynchronous context: inside, every part is ready, and `ended` waits for what should not be::

        async with Supervisor(parts, narrator) as supervisor:
            await supervisor.ended()
    """

    def __init__(self, parts: Sequence[Part], narrator: Narrator, policy: Policy | None = None) -> None:
        self._parts = tuple(parts)
        self._levels = _levels(parts)
        self._narrator = narrator
        self._policy = policy or Policy()
        self._ready = {part.name: asyncio.Event() for part in parts}
        self._children: dict[str, Child] = {}
        self._keepers: list[asyncio.Task[None]] = []
        self._guard: Guard | None = None

    async def __aenter__(self) -> Self:
        """Start every part and wait until all are ready.

        Raises:
            PortTaken, PartNotStarted, GuardLost: a part could not be; those that could are stopped again.
        """
        for part in self._parts:
            if part.port is not None and not is_free(part.port):
                raise PortTaken(part=part.name, port=part.port)
        self._guard = await Guard.start()
        try:
            await self._start_all(self._guard)
        except BaseException:
            await self._stop_all()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop every part, those that others depend on last."""
        await self._stop_all()

    async def ended(self) -> None:
        """Wait for the end that a part forces on all.

        Raises:
            PartGaveUp: it crashed too often.
            GuardLost: the guard is gone.
        """
        await self._first_failure()

    async def _start_all(self, guard: Guard) -> None:
        self._keepers = [asyncio.create_task(self._keep(part, guard), name=part.name) for part in self._parts]
        self._keepers.append(asyncio.create_task(guard.lost(), name="guard"))
        failure = asyncio.create_task(self._first_failure())
        ready = asyncio.create_task(self._all_ready())
        try:
            done, _ = await asyncio.wait({failure, ready}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            await _cancel([failure, ready])

    async def _all_ready(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        while waiting := [name for name, event in self._ready.items() if not event.is_set()]:
            self._narrator.show(f"Starting: {', '.join(waiting)} ({loop.time() - began:.0f} s)")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK):
                    await self._ready[waiting[0]].wait()

    async def _first_failure(self) -> None:
        done, _ = await asyncio.wait(self._keepers, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def _keep(self, part: Part, guard: Guard) -> None:
        for name in part.after:
            await self._ready[name].wait()
        if not await self._begin(part, guard):
            raise PartNotStarted(
                f"{part.name} did not start, so everything is stopped; its log is {part.log}.",
                part=part.name,
                log=part.log,
            )
        self._ready[part.name].set()
        crashes: deque[float] = deque()
        while True:
            await self._crash(part, crashes)
            await self._begin(part, guard)

    async def _begin(self, part: Part, guard: Guard) -> bool:
        loop = asyncio.get_running_loop()
        began = loop.time()
        child = self._children[part.name] = await children.start(part, guard)
        if not await _is_ready(child):
            return False
        self._narrator.say(f"{part.name} is ready ({loop.time() - began:.1f} s)")
        return True

    async def _crash(self, part: Part, crashes: deque[float]) -> None:
        child = self._children[part.name]
        code = await child.wait()
        await child.bury()
        now = asyncio.get_running_loop().time()
        crashes.append(now)
        while crashes[0] < now - self._policy.window:
            crashes.popleft()
        end = f"{part.name} ended unexpectedly ({_how(code)})"
        if len(crashes) >= self._policy.crashes:
            often = f"{end} for the {len(crashes)}. time in {self._policy.window:.0f} s"
            sentence = f"{often}, so everything is stopped; its log is {part.log}."
            raise PartGaveUp(sentence, part=part.name, log=part.log)
        pause = self._policy.pause(len(crashes))
        self._narrator.say(f"{end} and is started again in {pause:g} s; its log is {part.log}.")
        await asyncio.sleep(pause)

    async def _stop_all(self) -> None:
        await _cancel(self._keepers)
        for level in reversed(self._levels):
            here = [self._children[part.name] for part in level if part.name in self._children]
            if here:
                self._narrator.show(f"Stopping: {', '.join(child.part.name for child in here)}")
                await asyncio.gather(*(child.stop() for child in here))
        if self._guard is not None:
            await self._guard.dismiss()


async def run(
    parts: Sequence[Part], narrator: Narrator, policy: Policy | None = None, *, on_ready: Callable[[], None]
) -> None:
    """Run the parts until SIGINT or SIGTERM, which stop all of them; `on_ready` is called when all are ready.

    Raises:
        LaunchError: something ended the whole; its text is a sentence to show.
    """
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()
    for number in STOPS:
        loop.add_signal_handler(number, asked.set)  # a second one does not cut the stopping short
    work = asyncio.create_task(_run(Supervisor(parts, narrator, policy), on_ready))
    stop = asyncio.create_task(asked.wait())
    try:
        await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await _cancel([work, stop])
        for number in STOPS:
            loop.remove_signal_handler(number)
    if not work.cancelled():
        work.result()


async def _run(supervisor: Supervisor, on_ready: Callable[[], None]) -> None:
    async with supervisor:
        on_ready()
        await supervisor.ended()


async def _is_ready(child: Child) -> bool:
    """Ask until the part says yes; no, when it ends first or its patience runs out."""
    end = asyncio.create_task(child.wait())
    try:
        async with asyncio.timeout(child.part.patience):
            while not end.done():
                if await child.part.ready():
                    return not end.done()
                await asyncio.wait({end}, timeout=PROBE_PAUSE)
    except TimeoutError:
        await child.stop()
    finally:
        await _cancel([end])
    return False


def _levels(parts: Sequence[Part]) -> list[list[Part]]:
    """Parts in the order of their start, those that may start together in one list.

    Raises:
        ValueError: parts wait for each other, or for one that is not there.
    """
    levels: list[list[Part]] = []
    placed: set[str] = set()
    waiting = list(parts)
    while waiting:
        level = [part for part in waiting if placed.issuperset(part.after)]
        if not level:
            raise ValueError([part.name for part in waiting])
        levels.append(level)
        placed |= {part.name for part in level}
        waiting = [part for part in waiting if part.name not in placed]
    return levels


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


async def _cancel(tasks: Iterable[asyncio.Task[Any]]) -> None:
    tasks = list(tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
