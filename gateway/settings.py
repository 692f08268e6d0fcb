"""The configuration: the only reader of the environment, read once, all faults at once, then frozen."""

import os
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AnyHttpUrl,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

PREFIX = "VALV_"
SESSION_KEY_BYTES = 32
_TRUE = frozenset({"1", "on", "t", "true", "y", "yes"})  # as pydantic reads a bool
_PLACEHOLDERS = frozenset({"", "changeme", "change-me", "secret", "password", "admin", "valv", "example"})


def _networks(said: object) -> object:
    """Addresses and networks, written with commas between."""
    if not isinstance(said, str):
        return said
    named = tuple(each.strip() for each in said.split(",") if each.strip())
    try:
        for each in named:
            ip_network(each)
    except ValueError:
        raise ValueError("must be addresses or networks with commas between, such as 10.0.0.0/8") from None
    return named


Networks = Annotated[tuple[str, ...], BeforeValidator(_networks)]
Port = Annotated[int, Field(ge=0, le=65535)]


class BadSettings(Exception):
    """The configuration can't be used; ``faults`` names every fault found, one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Identity(_Frozen):
    """Where Keycloak is, and who the gateway is to it."""

    issuer: AnyHttpUrl
    """The realm's address, as it stands in tokens."""
    backend_url: AnyHttpUrl | None = None
    """The same realm as the gateway reaches it, where that differs."""
    audience: str = "valv-api"
    """What a token's `aud` must contain."""
    client_id: str = "valv-gateway"
    """The client that logs people in."""
    client_secret: SecretStr
    """That client's secret."""
    admin_client_id: str = "valv-cli"
    """The client of `valv tenants`."""
    admin_client_secret: SecretStr | None = None
    """Its secret; without it there is no provisioning from here."""

    members_client_id: str = "valv-members"
    """The client by which administrators change the members of their organisation."""
    members_client_secret: SecretStr | None = None
    """Its secret; without it nobody's roles can be changed from here."""

    @property
    def reachable_url(self) -> str:
        """The realm's address from here, without a trailing slash."""
        return str(self.backend_url or self.issuer).rstrip("/")


class Audit(_Frozen):
    """Where the ledger and its keys lie; the keys belong outside the data folder."""

    folder: Path
    """The ledger: trees, checkpoints, index."""
    keys: Path
    """Its signing key and secrets; mode 0600, never inside the data folder."""
    origin: str = "valv.local/audit"
    """The name of this installation's logs, as it stands in every checkpoint."""
    own_process: bool = True
    """Whether the ledger works in a process of its own, which alone has the keys and writes the folder."""
    disk_floor_percent: Annotated[float, Field(ge=0, le=50)] = 5.0
    """Below this share of free disk new calls are refused."""
    capture: Literal["off", "strict"] = "off"
    """Whether prompts and answers are kept, sealed, beside the record; `strict` releases nothing before it is kept."""


class Vectors(_Frozen):
    """Chroma: one folder a tenant (embedded), or a server. Name one of the two."""

    folder: Path | None = None
    """The folder, for one gateway alone."""
    server: AnyHttpUrl | None = None
    """The server, which only gateways may reach."""

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.folder is None) == (self.server is None):
            raise ValueError("name either VALV_VECTORS__FOLDER or VALV_VECTORS__SERVER")
        return self


class Limits(_Frozen):
    """What one organisation, and one API key, may use."""

    tenant_requests_per_minute: Annotated[int, Field(gt=0)] = 600
    """Model calls of an organisation, all its people and keys together."""
    key_requests_per_minute: Annotated[int, Field(gt=0)] = 120
    """Model calls of one API key."""
    body_bytes: Annotated[int, Field(gt=0)] = 2 * 1024 * 1024
    """The largest body of a call."""
    upload_bytes: Annotated[int, Field(gt=0)] = 50 * 1024 * 1024
    """The largest document."""
    max_tokens: Annotated[int, Field(gt=0)] = 8192
    """The most tokens that a call may ask for; a model's context may allow less."""
    person_answers: Annotated[int, Field(gt=0)] = 3
    """Answers that may be written for one person at the same time, in their conversations."""


class Contact(_Frozen):
    """Whom visitors are told to turn to: an e-mail address, a telephone number or an https address."""

    accessibility: str | None = None
    """About what they can't use, on the page `/tillganglighet`."""
    privacy: str | None = None
    """About personal data, on the page `/integritet`."""


class Settings(_Frozen):
    """Everything that an operator can choose."""

    host: str = "127.0.0.1"
    """Where the gateway listens."""
    port: Port = 8080
    """Its port."""
    metrics_host: str = "127.0.0.1"
    """Where `/metrics` listens, apart from everything else."""
    metrics_port: Port = 8081
    """Its port."""
    public_url: AnyHttpUrl = Field(default=AnyHttpUrl("http://127.0.0.1:8080"))
    """The address that browsers use; https outside evaluation."""
    trusted_proxies: Networks = ("127.0.0.1",)
    """The proxies whose `X-Forwarded-For` is believed: addresses or networks, with commas between."""
    evaluation: bool = False
    """Whether weak secrets and plain HTTP are let through, and missing ledger keys made; for loopback alone."""
    data: Path
    """Documents and whatever else has no database."""
    database_url: SecretStr
    """`sqlite:///FILE`, or `postgresql://ROLE:PASSWORD@HOST/NAME` with a role that owns nothing."""
    jobs_url: SecretStr | None = None
    """Where background jobs are kept: default a file in the data folder, or the same PostgreSQL."""
    session_key: SecretStr
    """The secret that sessions are sealed with, 32 random bytes or more; changing it logs everybody out."""
    models: Path
    """The description of the model routes (`deploy/models.yaml`)."""
    classification: str = "internal"
    """The class of information that this lab is for; models whose `ceiling` is lower are not asked."""
    web: Path | None = None
    """The web application's built files; default: those in the package, else the clone's `web/dist`."""
    languages: Path | None = None
    """A folder with words of your own for the page: `CODE.json` or `CODE/AREA.json` (see operations.md)."""
    contact: Contact = Contact()
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
    key = values.get("session_key")
    if isinstance(key, str) and "VALV_SESSION_KEY" not in weak and len(key.encode()) < SESSION_KEY_BYTES:
        found.append(
            f"VALV_SESSION_KEY: {len(key.encode())} bytes; outside evaluation mode it must have "
            f"{SESSION_KEY_BYTES} or more, at random"
        )
    if not str(values.get("public_url")).lower().startswith("https:"):
        found.append("VALV_PUBLIC_URL: must be https outside evaluation mode")
    return found


def _sentence(error: dict[str, Any]) -> str:
    path = "__".join(str(part) for part in error["loc"]).upper()
    name = f"{PREFIX}{path}: " if path else ""
    if error["type"] == "missing":
        return f"{name}is not set"
    return name + str(error["msg"]).removeprefix("Value error, ")
