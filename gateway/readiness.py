"""Which parts of the lab answer, and what to do about one that doesn't."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import httpx
from sqlalchemy import text

from auth.errors import AuthError, DatabaseDown
from gateway.lab import Lab

if TYPE_CHECKING:
    from collections.abc import Awaitable

_PROBE_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the lab; ``advice`` says what to do when it does not answer."""

    name: str
    ready: bool
    advice: str | None = None


async def parts(lab: Lab) -> list[Part]:
    """Every part, asked at once."""
    asked: list[Awaitable[Part]] = [_database(lab), _identity(lab)]
    if lab.settings.vectors.server is not None:
        asked.append(_vectors(f"{lab.settings.vectors.server}api/v2/heartbeat"))
    asked += [_model(lab, route.name) for route in lab.catalogue.routes if route.engine is not None]
    return [_ledger(lab), *await asyncio.gather(*asked)]


def _ledger(lab: Lab) -> Part:
    status = lab.ledger.status()
    advice = f"The ledger stopped ({status.reason}): see docs/operations.md, then restart the gateway."
    return Part("ledger", status.healthy, None if status.healthy else advice)


async def _database(lab: Lab) -> Part:
    try:
        async with lab.database.installation.reading() as connection:
            await connection.execute(text("SELECT 1"))
    except DatabaseDown:
        return Part("database", ready=False, advice="Start the database, or correct VALV_DATABASE_URL.")
    return Part("database", ready=True)


async def _identity(lab: Lab) -> Part:
    try:
        await lab.provider.check()
    except AuthError:
        advice = "Start Keycloak, or correct VALV_IDENTITY__ISSUER; people can't log in until then."
        return Part("identity", ready=False, advice=advice)
    return Part("identity", ready=True)


async def _vectors(url: str) -> Part:
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=_PROBE_SECONDS) as http:
            (await http.get(url)).raise_for_status()
    except httpx.HTTPError:
        advice = "Start the Chroma server, or correct VALV_VECTORS__SERVER; documents can't be searched until then."
        return Part("vectors", ready=False, advice=advice)
    return Part("vectors", ready=True)


async def _model(lab: Lab, name: str) -> Part:
    health = await lab.models.health(lab.catalogue.route(name))
    advice = (
        f"The model server of '{name}' does not answer. `valv up` restarts its own by itself; else start it with "
        f"`valv models serve {name}`."
    )
    return Part(f"model:{name}", health.well, None if health.well else advice)
