"""The line to the ledger's process, as the gateway's side holds it: drafts out, receipts in."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, cast

import msgspec

from audit.errors import AuditError, LedgerUnavailable, RecordRefused, Unavailable
from audit.messages import RECEIPTS, STATUS, AnyRequest, Drafted
from audit.wire import Frames, Kind, Malformed, fault_in, frame, pack
from audit.writer import Pending

if TYPE_CHECKING:
    from audit.status import LedgerStatus

ENDED: Final = "The ledger's process ended"
_HIGHEST: Final = 1 << 32


class Line(asyncio.Protocol):
    """Carries drafts and requests; what is submitted in one round of the loop goes out in one write.

    ``failed`` says why nothing more comes of anything; ``heard_ns`` is when the other side was last heard.
    """

    def __init__(self, mono_ns: Callable[[], int]) -> None:
        self._loop = asyncio.get_running_loop()
        self._mono_ns = mono_ns
        self._transport: asyncio.Transport | None = None
        self._frames = Frames()
        self._number = 0
        self._out: list[bytes] = []
        self._drafts: dict[int, Pending] = {}
        self._requests: dict[int, asyncio.Future[bytes]] = {}
        self._settled: Callable[[list[Pending]], None] = _ignore
        self._lost = asyncio.Event()
        self.failed: str | None = None
        self.status: LedgerStatus | None = None
        self.heard_ns = mono_ns()

    def start(self, settled: Callable[[list[Pending]], None]) -> None:
        """``settled`` is called on the loop, once for all receipts that came together."""
        self._settled = settled

    def submit(self, pending: Pending) -> None:
        self.submit_soon(pending)

    def submit_soon(self, pending: Pending) -> None:
        """From the loop; a draft that can't be sent is refused in its next round."""
        try:
            body = pack(Drafted(pending.log, pending.draft))
        except (TypeError, ValueError, OverflowError, AttributeError, RecursionError) as wrong:
            pending.fault = RecordRefused("draft", type(wrong).__name__)
            self._loop.call_soon(self._settled, [pending])
            return
        number = self._next()
        self._drafts[number] = pending
        self._send(frame(Kind.DRAFT, number, body))

    async def ask(self, request: AnyRequest, *, within: float) -> bytes:
        """The answer to a request, packed.

        Raises:
            LedgerUnavailable: none came within so many seconds, or ever will.
            AuditError, OSError, sqlite3.Error: whatever the ledger itself raised.
        """
        return await self.answer(Kind.REQUEST, pack(request), within=within)

    async def answer(self, kind: Kind, body: bytes, *, within: float | None) -> bytes:
        """As ``ask``, for any message; without a limit of time, this waits for as long as the process lives."""
        if self.failed is not None:
            raise LedgerUnavailable(Unavailable.FAILED)
        number = self._next()
        future: asyncio.Future[bytes] = self._loop.create_future()
        self._requests[number] = future
        self._send(frame(kind, number, body))
        try:
            async with asyncio.timeout(within):
                return await future
        except TimeoutError:
            raise LedgerUnavailable(Unavailable.DEADLINE) from None
        finally:
            self._requests.pop(number, None)

    async def lost(self) -> None:
        """Returns when the line is cut, by whichever side."""
        await self._lost.wait()

    def cut(self) -> None:
        """Ends the line; the other side sees its end at once, after what was sent before."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # A cast, since uvloop's transports do not inherit from asyncio's.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self.heard_ns = self._mono_ns()
        try:
            for kind, number, body in self._frames.taken(data):
                self._take(kind, number, body)
        except (Malformed, msgspec.ValidationError) as wrong:
            self._fail(f"The ledger's process is not understood ({wrong})")
            self.cut()

    def connection_lost(self, _: Exception | None) -> None:
        self._fail(ENDED)
        self._lost.set()

    def _take(self, kind: Kind, number: int, body: bytes) -> None:
        if kind is Kind.RECEIPTS:
            self._settle_with_receipts(body)
        elif kind is Kind.STATUS:
            self.status = STATUS.read(body)
        elif kind is Kind.ANSWER:
            self._resolve(number, body)
        elif kind is Kind.FAULT:
            self._refuse(number, fault_in(body))
        else:
            raise Malformed(f"a frame of kind {kind.name} from the ledger")

    def _settle_with_receipts(self, body: bytes) -> None:
        batch = []
        for number, receipt in RECEIPTS.read(body):
            pending = self._drafts.pop(number, None)
            if pending is None:
                raise Malformed("a receipt for what was not asked")
            pending.receipt = receipt
            batch.append(pending)
        self._settled(batch)

    def _resolve(self, number: int, body: bytes) -> None:
        future = self._requests.get(number)
        if future is not None and not future.done():
            future.set_result(body)

    def _refuse(self, number: int, fault: Exception) -> None:
        pending = self._drafts.pop(number, None)
        if pending is not None:
            pending.fault = fault if isinstance(fault, AuditError) else None
            self._settled([pending])
            return
        future = self._requests.get(number)
        if future is not None and not future.done():
            future.set_exception(fault)

    def _fail(self, why: str) -> None:
        """Nothing that is under way will be answered any more; it may be on record or not."""
        if self.failed is not None:
            return
        self.failed = why
        drafts, self._drafts = list(self._drafts.values()), {}
        self._settled(drafts)
        for future in self._requests.values():
            if not future.done():
                future.set_exception(LedgerUnavailable(Unavailable.FAILED))

    def _next(self) -> int:
        self._number = number = (self._number + 1) % _HIGHEST
        return number

    def _send(self, raw: bytes) -> None:
        if not self._out:
            self._loop.call_soon(self._flush)
        self._out.append(raw)

    def _flush(self) -> None:
        out, self._out = self._out, []
        if self._transport is not None and self.failed is None:
            self._transport.write(b"".join(out))


def _ignore(_: list[Pending]) -> None:
    """Before the ledger is open nothing can be settled."""
