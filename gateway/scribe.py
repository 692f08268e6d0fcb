"""What the gateway writes to the ledger about a call: one record before the work, one at its end."""

import time
from typing import Final

from audit.ledger import Ledger
from audit.records import (
    INSTALLATION,
    Actor,
    ActorKind,
    Content,
    Draft,
    EventType,
    Installation,
    Operation,
    Outcome,
    PolicyVerdict,
    Status,
)
from auth import policy
from auth.identity import Caller, Method, Operator, TenantId
from gateway.calls import Call

_MODEL_CALL: Final = EventType.CALL_INTENT
_REFUSALS: Final = {401: EventType.AUTH_FAILED, 403: EventType.AUTHZ_DENIED}


class Scribe:
    """Writes the records of calls; every method returns when the record is durable.

    Raises (every method):
        LedgerUnavailable: the record could not be made durable; whoever asked must not go on.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        version = policy.version()
        self._allow = PolicyVerdict(id="default", ver=version, decision="allow")
        self._deny = PolicyVerdict(id="default", ver=version, decision="deny")

    async def intend(self, call: Call, event: EventType, operation: Operation) -> None:
        """Record what is about to be done, before it is done."""
        call.event, call.operation = event, operation
        call.intent = await self._ledger.append(
            log_of(call.who),
            Draft(
                type=event,
                call=call.id,
                actor=actor_of(call.who),
                src=call.source,
                op=operation,
                policy=self._allow,
                guard=call.guard,
                content=_content(call),
                detail=call.detail,
            ),
        )

    async def settle(self, call: Call) -> None:
        """Record how the call ended, once: every model call, and whatever failed or handed out passages."""
        call.settled = True
        if call.intent is None:
            await self._refused(call)
        elif call.event is _MODEL_CALL or call.problem is not None or call.retrieved:
            await self._ended(call)

    async def note(self, call: Call, event: EventType, *, detail: dict[str, str | int] | None = None) -> None:
        """Record an event that is no call of a model: a login, a logout."""
        draft = Draft(
            type=event,
            call=call.id,
            actor=actor_of(call.who),
            src=call.source,
            op=_operation(call),
            detail=detail,
        )
        await self._ledger.append(log_of(call.who), draft)

    async def _ended(self, call: Call) -> None:
        if call.intent is None or call.event is None:
            return
        is_call = call.event is _MODEL_CALL
        draft = Draft(
            type=EventType.CALL_OUTCOME if is_call else call.event,
            call=call.id,
            ref=call.intent.seq,
            actor=actor_of(call.who),
            op=call.operation,
            rag=call.retrieved,
            outcome=_outcome(call),
            detail=_reason(call),
        )
        await self._ledger.append(log_of(call.who), draft)

    async def _refused(self, call: Call) -> None:
        """A named caller was refused before anything was done: that is one record too."""
        if call.who is None or call.problem is None:
            return
        status = call.problem.status
        denied = status in {401, 403}
        draft = Draft(
            type=_REFUSALS.get(status, EventType.CALL_REFUSED),
            call=call.id,
            actor=actor_of(call.who),
            src=call.source,
            op=_operation(call),
            policy=self._deny if denied else self._allow,
            guard=call.guard,
            outcome=None if denied else _outcome(call),
            detail=_reason(call),
        )
        await self._ledger.append(log_of(call.who), draft)


def log_of(who: Caller | None) -> TenantId | Installation:
    """The log that a caller's records belong to: their organisation's, else the installation's."""
    return INSTALLATION if who is None or isinstance(who, Operator) else who.tenant


def actor_of(who: Caller | None) -> Actor | None:
    """The caller as the ledger takes them; it writes pseudonyms only."""
    if who is None:
        return None
    if isinstance(who, Operator):
        return Actor(
            subject=who.subject,
            kind=ActorKind.ADMIN,
            idp=who.issuer,
            acr=None,
            session=who.session,
            azp=who.client,
            roles=("platform-operator",),
        )
    return Actor(
        subject=who.subject,
        kind=ActorKind.SERVICE if who.method is Method.API_KEY else ActorKind.USER,
        idp=who.issuer,
        acr=who.acr,
        session=who.session,
        azp=who.client,
        roles=tuple(sorted(who.roles)),
    )


def _operation(call: Call) -> Operation:
    return call.operation or Operation(
        name=call.route.partition(" ")[2].strip("/") or "root", route=call.route
    )


def _content(call: Call) -> Content | None:
    if call.classification is None:
        return None
    return Content(classification=call.classification, length=call.prompt_length)


def _reason(call: Call) -> dict[str, str | int] | None:
    if call.problem is None:
        return None
    problem = call.problem
    reason = str(problem.fields["reason"]) if problem.status == 401 else problem.slug
    return {"reason": reason, "status": problem.status}


def _outcome(call: Call) -> Outcome:
    now = time.monotonic_ns()
    first = call.first_ns
    return Outcome(
        status=_status(call),
        finish=call.finish,
        tok_in=call.tokens_in,
        tok_out=call.tokens_out,
        ttft_us=None if first is None else (first - call.began_ns) // 1000,
        dur_us=(now - call.began_ns) // 1000,
        released=call.released,
    )


def _status(call: Call) -> Status:
    if call.gone:
        return Status.CLIENT_ABORTED
    if call.problem is None:
        return Status.OK
    return Status.FAILED if call.problem.status >= 500 else Status.BLOCKED
