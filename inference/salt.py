"""What keeps one tenant's cached prompts from being found by another."""

import hmac
from collections.abc import Callable

from auth.identity import TenantId

Salt = Callable[[TenantId], str]


class TenantSalts:
    """A salt for each tenant: HMAC-SHA256 of its alias under a key of the installation, in hex.

    vLLM finds a cached prefix only for the same ``cache_salt``; who does not know the key can't ask with the
    salt of another tenant, even with access to the engine's port.
    """

    __slots__ = ("_key", "_known")

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[TenantId, str] = {}

    def __call__(self, tenant: TenantId) -> str:
        salt = self._known.get(tenant)
        if salt is None:
            salt = hmac.digest(self._key, b"cache salt\0" + tenant.alias.encode(), "sha256").hex()
            self._known[tenant] = salt
        return salt
