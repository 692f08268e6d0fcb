"""From a draft to the bytes of a record: numbered, stamped, chained, and without a raw identity in them.

The text is put together by hand from fragments in the order of RFC 8785, because this runs twice in every
call; a test holds it against an independent implementation of the standard.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import msgspec

from audit.canonical import LARGEST_BODY, canonical, printable, quoted, quoted_or_null, whole
from audit.clock import second_of, ulid
from audit.errors import RecordRefused
from audit.keys import Entropy, LedgerKeys
from audit.pseudonyms import Pseudonyms
from audit.records import (
    Actor,
    Content,
    Draft,
    EventType,
    GuardFinding,
    Operation,
    Outcome,
    PolicyVerdict,
    Source,
)
from audit.records import Retrieved as Passage

_REMEMBERED: Final = 8192
_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(slots=True)
class Head:
    """The end of one log: the next number, and the last leaf hash in hex."""

    log: str
    next: int = 0
    last: str | None = None


class Moment(msgspec.Struct, frozen=True, gc=False):
    """When a batch is put on record; ``nonces`` yields fresh random bytes."""

    wall_ns: int
    mono_ns: int
    entropy: Entropy


class Composer:
    """Builds record bodies; used by one thread."""

    def __init__(self, keys: LedgerKeys, pseudonyms: Pseudonyms, *, boot: str) -> None:
        self._keys = keys
        self._pseudonyms = pseudonyms
        self._boot = f'"boot":{quoted(boot)},"call":'
        self._hash_keys: dict[str, bytes] = {}
        self._people: dict[tuple[str, Actor | None, Source | None], tuple[str, str]] = {}
        self._operations: dict[Operation | PolicyVerdict, str] = {}
        self._names: dict[str, str] = {}
        self._generation = pseudonyms.generation
        self._second = (0, "")

    def compose(self, head: Head, draft: Draft, moment: Moment) -> tuple[bytes, str | None]:
        """The body of the record that comes next in the log, and the id of its call.

        Raises:
            RecordRefused: a number out of range, a malformed key, or a body over 16 KiB.
        """
        actor, src = self._people_of(head.log, draft)
        call = draft.call
        if call is None and draft.type is EventType.CALL_INTENT:
            call = ulid(moment.wall_ns, moment.entropy(10))
        prev = "null" if head.last is None else f'"{head.last}"'
        body = (
            f"{{{actor}{self._boot}{quoted_or_null(call)},"
            f'"case":{quoted_or_null(draft.case)},{_content(draft.content)}{_detail(self._detail_of(head.log, draft))}'
            f'{_guard(draft.guard)}"log":{self._name(head.log)},"mono_ns":"{moment.mono_ns}",'
            f'"nonce":"{moment.entropy(16).hex()}",{self._operation(draft.op)}{_outcome(draft.outcome)}'
            f'{self._operation(draft.policy)}"prev":{prev},"purpose":{quoted_or_null(draft.purpose)},'
            f'{_rag(draft.rag)}"ref":{whole("ref", draft.ref)},"retain":{quoted_or_null(draft.retain)},'
            f'"seq":{head.next},{src}"ts":"{self._stamp(moment.wall_ns)}","type":"{draft.type.value}","v":1}}'
        ).encode()
        if len(body) > LARGEST_BODY:
            raise RecordRefused("record", f"{len(body)} bytes; at most {LARGEST_BODY}")
        return body, call

    def keyed_hash(self, log: str, kind: str, text: str) -> str:
        """``h_`` and 128 bits of HMAC-SHA-256 under the log's own key."""
        key = self._hash_keys.get(log)
        if key is None:
            key = self._hash_keys[log] = self._keys.hash_key(log)
        return "h_" + hmac.digest(key, f"{kind}\0{text}".encode("utf-8", "surrogatepass"), sha256)[:16].hex()

    def _detail_of(self, log: str, draft: Draft) -> Mapping[str, str | int] | None:
        if draft.member is None:
            return draft.detail
        return {**(draft.detail or {}), "member": self._pseudonyms.pid(log, draft.member)}

    def _people_of(self, log: str, draft: Draft) -> tuple[str, str]:
        if self._generation != self._pseudonyms.generation:
            self._people.clear()
            self._generation = self._pseudonyms.generation
        place = (log, draft.actor, draft.src)
        known = self._people.get(place)
        if known is None:
            if len(self._people) >= _REMEMBERED:
                self._people.clear()
            known = self._people[place] = self._actor(log, draft.actor), self._source(log, draft.src)
        return known

    def _actor(self, log: str, actor: Actor | None) -> str:
        if actor is None:
            return ""
        session = None if actor.session is None else self.keyed_hash(log, "sid", actor.session)
        written = canonical(
            {
                "acr": None if actor.acr is None else printable(actor.acr),
                "azp": printable(actor.azp),
                "idp": printable(actor.idp),
                "kind": actor.kind.value,
                "pid": self._pseudonyms.pid(log, actor.subject),
                "roles": [printable(role) for role in actor.roles],
                "sid": session,
            }
        )
        return f'"actor":{written},'

    def _source(self, log: str, src: Source | None) -> str:
        if src is None:
            return ""
        agent = "null" if src.user_agent is None else f'"{self.keyed_hash(log, "ua", src.user_agent)}"'
        return f'"src":{{"ip":{quoted_or_null(src.ip)},"ua_h":{agent}}},'

    def _operation(self, part: Operation | PolicyVerdict | None) -> str:
        if part is None:
            return ""
        known = self._operations.get(part)
        if known is None:
            if len(self._operations) >= _REMEMBERED:
                self._operations.clear()
            known = self._operations[part] = _op(part) if isinstance(part, Operation) else _policy(part)
        return known

    def _name(self, log: str) -> str:
        known = self._names.get(log)
        if known is None:
            known = self._names[log] = quoted(log)
        return known

    def _stamp(self, wall_ns: int) -> str:
        second = wall_ns // 1_000_000_000
        if second != self._second[0]:
            self._second = (second, second_of(wall_ns))
        return f"{self._second[1]}.{wall_ns // 1000 % 1_000_000:06d}Z"


def _op(op: Operation) -> str:
    stream = "true" if op.stream else "false"
    return (
        f'"op":{{"max_tokens":{whole("op.max_tokens", op.max_tokens)},"model":{quoted_or_null(op.model)},'
        f'"model_digest":{quoted_or_null(op.model_digest)},"name":{quoted(op.name)},'
        f'"params_h":{quoted_or_null(op.params_h)},"route":{quoted(op.route)},"stream":{stream}}},'
    )


def _policy(policy: PolicyVerdict) -> str:
    decision = quoted(policy.decision)
    return f'"policy":{{"decision":{decision},"id":{quoted(policy.id)},"ver":{quoted(policy.ver)}}},'


def _outcome(outcome: Outcome | None) -> str:
    if outcome is None:
        return ""
    return (
        f'"outcome":{{"dur_us":{whole("outcome.dur_us", outcome.dur_us)},'
        f'"finish":{quoted_or_null(outcome.finish)},'
        f'"released":{whole("outcome.released", outcome.released)},"status":"{outcome.status.value}",'
        f'"tok_in":{whole("outcome.tok_in", outcome.tok_in)},'
        f'"tok_out":{whole("outcome.tok_out", outcome.tok_out)},'
        f'"ttft_us":{whole("outcome.ttft_us", outcome.ttft_us)}}},'
    )


def _content(content: Content | None) -> str:
    if content is None:
        return ""
    return (
        f'"content":{{"blob":{quoted_or_null(content.blob)},"class":{quoted(content.classification)},'
        f'"cm":{quoted_or_null(content.cm)},"ct":{quoted_or_null(content.ct)},"dek":{quoted_or_null(content.dek)},'
        f'"len":{whole("content.len", content.length)}}},'
    )


def _guard(findings: tuple[GuardFinding, ...]) -> str:
    if not findings:
        return ""
    rows = (
        f'{{"action":{quoted(found.action)},"count":{whole("guard.count", found.count)},'
        f'"kind":{quoted(found.kind)}}}'
        for found in findings
    )
    return f'"guard":[{",".join(rows)}],'


def _rag(passages: tuple[Passage, ...]) -> str:
    if not passages:
        return ""
    rows = (
        f'{{"chunk":{whole("rag.chunk", passage.chunk)},"doc":{quoted(passage.doc)},'
        f'"score_milli":{whole("rag.score_milli", passage.score_milli)},"store":{quoted(passage.store)},'
        f'"ver":{quoted(passage.ver)}}}'
        for passage in passages
    )
    return f'"rag":[{",".join(rows)}],'


def _detail(detail: Mapping[str, str | int] | None) -> str:
    if not detail:
        return ""
    rows = []
    for key in sorted(detail):
        if not _KEY.fullmatch(key):
            raise RecordRefused("detail", "a key is a to z, 0 to 9 and underscores")
        value = detail[key]
        rows.append(f'"{key}":{quoted(value) if isinstance(value, str) else whole(f"detail.{key}", value)}')
    return f'"detail":{{{",".join(rows)}}},'
