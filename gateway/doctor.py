"""What is wrong with an installation, one sentence a fault, and what to do about it."""

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
from sqlalchemy.exc import SQLAlchemyError

from audit.errors import KeysFault
from audit.keys import open_keys
from auth.database import Database
from auth.errors import AuthError, DatabaseDown
from gateway import schema
from gateway.settings import Settings
from inference.errors import CatalogueFaulty
from inference.models import Catalogue
from inference.salt import TenantSalts
from inference.upstream import Models

_TIMEOUT: Final = httpx.Timeout(5)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: fine, or at fault with what to do."""

    subject: str
    fault: str | None = None
    advice: str = ""


Check = Callable[[Settings], Awaitable[list[Finding]]]


async def disk(settings: Settings) -> list[Finding]:
    """Room and rights where data and ledger lie."""
    return list(_disk(settings))


def _disk(settings: Settings) -> Iterator[Finding]:
    for folder in (settings.data, settings.audit.folder):
        if not folder.is_dir() or not os.access(folder, os.W_OK):
            yield Finding(
                str(folder), "can't be written to", "Make the folder and give it to the gateway's user."
            )
            continue
        usage = shutil.disk_usage(folder)
        free = usage.free / usage.total * 100
        if free < settings.audit.disk_floor_percent:
            low = f"has {free:.1f} % free; below {settings.audit.disk_floor_percent} % new calls are refused"
            yield Finding(str(folder), low, "Free disk space, or move the folder to a larger disk.")
            continue
        yield Finding(f"{folder}: {free:.0f} % free")


async def ledger(settings: Settings) -> list[Finding]:
    """The ledger's keys: there, private, and not inside the data."""
    try:
        open_keys(settings.audit.keys)
    except KeysFault as fault:
        return [Finding("ledger keys", str(fault), "Restore the keys folder from its backup, mode 0600.")]
    if settings.audit.keys.resolve().is_relative_to(settings.data.resolve()):
        advice = "Move VALV_AUDIT__KEYS out of VALV_DATA: a copy of the data must not open the log's secrets."
        return [Finding("ledger keys", "lie inside the data folder", advice)]
    return [Finding("ledger keys")]


async def database(settings: Settings) -> list[Finding]:
    """Reachable, and at this version's schema."""
    opened = Database(settings.database_url.get_secret_value())
    try:
        await schema.check(opened)
    except schema.SchemaOutdated as outdated:
        return [Finding("database", str(outdated), "Run `valv migrate` with the gateways stopped.")]
    except (DatabaseDown, SQLAlchemyError, OSError):
        return [Finding("database", "does not answer", "Start it, or correct VALV_DATABASE_URL.")]
    finally:
        await opened.close()
    return [Finding(f"database ({opened.dialect})")]


async def keycloak(settings: Settings) -> list[Finding]:
    """The realm answers under the address that stands in its tokens, and offers what the gateway needs."""
    url = f"{settings.identity.reachable_url}/.well-known/openid-configuration"
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False) as http:
            said = (await http.get(url)).raise_for_status().json()
    except (httpx.HTTPError, ValueError):
        advice = "Start Keycloak, or correct VALV_IDENTITY__ISSUER."
        return [Finding("Keycloak", f"does not answer at {url}", advice)]
    issuer = str(settings.identity.issuer).rstrip("/")
    if said.get("issuer") != issuer:
        advice = "Make Keycloak's hostname and VALV_IDENTITY__ISSUER the same; tokens carry the former."
        return [Finding("Keycloak", f"calls itself {said.get('issuer')}, not {issuer}", advice)]
    if "organization" not in said.get("scopes_supported", []):
        advice = "Switch Organizations on in the realm, and import deploy/keycloak/valv-realm.json."
        return [Finding("Keycloak", "does not offer the scope 'organization'", advice)]
    return [Finding("Keycloak"), *_provisioning(settings)]


def _provisioning(settings: Settings) -> Iterator[Finding]:
    from auth.keycloak import as_service

    identity = settings.identity
    if identity.admin_client_secret is None:
        return
    server, _, realm = identity.reachable_url.rpartition("/realms/")
    secret = identity.admin_client_secret.get_secret_value()
    try:
        known = as_service(server, realm=realm, client=identity.admin_client_id, secret=secret).list_tenants()
    except AuthError:
        advice = "Correct VALV_IDENTITY__ADMIN_CLIENT_SECRET, or give the client its realm-management roles."
        yield Finding("provisioning", "the client valv-cli can't list organisations", advice)
        return
    yield Finding(f"provisioning: {len(known)} organisations")


async def models(settings: Settings) -> list[Finding]:
    """The description is sound, and every model server answers."""
    try:
        catalogue = Catalogue.from_yaml(settings.models.read_text(encoding="utf-8"))
    except CatalogueFaulty as faulty:
        return [Finding(str(settings.models), fault, "Correct the description.") for fault in faulty.faults]
    except OSError:
        return [Finding(str(settings.models), "can't be read", "Correct VALV_MODELS.")]
    asked = Models(catalogue, salt=TenantSalts(b"doctor"))
    found = []
    for route in catalogue.routes:
        health = await asked.health(route)
        down = [backend.url for backend in health.backends if not backend.well]
        fault = f"does not answer at {', '.join(down)}" if down else None
        found.append(Finding(f"model {route.name}", fault, "Start its server; its log says why it stopped."))
    await asked.close()
    return found


async def vectors(settings: Settings) -> list[Finding]:
    """The Chroma server, where there is one."""
    server = settings.vectors.server
    if server is None:
        return [Finding("Chroma (embedded)")]
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False) as http:
            (await http.get(f"{str(server).rstrip('/')}/api/v2/heartbeat")).raise_for_status()
    except httpx.HTTPError:
        return [
            Finding("Chroma", f"does not answer at {server}", "Start it, or correct VALV_VECTORS__SERVER.")
        ]
    return [Finding("Chroma")]


async def egress(settings: Settings) -> list[Finding]:  # noqa: ARG001  a check like the others
    """Whether this machine has a way out: Valv needs none, and a sealed lab should have none."""
    ways = await asyncio.to_thread(_ways_out, Path("/proc/net/route"))
    if not ways:
        return [Finding("egress: no default route")]
    advice = "Valv never uses it; close it by firewall, network namespace or Kubernetes NetworkPolicy."
    return [Finding("egress", f"there is a default route through {', '.join(ways)}", advice)]


def _ways_out(routes: Path) -> list[str]:
    """The interfaces that lead everywhere (destination 0.0.0.0 of the kernel's IPv4 table)."""
    rows = [line.split() for line in routes.read_text(encoding="ascii").splitlines()[1:]]
    return sorted({row[0] for row in rows if row[1] == "00000000"})


CHECKS: Final[dict[str, Check]] = {
    "disk": disk,
    "ledger": ledger,
    "database": database,
    "keycloak": keycloak,
    "vectors": vectors,
    "models": models,
    "egress": egress,
}

# A way out is a fault of the surroundings that a person decides about; it alone does not fail the command.
WARNINGS: Final = frozenset({"egress"})
