"""The nouns of the ledger: what is put on record, and the receipt for it.

Structs, and arrays between processes: two drafts and two receipts are made, packed and read in every call.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import msgspec

from auth.identity import TenantId


class EventType(StrEnum):
    """What happened. Grammar: ``noun.verb``, both ``[a-z_]+``; new ones are added, none is ever reused."""

    ADMIN_BANNER_CHANGE = "admin.banner_change"
    ADMIN_COLLECTION_CREATE = "admin.collection_create"
    ADMIN_COLLECTION_DELETE = "admin.collection_delete"
    ADMIN_LIMITS_CHANGE = "admin.limits_change"
    ADMIN_MEMBER_ADD = "admin.member_add"
    ADMIN_MEMBER_REMOVE = "admin.member_remove"
    ADMIN_POLICY_CHANGE = "admin.policy_change"
    ADMIN_ROLES_CHANGE = "admin.roles_change"
    ADMIN_TENANT_CREATE = "admin.tenant_create"
    ADMIN_TENANT_DELETE = "admin.tenant_delete"
    API_CHANGE = "api.change"
    API_READ = "api.read"
    AUDIT_EXPORT = "audit.export"
    AUDIT_SEARCH = "audit.search"
    AUDIT_VERIFY = "audit.verify"
    AUDIT_VIEW = "audit.view"
    AUTH_FAILED = "auth.failed"
    AUTH_LOGIN = "auth.login"
    AUTH_LOGOUT = "auth.logout"
    AUTHZ_DENIED = "authz.denied"
    BREAKGLASS_APPROVE = "breakglass.approve"
    BREAKGLASS_CLOSE = "breakglass.close"
    BREAKGLASS_OPEN = "breakglass.open"
    BREAKGLASS_REQUEST = "breakglass.request"
    CALL_INTENT = "call.intent"
    CALL_INTERRUPTED = "call.interrupted"
    CALL_OUTCOME = "call.outcome"
    CALL_REFUSED = "call.refused"
    DOC_DELETE = "doc.delete"
    DOC_INGEST = "doc.ingest"
    DOC_VIEW = "doc.view"
    EGRESS_BLOCKED = "egress.blocked"
    KEY_CREATE = "key.create"
    KEY_REVOKE = "key.revoke"
    KEY_ROTATE = "key.rotate"
    KEY_SHRED = "key.shred"
    LEDGER_CLOCK = "ledger.clock"
    LEDGER_FAILED = "ledger.failed"
    LEDGER_HEARTBEAT = "ledger.heartbeat"
    LEDGER_RECOVERED = "ledger.recovered"
    LEDGER_START = "ledger.start"
    LEDGER_STOP = "ledger.stop"
    MODEL_LOAD = "model.load"
    PAGE_FAILED = "page.failed"
    RETENTION_PRUNE = "retention.prune"


class ActorKind(StrEnum):
    """What sort of caller acted."""

    ADMIN = "admin"
    SERVICE = "service"
    USER = "user"


class Status(StrEnum):
    """How a call ended."""

    BLOCKED = "blocked"
    CLIENT_ABORTED = "client_aborted"
    FAILED = "failed"
    OK = "ok"


@dataclass(frozen=True, slots=True)
class Installation:
    """The log of what belongs to no tenant."""


INSTALLATION: Final = Installation()

LogName = TenantId | Installation


class Actor(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Who acted, raw; the ledger writes a pseudonym and keyed hashes, never subject or session."""

    subject: str
    kind: ActorKind = ActorKind.USER
    idp: str = ""
    acr: str | None = None
    session: str | None = None
    azp: str = ""
    roles: tuple[str, ...] = ()


class Source(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Where the request came from; the user agent is written as a keyed hash."""

    ip: str | None = None
    user_agent: str | None = None


class Operation(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What was asked for. ``params_h`` and ``model_digest`` are ``sha256:<hex>``."""

    name: str
    route: str
    model: str | None = None
    model_digest: str | None = None
    params_h: str | None = None
    stream: bool = False
    max_tokens: int | None = None


class Retrieved(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One passage that was handed to the model; the score in thousandths."""

    store: str
    doc: str
    chunk: int
    ver: str
    score_milli: int


class PolicyVerdict(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Which policy, in which version, decided what."""

    id: str
    ver: str
    decision: str


class GuardFinding(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What the guard saw, how often, and what it did; never the finding itself."""

    kind: str
    count: int
    action: str


class Content(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The captured content, by reference: sealed blob, digests and the id of its wrapped key."""

    classification: str
    length: int
    blob: str | None = None
    ct: str | None = None
    cm: str | None = None
    dek: str | None = None


class Outcome(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """How a call ended; times in microseconds, ``released`` in bytes."""

    status: Status
    finish: str | None = None
    tok_in: int | None = None
    tok_out: int | None = None
    ttft_us: int | None = None
    dur_us: int | None = None
    released: int = 0


class Draft(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What the caller wants on record; the ledger adds number, time, nonce and chain.

    ``member`` is the person whom the event is about, raw; the ledger writes their pseudonym as ``detail.member``.
    """

    type: EventType
    call: str | None = None
    ref: int | None = None
    actor: Actor | None = None
    src: Source | None = None
    op: Operation | None = None
    rag: tuple[Retrieved, ...] = ()
    policy: PolicyVerdict | None = None
    guard: tuple[GuardFinding, ...] = ()
    content: Content | None = None
    outcome: Outcome | None = None
    purpose: str | None = None
    case: str | None = None
    retain: str | None = None
    detail: Mapping[str, str | int] | None = None
    member: str | None = None


class Receipt(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Proof to the caller that the record is durable: origin of the log, number, leaf hash, call id."""

    log: str
    seq: int
    leaf: bytes
    call: str | None
