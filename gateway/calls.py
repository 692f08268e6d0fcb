"""One request while it runs: what is known of it so far, for the record, the headers and the figures."""

import os
import time
from collections.abc import Callable, Mapping
from copy import copy
from typing import Any, Final

import msgspec

from audit.clock import ulid
from audit.records import Actor, EventType, GuardFinding, Operation, Receipt, Retrieved, Source
from audit.remote import AnySpool
from auth.identity import Caller, Unplaced
from gateway.limits import Allowance
from gateway.problems import Problem

SCOPE_KEY: Final = "valv.call"

Entropy = Callable[[int], bytes]


def new_call_id(milliseconds: int, entropy: bytes) -> str:
    """A ULID: 48 bits of time and 80 random bits as 26 characters that sort by time.

    Args:
        milliseconds: since the epoch.
        entropy: 10 random bytes.
    """
    return ulid(milliseconds * 1_000_000, entropy)


class Call(msgspec.Struct):
    """What is known of one request.

    Attributes:
        id: the request id; the ledger's ``call`` and the id that people quote to the officer.
        route: method and path template, ``POST /v1/chat/completions``.
        actor: the same as the ledger takes them, once a record was made of the call.
        unplaced: whom a credential names that stands for no one organisation; only ever refused.
        event: the type of the record written before the work is done; ``None`` on routes that need none.
        intent: the receipt of that record, once it is durable.
        started: whether a status has been sent; from then on nothing else can be answered.
        settled: whether the record that ends the call is durable.
        streaming: whether the last chunk, not the first byte, waits for the end of the record.
        spool: where what the client is shown is kept, sealed, before it is released; only under strict capture.
        member: the subject of the person whom the work is about; the record has their pseudonym.
        released: bytes of the answer's body: all of it before the first byte, or as they leave in a stream, the last
            before they do.
    """

    id: str
    route: str
    source: Source
    began_ns: int
    who: Caller | None = None
    actor: Actor | None = None
    unplaced: Unplaced | None = None
    event: EventType | None = None
    operation: Operation | None = None
    detail: Mapping[str, str | int] | None = None
    intent: Receipt | None = None
    started: bool = False
    settled: bool = False
    streaming: bool = False
    gone: bool = False
    problem: Problem | None = None
    finish: str | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    first_ns: int | None = None
    released: int = 0
    retrieved: tuple[Retrieved, ...] = ()
    guard: tuple[GuardFinding, ...] = ()
    classification: str | None = None
    prompt_length: int = 0
    allowance: Allowance | None = None
    model: str = ""
    spool: AnySpool | None = None
    member: str | None = None

    def handed_on(self) -> "Call":
        """The call for whoever goes on with it when the request is over; the request itself owes nothing more."""
        other = copy(self)
        self.settled, self.model, self.spool = True, "", None
        return other


def begin(scope: Mapping[str, Any], *, entropy: Entropy = os.urandom) -> Call:
    """The call of a request that has just arrived (an ASGI HTTP scope)."""
    client = scope.get("client")
    agent = next((value for name, value in scope["headers"] if name == b"user-agent"), None)
    return Call(
        id=new_call_id(time.time_ns() // 1_000_000, entropy(10)),
        route=f"{scope['method']} {scope['path']}",
        source=Source(
            ip=client[0] if client else None,
            user_agent=agent.decode("latin-1") if agent is not None else None,
        ),
        began_ns=time.monotonic_ns(),
    )


def of(scope: Mapping[str, Any]) -> Call:
    """The call that the recorder bound to this request."""
    call: Call = scope[SCOPE_KEY]
    return call
