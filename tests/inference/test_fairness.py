import asyncio
from collections import Counter
from collections.abc import Callable

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auth.identity import TenantId
from inference.errors import ModelOverloaded
from inference.fairness import Turnstile

pytestmark = pytest.mark.anyio

GREEDY, MODEST, THIRD = TenantId("greedy"), TenantId("modest"), TenantId("third")


def turnstile(parallel: int = 1, queue: int = 100, patience: float = 60.0) -> Turnstile:
    return Turnstile("m", parallel=parallel, queue=queue, patience=patience)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_a_call_goes_straight_through_when_nobody_waits() -> None:
    gate = turnstile(parallel=2)

    await gate.enter(GREEDY)
    await gate.enter(GREEDY)

    assert (gate.running, gate.waiting) == (2, 0)


async def test_tenants_take_turns_however_much_one_of_them_asks() -> None:
    gate = turnstile()
    order: list[TenantId] = []

    async def call(tenant: TenantId) -> None:
        await gate.enter(tenant)
        order.append(tenant)
        gate.leave(0.01)

    await gate.enter(GREEDY)
    async with anyio.create_task_group() as group:
        for _ in range(30):
            group.start_soon(call, GREEDY)
        await settle()
        for tenant in (MODEST, MODEST, THIRD):
            group.start_soon(call, tenant)
        await settle()
        gate.leave(0.01)

    assert order[:6] == [GREEDY, MODEST, THIRD, GREEDY, MODEST, GREEDY]
    assert Counter(order) == {GREEDY: 30, MODEST: 2, THIRD: 1}
    assert (gate.running, gate.waiting) == (0, 0)


async def test_a_tenant_fills_at_most_half_of_the_queue() -> None:
    gate = turnstile(queue=4)
    await gate.enter(GREEDY)
    async with anyio.create_task_group() as group:
        for _ in range(2):
            group.start_soon(gate.enter, GREEDY)
        await settle()

        with pytest.raises(ModelOverloaded) as caught:
            await gate.enter(GREEDY)
        group.cancel_scope.cancel()

    assert caught.value.route == "m"
    assert 1 <= caught.value.retry_after <= 60


async def test_a_full_queue_makes_room_for_who_waits_for_less() -> None:
    gate = turnstile(queue=4)
    outcome: list[str] = []

    async def call(tenant: TenantId) -> None:
        try:
            await gate.enter(tenant)
        except ModelOverloaded:
            outcome.append(f"{tenant} pushed out")
        else:
            outcome.append(f"{tenant} served")
            gate.leave(0.01)

    await gate.enter(GREEDY)
    async with anyio.create_task_group() as group:
        for tenant in (GREEDY, GREEDY, MODEST, MODEST, THIRD):
            group.start_soon(call, tenant)
            await settle()
        assert gate.waiting == 4
        gate.leave(0.01)

    assert outcome == ["greedy pushed out", "greedy served", "modest served", "third served", "modest served"]


async def test_without_a_queue_nobody_waits() -> None:
    gate = turnstile(queue=0)
    await gate.enter(GREEDY)

    with pytest.raises(ModelOverloaded):
        await gate.enter(MODEST)


async def test_a_turn_that_does_not_come_in_time_is_an_overload() -> None:
    gate = turnstile(patience=0.01)
    await gate.enter(GREEDY)

    with pytest.raises(ModelOverloaded):
        await gate.enter(MODEST)

    assert gate.waiting == 0


async def test_who_is_cancelled_while_waiting_leaves_no_trace() -> None:
    gate = turnstile()
    await gate.enter(GREEDY)
    waiting = asyncio.create_task(gate.enter(MODEST))
    await settle()

    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    gate.leave(0.01)

    assert (gate.running, gate.waiting) == (0, 0)


async def test_a_turn_given_in_the_instant_of_the_cancellation_goes_to_the_next() -> None:
    gate = turnstile()
    await gate.enter(GREEDY)
    unlucky = asyncio.create_task(gate.enter(MODEST))
    following = asyncio.create_task(gate.enter(THIRD))
    await settle()

    gate.leave(0.01)
    unlucky.cancel()
    await following

    assert unlucky.cancelled()
    assert (gate.running, gate.waiting) == (1, 0)


async def test_the_advice_to_wait_grows_with_the_queue() -> None:
    gate = turnstile()
    await gate.enter(GREEDY)
    for _ in range(40):
        gate._hold = 5.0
    alone = gate.retry_after
    async with anyio.create_task_group() as group:
        for _ in range(4):
            group.start_soon(gate.enter, MODEST)
        await settle()
        assert gate.retry_after == 5 * alone
        group.cancel_scope.cancel()


class Play:
    """Calls that come, end and are cancelled in any order, and what must hold all the while."""

    def __init__(self, gate: Turnstile) -> None:
        self.gate = gate
        self.running: dict[int, asyncio.Event] = {}
        self.tasks: list[asyncio.Task[None]] = []

    async def call(self, number: int, tenant: TenantId) -> None:
        await self.gate.enter(tenant)
        self.running[number] = asyncio.Event()
        try:
            await self.running[number].wait()
        finally:
            del self.running[number]
            self.gate.leave(0.0)

    def enter(self, which: int) -> None:
        self.tasks.append(asyncio.create_task(self.call(len(self.tasks), TenantId(f"t{which}"))))

    def leave(self, which: int) -> None:
        for end in list(self.running.values())[which : which + 1]:
            end.set()

    def cancel(self, which: int) -> None:
        for task in self.tasks[-which:]:
            task.cancel()

    async def check(self, parallel: int, queue: int) -> None:
        await settle()
        assert len(self.running) == self.gate.running <= parallel
        assert self.gate.waiting <= queue
        assert self.gate.waiting == 0 or self.gate.running == parallel

    async def end(self) -> None:
        self.cancel(0)
        await asyncio.gather(*self.tasks, return_exceptions=True)
        assert (self.gate.running, self.gate.waiting) == (0, 0)


STEPS = st.lists(
    st.tuples(st.sampled_from([Play.enter, Play.leave, Play.cancel]), st.integers(0, 3)), max_size=60
)


@given(steps=STEPS, parallel=st.integers(1, 3), queue=st.integers(0, 6))
@settings(deadline=None, max_examples=60)
def test_turns_are_never_lost_nor_given_twice(
    steps: list[tuple[Callable[[Play, int], None], int]], parallel: int, queue: int
) -> None:
    async def play() -> None:
        game = Play(turnstile(parallel=parallel, queue=queue))
        for step, which in steps:
            step(game, which)
            if which % 2:
                await game.check(parallel, queue)
        await game.end()

    asyncio.run(play())
