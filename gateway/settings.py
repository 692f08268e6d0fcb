"""The configuration: the only reader of the environment, read once, all faults at once, then frozen."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

PREFIX = "VALV_"
_PLACEHOLDERS = frozenset({"", "changeme", "change-me", "secret", "password", "admin", "valv", "example"})

Port = Annotated[int, Field(ge=0, le=65535)]


class BadSettings(Exception):
    """The configuration can't be used; ``faults`` names every fault found, one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Identity(_Frozen):
    """Where Keycloak is, and who the gateway is to it."""

    issuer: AnyHttpUrl
    backend_url: AnyHttpUrl | None = None  # the same realm, as the gateway reaches it, where that differs
    audience: str = "valv-api"
    client_id: str = "valv-gateway"
    client_secret: SecretStr
    admin_client_id: str = "valv-cli"
    admin_client_secret: SecretStr | None = None

    @property
    def reachable_url(self) -> str:
        """The realm's address from here, without a trailing slash."""
        return str(self.backend_url or self.issuer).rstrip("/")


class Audit(_Frozen):
    """Where the ledger and its keys lie; the keys belong outside the data folder."""

    folder: Path
    keys: Path
    origin: str = "valv.local/audit"
    disk_floor_percent: Annotated[float, Field(ge=0, le=50)] = 5.0
    capture: Literal["off", "strict"] = "off"


class Vectors(_Frozen):
    """Chroma: one folder a tenant (embedded), or a server."""

    folder: Path | None = None
    server: AnyHttpUrl | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.folder is None) == (self.server is None):
            raise ValueError("name either VALV_VECTORS__FOLDER or VALV_VECTORS__SERVER")
        return self


class Limits(_Frozen):
    """What one organisation, and one API key, may use."""

    tenant_requests_per_minute: Annotated[int, Field(gt=0)] = 600
    key_requests_per_minute: Annotated[int, Field(gt=0)] = 120
    body_bytes: Annotated[int, Field(gt=0)] = 2 * 1024 * 1024
    upload_bytes: Annotated[int, Field(gt=0)] = 50 * 1024 * 1024
    max_tokens: Annotated[int, Field(gt=0)] = 8192


class Settings(_Frozen):
    """Everything that an operator can choose."""

    host: str = "127.0.0.1"
    port: Port = 8080
    metrics_host: str = "127.0.0.1"
    metrics_port: Port = 8081
    public_url: AnyHttpUrl = Field(default=AnyHttpUrl("http://127.0.0.1:8080"))
    evaluation: bool = False
    data: Path
    database_url: SecretStr
    jobs_url: SecretStr | None = None  # background jobs; default: a file, or the same PostgreSQL
    session_key: SecretStr
    models: Path
    classification: str = "internal"
    web: Path | None = None
    identity: Identity
    audit: Audit
    vectors: Vectors
    limits: Limits = Limits()

    @model_validator(mode="after")
    def _no_placeholders(self) -> Self:
        if self.evaluation:
            return self
        weak = [
            name for name, secret in self._secrets() if secret.get_secret_value().lower() in _PLACEHOLDERS
        ]
        if weak:
            raise ValueError(f"placeholder secrets are refused outside evaluation mode: {', '.join(weak)}")
        if self.public_url.scheme != "https":
            raise ValueError("VALV_PUBLIC_URL must be https outside evaluation mode")
        return self

    def _secrets(self) -> Iterator[tuple[str, SecretStr]]:
        yield "VALV_SESSION_KEY", self.session_key
        yield "VALV_IDENTITY__CLIENT_SECRET", self.identity.client_secret

    @property
    def origin(self) -> str:
        """The address that browsers use, without a trailing slash."""
        return str(self.public_url).rstrip("/")


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings in the environment: ``VALV_A__B`` is ``a.b``, and ``…_FILE`` names a file with the value.

    Raises:
        BadSettings: with every fault at once.
    """
    values, faults = _nested(os.environ if environment is None else environment)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as invalid:
        raise BadSettings(faults + [_sentence(dict(error)) for error in invalid.errors()]) from None
    if faults:
        raise BadSettings(faults)
    return settings


def _nested(environment: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    faults: list[str] = []
    for name in sorted(environment):
        if not name.startswith(PREFIX):
            continue
        value = environment[name]
        key = name.removeprefix(PREFIX)
        if key.endswith("_FILE"):
            key = key.removesuffix("_FILE")
            try:
                value = Path(value).read_text(encoding="utf-8").strip()
            except OSError as unreadable:
                faults.append(f"{name}: the file can't be read ({unreadable.strerror})")
                continue
        _put(values, key.lower().split("__"), value)
    return values, faults


def _put(values: dict[str, Any], path: list[str], value: str) -> None:
    *parents, leaf = path
    for parent in parents:
        values = values.setdefault(parent, {})
    values[leaf] = value


def _sentence(error: dict[str, Any]) -> str:
    path = "__".join(str(part) for part in error["loc"]).upper()
    name = f"{PREFIX}{path}: " if path else ""
    if error["type"] == "missing":
        return f"{name}is not set"
    return name + str(error["msg"]).removeprefix("Value error, ")
