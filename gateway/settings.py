"""The configuration: the only reader of the environment, read once, all faults at once, then frozen."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

PREFIX = "VALV_"
_TRUE = frozenset({"1", "on", "t", "true", "y", "yes"})  # as pydantic reads a bool
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
    faults += _risks(values)
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
            except UnicodeDecodeError:
                faults.append(f"{name}: the file can't be read (no UTF-8 text)")
                continue
        if not _put(values, key.lower().split("__"), value):
            faults.append(f"{name}: what it belongs to is set as a single value")
    return values, faults


def _put(values: dict[str, Any], path: list[str], value: str) -> bool:
    """Whether there is a place for the value: no parent of it has a value of its own."""
    *parents, leaf = path
    place: Any = values
    for parent in parents:
        place = place.setdefault(parent, {})
        if not isinstance(place, dict):
            return False
    place[leaf] = value
    return True


def _risks(values: Mapping[str, Any]) -> list[str]:
    """What only an evaluation may have; told from what was set, so that it is named beside every other fault."""
    if str(values.get("evaluation")).lower() in _TRUE:
        return []
    identity = values.get("identity")
    secrets = {
        "VALV_SESSION_KEY": values.get("session_key"),
        "VALV_IDENTITY__CLIENT_SECRET": identity.get("client_secret") if isinstance(identity, dict) else None,
    }
    weak = [
        name for name, secret in secrets.items() if secret is not None and secret.lower() in _PLACEHOLDERS
    ]
    found = [f"{name}: a placeholder is refused outside evaluation mode" for name in weak]
    if not str(values.get("public_url")).lower().startswith("https:"):
        found.append("VALV_PUBLIC_URL: must be https outside evaluation mode")
    return found


def _sentence(error: dict[str, Any]) -> str:
    path = "__".join(str(part) for part in error["loc"]).upper()
    name = f"{PREFIX}{path}: " if path else ""
    if error["type"] == "missing":
        return f"{name}is not set"
    return name + str(error["msg"]).removeprefix("Value error, ")
