"""How the office is opened and closed with the gateway."""

import secrets
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from audit.client import AnyLedger
from gateway.inspection.archive import Archive
from gateway.inspection.office import Office, Tools
from gateway.scribe import Scribe

FOLDER: Final = "inspections"


async def open_office(data: Path, stack: AsyncExitStack, ledger: AnyLedger, scribe: Scribe) -> Office:
    """The office, whose jobs and packages are kept below the data folder.

    Raises:
        OSError: what is kept can't be read.
    """
    tools = Tools(
        ledger=ledger,
        scribe=scribe,
        archive=Archive(data / FOLDER),
        now=lambda: datetime.now(UTC),
        new_id=lambda: secrets.token_hex(12),
    )
    office = Office(tools)
    await office.open()
    stack.push_async_callback(office.close)
    return office
