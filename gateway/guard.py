"""What a prompt carries that the law treats with care: Swedish personal identity numbers."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

# Skatteverket SKV 704 and 707: YYMMDD-NNNN or YYYYMMDD-NNNN, `+` from the year a person turns 100,
# and samordningsnummer with 60 added to the day.
_CANDIDATE = re.compile(
    r"(?<![\d-])(?P<century>18|19|20)?(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d)[-+ ]?(?P<tail>\d{4})(?!\d)"
)
# Most texts hold no six digits in a row, and this is seen in a tenth of the time.
_A_DATE = re.compile(r"\d{6}")


@dataclass(frozen=True, slots=True)
class Finding:
    """A kind of personal data and how often it stands in the text; never the text itself."""

    kind: str
    count: int


def look(texts: Iterable[str]) -> tuple[Finding, ...]:
    """Count ``personnummer`` and ``samordningsnummer`` in the texts.

    A number counts when its date is plausible and its check digit is right (Luhn over ten digits).
    """
    counts: dict[str, int] = {}
    for text in texts:
        if _A_DATE.search(text) is None:
            continue
        for match in _CANDIDATE.finditer(text):
            kind = _kind(match)
            if kind is not None:
                counts[kind] = counts.get(kind, 0) + 1
    return tuple(Finding(kind, count) for kind, count in sorted(counts.items()))


def _kind(match: re.Match[str]) -> str | None:
    year, month, day, tail = match["year"], match["month"], int(match["day"]), match["tail"]
    if not _luhn(f"{year}{month}{match['day']}{tail}"):
        return None
    coordination = day > 60
    centuries = (match["century"],) if match["century"] else ("19", "20")
    if not any(_is_date(c + year, month, day - 60 if coordination else day) for c in centuries):
        return None
    return "samordningsnummer" if coordination else "personnummer"


def _is_date(year: str, month: str, day: int) -> bool:
    try:
        date(int(year), int(month), day)
    except ValueError:
        return False
    return True


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(digits):
        product = int(digit) * (2 - place % 2)
        total += product // 10 + product % 10
    return total % 10 == 0
