"""The banner of one organisation: a few plain words in Swedish, in English or in both."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from auth.database import Database
from auth.identity import TenantId
from gateway.banners.tables import LONGEST, banners
from gateway.refusals import BadValue


@dataclass(frozen=True, slots=True)
class Banner:
    """The words; empty in a language that has none."""

    sv: str = ""
    en: str = ""


def written(banner: Banner) -> Banner:
    """The words on one line each, without anything that steers how text is shown.

    Raises:
        BadValue: over 300 characters.
    """
    for name, text in (("sv", banner.sv), ("en", banner.en)):
        if len(_plain(text)) > LONGEST:
            raise BadValue(name, expected=f"at most {LONGEST} characters")
    return Banner(_plain(banner.sv), _plain(banner.en))


def _plain(text: str) -> str:
    """Control and format characters (Unicode Cc, Cf, Cs) are left out: some turn the direction of a text."""
    shown = (" " if each.isspace() else each for each in text)
    return " ".join(
        "".join(each for each in shown if unicodedata.category(each) not in {"Cc", "Cf", "Cs"}).split()
    )


class TenantBanner:
    """Built from a tenant; no method takes one."""

    def __init__(self, database: Database, tenant: TenantId) -> None:
        self._scope = database.of(tenant)
        self._tenant = tenant.alias
        self._insert = sqlite.insert if database.dialect == "sqlite" else postgresql.insert

    async def read(self) -> Banner | None:
        """What is shown now, if anything.

        Raises:
            DatabaseDown.
        """
        query = select(banners).where(banners.c.tenant == self._tenant)
        async with self._scope.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else Banner(row.sv, row.en)

    async def show(self, banner: Banner, now: datetime) -> Banner | None:
        """Show this instead of what was shown before; without words nothing is shown.

        Raises:
            BadValue: too long.
            DatabaseDown.
        """
        kept = written(banner)
        async with self._scope.writing() as connection:
            if kept == Banner():
                await connection.execute(delete(banners).where(banners.c.tenant == self._tenant))
                return None
            values = {"sv": kept.sv, "en": kept.en, "updated": now}
            row = self._insert(banners).values(tenant=self._tenant, **values)
            await connection.execute(row.on_conflict_do_update(index_elements=["tenant"], set_=values))
        return kept
