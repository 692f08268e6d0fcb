"""What the gateway writes to the ledger about a call: one record before the work, one at its end."""

import json
import time
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from audit.client import AnyLedger
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
from auth.identity import Caller, Method, Operator, Principal, TenantId, Unplaced
from gateway.calls import Call
from gateway.problems import Problem

_MODEL_CALL: Final = EventType.CALL_INTENT


class Capture(StrEnum):
    """Whether prompts and answers are kept beside the record."""

    OFF = "off"
    STRICT = "strict"


_LOGIN_REFUSED: Final = "login_refused"
_REFUSALS: Final = {401: EventType.AUTH_FAILED, 403: EventType.AUTHZ_DENIED}


class Scribe:
    """Writes the records of calls; every method returns when the record is durable.

    Raises (every method):
        LedgerUnavailable: the record could not be made durable; whoever asked must not go on.
    """

    def __init__(self, ledger: AnyLedger, *, capture: Capture = Capture.OFF) -> None:
        self._ledger = ledger
        self._capture = capture
        version = policy.version()
        self._allow = PolicyVerdict(id="default", ver=version, decision="allow")
        self._deny = PolicyVerdict(id="default", ver=version, decision="deny")

    @property
    def captures(self) -> bool:
        """Whether prompts and answers are kept beside the record."""
        return self._capture is not Capture.OFF

    async def intend(self, call: Call, event: EventType, operation: Operation) -> None:
        """Record what is about to be done, before it is done."""
        call.event, call.operation, call.actor = event, operation, actor_of(call.who)
        call.intent = await self._ledger.append(
            log_of(call.who),
            Draft(
                type=event,
                call=call.id,
                actor=call.actor,
                src=call.source,
                op=operation,
                policy=self._allow,
                guard=call.guard,
                content=_content(call),
                detail=call.detail,
                member=call.member,
            ),
        )

    async def keep_prompt(self, call: Call, texts: Iterable[str]) -> None:
        """Under strict capture, seal the prompt of a call whose intent is durable; its answer follows."""
        if call.intent is None or call.who is None:
            return
        call.spool = await self._ledger.spool(
            log_of(call.who),
            call.intent,
            subject=call.who.subject,
            classification=call.classification or "",
        )
        prompt = json.dumps({"prompt": list(texts)}, ensure_ascii=False)
        await call.spool.write(prompt.encode() + b"\n")

    async def settle(self, call: Call) -> None:
        """Record how the call ended, once: every model call, and whatever failed or handed out passages."""
        call.settled = True
        captured = None if call.spool is None else await call.spool.close()
        if call.intent is None:
            await self._refused(call)
        elif call.event is _MODEL_CALL:
            await self._ledger.append(log_of(call.who), _ended(call, EventType.CALL_OUTCOME, captured))
        elif call.event is not None and (call.problem is not None or call.retrieved):
            await self._ledger.append(log_of(call.who), _ended(call, call.event, captured))

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

    async def conclude(self, call: Call, *, detail: dict[str, str | int]) -> None:
        """Record what came of work that went on after its request, as its second record."""
        if call.intent is None or call.event is None:
            return
        draft = Draft(
            type=call.event,
            call=call.id,
            ref=call.intent.seq,
            actor=actor_of(call.who),
            op=call.operation,
            outcome=_outcome(call),
            detail=detail,
        )
        await self._ledger.append(log_of(call.who), draft)

    async def _refused(self, call: Call) -> None:
        """A named caller was refused before anything was done: that is one record too."""
        who = call.who or call.unplaced
        if who is None or call.problem is None:
            return
        event = _refusal(call.problem)
        denied = event is not EventType.CALL_REFUSED
        draft = Draft(
            type=event,
            call=call.id,
            actor=actor_of(who),
            src=call.source,
            op=_operation(call),
            policy=self._deny if denied else self._allow,
            guard=call.guard,
            content=_content(call),
            outcome=None if denied else _outcome(call),
            detail=_reason(call),
            member=call.member,
        )
        await self._ledger.append(log_of(who), draft)


def log_of(who: Caller | Unplaced | None) -> TenantId | Installation:
    """The log that a caller's records belong to: their organisation's, else the installation's."""
    return who.tenant if isinstance(who, Principal) else INSTALLATION


def actor_of(who: Caller | Unplaced | None) -> Actor | None:
    """The caller as the ledger takes them; it writes pseudonyms only."""
    if who is None:
        return None
    if isinstance(who, Unplaced):
        return Actor(who.subject, idp=who.issuer, acr=who.acr, session=who.session, azp=who.client)
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


def _ended(call: Call, event: EventType, captured: Content | None) -> Draft:
    return Draft(
        type=event,
        call=call.id,
        ref=None if call.intent is None else call.intent.seq,
        actor=call.actor,
        op=call.operation,
        rag=call.retrieved,
        content=captured,
        outcome=_outcome(call),
        detail=_reason(call),
        member=call.member,
    )


def _refusal(problem: Problem) -> EventType:
    """What is on record of a call that was refused: a credential or a login, a right, or the request itself."""
    if problem.slug == _LOGIN_REFUSED:
        return EventType.AUTH_FAILED
    return _REFUSALS.get(problem.status, EventType.CALL_REFUSED)


def _operation(call: Call) -> Operation:
    return call.operation or Operation(
        name=call.route.partition(" ")[2].strip("/") or "root", route=call.route, model=call.model or None
    )


def _content(call: Call) -> Content | None:
    if call.classification is None:
        return None
    return Content(classification=call.classification, length=call.prompt_length)


def _reason(call: Call) -> dict[str, str | int] | None:
    if call.problem is None:
        return None
    problem = call.problem
    told = problem.status == 401 or problem.slug == _LOGIN_REFUSED
    reason = str(problem.fields["reason"]) if told else problem.slug
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
