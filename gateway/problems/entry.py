"""How one class of error is told, and one error as it may be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Language = Literal["sv", "en"]
Value = str | int | float | list[str] | None


@dataclass(frozen=True, slots=True)
class Entry:
    """How one class of error is told: ``fields`` names the attributes that may leave."""

    status: int
    slug: str
    kind: str  # the OpenAI error type
    en: str
    sv: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One error as it may be told to its caller."""

    status: int
    slug: str
    kind: str
    texts: Mapping[str, str]
    fields: Mapping[str, Value] = field(default_factory=dict)
    retry_after: int | None = None

    def title(self, language: Language) -> str:
        """What happened and what to do, in the caller's language."""
        return self.texts[language]

    def headers(self) -> list[tuple[bytes, bytes]]:
        """The headers that the status asks for (RFC 9110 sections 10.2.3 and 11.6.1)."""
        found: list[tuple[bytes, bytes]] = []
        if self.retry_after is not None:
            found.append((b"retry-after", str(self.retry_after).encode()))
        if self.status == 401:
            found.append((b"www-authenticate", b"Bearer"))
        if self.status == 405:
            found.append((b"allow", str(self.fields.get("allowed", "")).encode()))
        return found


_INVALID: Final = "invalid_request_error"
AUTHENTICATION: Final = "authentication_error"
PERMISSION: Final = "permission_error"
RATE: Final = "rate_limit_error"
_SERVER: Final = "server_error"


def invalid(status: int, slug: str, en: str, sv: str, *fields: str) -> Entry:
    """The caller's to mend."""
    return Entry(status, slug, _INVALID, en, sv, fields)


def broken(status: int, slug: str, en: str, sv: str, *fields: str) -> Entry:
    """Ours to mend."""
    return Entry(status, slug, _SERVER, en, sv, fields)
