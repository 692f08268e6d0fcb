"""Who may do what: one table, and one question to it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from auth.errors import Forbidden
from auth.identity import Caller, Method, Operator, Principal, Role


class Action(StrEnum):
    """Everything that can be allowed or refused.

    Grammar: ``noun ":" verb``, each ``[a-z]+``; the noun is what is acted on, in the singular, the verb what
    is done to it. Alphabetical. A released value never gets another meaning: ledgers keep it for years.
    """

    AUDIT_EXPORT = "audit:export"
    AUDIT_SEARCH = "audit:search"
    AUDIT_VERIFY = "audit:verify"
    AUDIT_VIEW = "audit:view"
    BANNER_WRITE = "banner:write"
    CHAT_ASK = "chat:ask"
    COLLECTION_READ = "collection:read"
    COLLECTION_WRITE = "collection:write"
    COMPLETION_CREATE = "completion:create"
    CONVERSATION_READ = "conversation:read"
    CONVERSATION_WRITE = "conversation:write"
    DOCUMENT_DELETE = "document:delete"
    DOCUMENT_READ = "document:read"
    DOCUMENT_UPLOAD = "document:upload"
    EMBEDDING_CREATE = "embedding:create"
    INSTALLATION_READ = "installation:read"
    KEY_CREATE = "key:create"
    KEY_LIST = "key:list"
    KEY_REVOKE = "key:revoke"
    LEDGER_INSPECT = "ledger:inspect"
    MEMBER_READ = "member:read"
    MEMBER_WRITE = "member:write"
    MODEL_LIST = "model:list"
    PASSAGE_SEARCH = "passage:search"
    RERANK_CREATE = "rerank:create"
    SESSION_READ = "session:read"
    TENANT_CREATE = "tenant:create"
    TENANT_LIST = "tenant:list"
    TENANT_READ = "tenant:read"
    TOKEN_COUNT = "token:count"  # noqa: S105  a name, no secret
    USAGE_READ = "usage:read"


_EVERYONE: Final = frozenset({Action.MODEL_LIST, Action.SESSION_READ, Action.TENANT_READ, Action.USAGE_READ})

_WORK: Final = _EVERYONE | {
    Action.CHAT_ASK,
    Action.COLLECTION_READ,
    Action.COLLECTION_WRITE,
    Action.CONVERSATION_READ,
    Action.CONVERSATION_WRITE,
    Action.DOCUMENT_DELETE,
    Action.DOCUMENT_READ,
    Action.DOCUMENT_UPLOAD,
    Action.PASSAGE_SEARCH,
}

ALLOWED: Final[Mapping[Role, frozenset[Action]]] = MappingProxyType(
    {
        Role.EMPLOYEE: _WORK,
        Role.PROTOTYPER: _WORK
        | {
            Action.COMPLETION_CREATE,
            Action.EMBEDDING_CREATE,
            Action.KEY_CREATE,
            Action.KEY_LIST,
            Action.KEY_REVOKE,
            Action.RERANK_CREATE,
            Action.TOKEN_COUNT,
        },
        Role.SECURITY_OFFICER: _EVERYONE
        | {
            Action.AUDIT_EXPORT,
            Action.AUDIT_SEARCH,
            Action.AUDIT_VERIFY,
            Action.AUDIT_VIEW,
            Action.MEMBER_READ,
        },
        Role.TENANT_ADMIN: _EVERYONE
        | {
            Action.BANNER_WRITE,
            Action.COLLECTION_READ,
            Action.COLLECTION_WRITE,
            Action.DOCUMENT_DELETE,
            Action.DOCUMENT_READ,
            Action.DOCUMENT_UPLOAD,
            Action.KEY_LIST,
            Action.KEY_REVOKE,
            Action.MEMBER_READ,
            Action.MEMBER_WRITE,
        },
    }
)

OPERATOR_ALLOWED: Final = frozenset(
    {
        Action.INSTALLATION_READ,
        Action.LEDGER_INSPECT,
        Action.SESSION_READ,
        Action.TENANT_CREATE,
        Action.TENANT_LIST,
    }
)

# What an API key can be given at most: never the log, the members or other keys, and it has no session.
KEY_SCOPES: Final = ALLOWED[Role.PROTOTYPER] - {
    Action.KEY_CREATE,
    Action.KEY_LIST,
    Action.KEY_REVOKE,
    Action.SESSION_READ,
}

# Whoever reads the log must not be the one who rules what it is about (AUDIT.md section 6).
SEPARATED: Final = frozenset({Role.SECURITY_OFFICER, Role.TENANT_ADMIN})


@dataclass(frozen=True, slots=True)
class KeyHolder(Principal):
    """A caller with an API key: their roles' actions, cut down to the key's ``scopes``."""

    scopes: frozenset[Action] = field(default_factory=frozenset)


@lru_cache(maxsize=256)
def actions(roles: frozenset[Role]) -> frozenset[Action]:
    """What these roles allow together; officer and administrator in one person allow nothing of either."""
    counted = roles - SEPARATED if roles >= SEPARATED else roles
    return frozenset().union(*(ALLOWED[role] for role in counted))


def granted(caller: Caller) -> frozenset[Action]:
    """Everything that this caller may do; nothing for an API key that carries no scopes."""
    if isinstance(caller, Operator):
        return OPERATOR_ALLOWED
    if isinstance(caller, KeyHolder):
        return _of_key(caller.roles, caller.scopes)
    if caller.method is Method.API_KEY:
        return frozenset()
    return actions(caller.roles)


@lru_cache(maxsize=1024)
def _of_key(roles: frozenset[Role], scopes: frozenset[Action]) -> frozenset[Action]:
    return actions(roles) & scopes & KEY_SCOPES


def require(caller: Caller, action: Action) -> None:
    """Return if the caller may do this.

    Raises:
        Forbidden: they may not.
    """
    if action not in granted(caller):
        raise Forbidden(action)


def version() -> str:
    """``sha256:<hex>`` of the whole table; goes on the ledger's records as ``policy.ver``."""
    rows = [f"{role}={','.join(sorted(ALLOWED[role]))}" for role in sorted(ALLOWED)]
    rows += [f"operator={','.join(sorted(OPERATOR_ALLOWED))}", f"key={','.join(sorted(KEY_SCOPES))}"]
    rows += [f"separated={','.join(sorted(SEPARATED))}"]
    return "sha256:" + hashlib.sha256("\n".join(rows).encode()).hexdigest()
