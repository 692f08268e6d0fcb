"""How much a tenant and a key may ask for: token buckets, in memory, on a clock that is handed in."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from auth.identity import Principal, TenantId

Clock = Callable[[], float]


class LimitReached(Exception):
    """The budget of ``whose`` (``organisation`` or ``key``) is used up for ``retry_after`` seconds."""

    def __init__(self, whose: str, *, limit: int, retry_after: float) -> None:
        super().__init__(f"the {whose}'s budget of {limit} requests a minute is used up")
        self.whose = whose
        self.limit = limit
        self.retry_after = retry_after


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled: float


class Allowance(msgspec.Struct, frozen=True, gc=False):
    """What is left after a take: requests a minute, requests left, seconds until the bucket is full."""

    limit: int
    remaining: int
    reset: float


class Budget:
    """One token bucket a name, each of ``per_minute`` requests; forgets names that are full again."""

    def __init__(self, whose: str, *, per_minute: int, clock: Clock) -> None:
        self._whose = whose
        self._per_minute = per_minute
        self._rate = per_minute / 60
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def take(self, name: str) -> Allowance:
        """Take one request from the named bucket.

        Raises:
            LimitReached: the bucket holds less than one request; nothing was taken.
        """
        now = self._clock()
        bucket = self._buckets.get(name)
        if bucket is None:
            bucket = self._open(name, now)
        bucket.tokens = self._tokens(bucket, now)
        bucket.filled = now
        if bucket.tokens < 1:
            raise LimitReached(
                self._whose, limit=self._per_minute, retry_after=(1 - bucket.tokens) / self._rate
            )
        bucket.tokens -= 1
        return self._allowance(bucket.tokens)

    def left(self, name: str) -> Allowance:
        """What the named bucket holds; nothing is taken."""
        bucket = self._buckets.get(name)
        full = float(self._per_minute)
        return self._allowance(full if bucket is None else self._tokens(bucket, self._clock()))

    def put_back(self, name: str) -> None:
        """Return a request that was taken but not used."""
        bucket = self._buckets.get(name)
        if bucket is not None:
            bucket.tokens = min(self._per_minute, bucket.tokens + 1)

    def _open(self, name: str, now: float) -> _Bucket:
        if len(self._buckets) >= 4096:
            full_after = self._per_minute / self._rate
            self._buckets = {n: b for n, b in self._buckets.items() if now - b.filled < full_after}
        return self._buckets.setdefault(name, _Bucket(float(self._per_minute), now))

    def _tokens(self, bucket: _Bucket, now: float) -> float:
        return min(self._per_minute, bucket.tokens + (now - bucket.filled) * self._rate)

    def _allowance(self, tokens: float) -> Allowance:
        return Allowance(self._per_minute, int(tokens), (self._per_minute - tokens) / self._rate)


class Limits:
    """The budgets that a model call takes from: the key's first, then its organisation's."""

    def __init__(self, *, tenant_per_minute: int, key_per_minute: int, clock: Clock) -> None:
        self._tenants = Budget("organisation", per_minute=tenant_per_minute, clock=clock)
        self._keys = Budget("key", per_minute=key_per_minute, clock=clock)

    def take(self, who: Principal) -> Allowance:
        """Take one request from every budget of the caller; the tightest allowance is returned.

        Raises:
            LimitReached: one of them is used up; none was charged.
        """
        if who.key is None:
            return self._tenants.take(who.tenant.alias)
        own = self._keys.take(who.key)
        try:
            shared = self._tenants.take(who.tenant.alias)
        except LimitReached:
            self._keys.put_back(who.key)
            raise
        return own if own.remaining <= shared.remaining else shared

    def left_of(self, tenant: TenantId) -> Allowance:
        """What is left of an organisation's budget; nothing is taken."""
        return self._tenants.left(tenant.alias)

    def left_of_key(self, key: str) -> Allowance:
        """What is left of a key's own budget; nothing is taken."""
        return self._keys.left(key)
