"""What asking a model costs us: CPU for each call and each streamed delta, against the fake upstream.

    python -m bench.upstream_client [--calls 20000] [--streams 1000] [--loop uvloop|asyncio]

The fake runs in a process of its own; only this process's CPU is counted. The quietest of five batches counts,
and the bare loop (the same bytes written and read by a protocol that understands nothing) stands beside it.
"""

import argparse
import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from auth.identity import TenantId
from inference.chat import ChatPiece, ChatRequest, Message, TextRun
from inference.models import Backend, Catalogue, Engine, Kind, ModelRoute
from inference.salt import TenantSalts
from inference.upstream import Models

TENANT = TenantId("bench")
REQUEST = ChatRequest(
    messages=(Message("system", "Svara kort och på svenska."), Message("user", "Vad gäller för bygglov?")),
    max_tokens=64,
    temperature=0.0,
)


def a_route(url: str) -> ModelRoute:
    return ModelRoute(
        name="m",
        kind=Kind.CHAT,
        engine=Engine.VLLM,
        weights=None,
        languages=frozenset({"*"}),
        context_length=2048,
        ceiling="internal",
        title={},
        description={},
        max_parallel=256,
        max_queue=256,
        backends=(Backend(url, Engine.VLLM),),
    )


async def at_once(parallel: int, total: int, one: Callable[[int], Awaitable[None]]) -> tuple[float, float]:
    """Seconds of clock and of this process's CPU for ``total`` runs, ``parallel`` at a time."""
    numbers = iter(range(total))

    async def worker() -> None:
        for number in numbers:
            await one(number)

    clock, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(worker() for _ in range(parallel)))
    return time.perf_counter() - clock, time.process_time() - cpu


def fake(*arguments: str) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, str(Path(__file__).with_name("fake_upstream.py")), *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


async def quietest(parallel: int, total: int, one: Callable[[int], Awaitable[None]]) -> tuple[float, float]:
    """The batch of five that took the least CPU."""
    batches = [await at_once(parallel, total // 5, one) for _ in range(5)]
    return min(batches, key=lambda batch: batch[1])


class Bare(asyncio.Protocol):
    """Writes, and takes the next bytes for the answer."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]  # TCP is always both ways

    def data_received(self, data: bytes) -> None:
        self.answer.set_result(data)

    async def ask(self, request: bytes) -> None:
        self.answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        await self.answer


async def bare_loop(url: str, total: int) -> None:
    loop = asyncio.get_running_loop()
    host, _, port = url.removeprefix("http://").partition(":")
    idle = [(await loop.create_connection(Bare, host, int(port)))[1] for _ in range(64)]
    request = b"POST / HTTP/1.1\r\nContent-Length: 250\r\n\r\n" + b"x" * 250

    async def one(_number: int) -> None:
        connection = idle.pop()
        await connection.ask(request)
        idle.append(connection)

    await at_once(64, 2000, one)
    _, cpu = await quietest(64, total, one)
    print(f"the bare loop, 64 at a time: {cpu / (total // 5) * 1e6:.1f} us CPU each")
    for connection in idle:
        connection.transport.abort()


async def calls(url: str, total: int) -> None:
    route = a_route(url)
    models = Models(Catalogue([route]), salt=TenantSalts(b"bench"))

    async def one(number: int) -> None:
        await models.chat(route, REQUEST, tenant=TENANT, call=f"c-{number}")

    await at_once(64, 2000, one)
    clock, cpu = await quietest(64, total, one)
    total //= 5
    print(f"calls, 64 at a time: {cpu / total * 1e6:.1f} us CPU each, {total / clock:,.0f} a second")
    await models.close()


def deltas_in(piece: ChatPiece) -> int:
    """How many of the engine's deltas are read as one piece."""
    return len(piece.texts) if isinstance(piece, TextRun) else 1


async def streams(url: str, total: int, label: str) -> None:
    route = a_route(url)
    models = Models(Catalogue([route]), salt=TenantSalts(b"bench"))
    deltas = 0

    async def one(number: int) -> None:
        nonlocal deltas
        async with models.chat_stream(route, REQUEST, tenant=TENANT, call=f"c-{number}") as answer:
            async for piece in answer:
                deltas += deltas_in(piece)

    await at_once(16, 100, one)
    deltas = 0
    clock, cpu = await quietest(16, total, one)
    deltas //= 5
    print(f"{label}: {cpu / deltas * 1e6:.2f} us CPU a delta, {deltas / clock:,.0f} deltas a second")
    await models.close()


async def run(total_calls: int, total_streams: int) -> None:
    quick, url = fake()
    dripping, dripping_url = fake("--gap", "1")
    try:
        await bare_loop(url, total_calls)
        await calls(url, total_calls)
        await streams(url, total_streams, "streams of 64 tokens that come in one piece, 16 at a time")
        await streams(dripping_url, total_streams, "streams of 64 tokens that come one by one, 16 at a time")
    finally:
        for process in (quick, dripping):
            process.terminate()
            process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--streams", type=int, default=1_000)
    parser.add_argument("--loop", choices=["uvloop", "asyncio"], default="uvloop")
    arguments = parser.parse_args()
    import uvloop

    runner = uvloop.run if arguments.loop == "uvloop" else asyncio.run
    runner(run(arguments.calls, arguments.streams))


if __name__ == "__main__":
    main()
