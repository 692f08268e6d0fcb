"""The answers that are being written now, and how many at once each person may have."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from gateway.conversation_errors import TooManyAtOnce
from gateway.conversations.conversation import Person
from gateway.conversations.generation import Generation
from gateway.errors import noted

Key = tuple[Person, str, str]


class Generations:
    """Owns the tasks that write; ``close`` waits for all of them."""

    def __init__(self, *, limit: int) -> None:
        """``limit``: answers at once of one person."""
        self._limit = limit
        self._taken: Counter[Person] = Counter()
        self._running: dict[Key, Generation] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @contextmanager
    def seat(self, person: Person) -> Iterator[None]:
        """One of the person's places, for as long as it is held.

        Raises:
            TooManyAtOnce: all of them are taken.
        """
        if self._taken[person] >= self._limit:
            raise TooManyAtOnce(self._limit)
        self._taken[person] += 1
        try:
            yield
        finally:
            self._taken[person] -= 1
            if not self._taken[person]:
                del self._taken[person]

    def start(self, person: Person, conversation: str, generation: Generation, held: ExitStack) -> None:
        """Write from now on; what is ``held`` is let go at the end."""
        key = (person, conversation, generation.answer.id)
        self._running[key] = generation
        task = asyncio.create_task(self._run(key, generation, held))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def of(self, person: Person, conversation: str, answer: str) -> Generation | None:
        """What is writing this answer here and now."""
        return self._running.get((person, conversation, answer))

    def stop(self, person: Person, conversation: str | None = None) -> None:
        """Stop what is being written for a person, in one conversation or in all."""
        for (owner, place, _), generation in self._running.items():
            if owner == person and conversation in {None, place}:
                generation.stop()

    async def close(self) -> None:
        """Interrupt all that is being written, and wait until the end of each is on record and kept."""
        for generation in self._running.values():
            generation.interrupt()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _run(self, key: Key, generation: Generation, held: ExitStack) -> None:
        with held:
            try:
                await noted(generation.call, generation.run())
            finally:
                del self._running[key]
