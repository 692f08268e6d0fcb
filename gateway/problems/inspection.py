"""What callers are told about the officer's jobs."""

from typing import Final

from gateway import inspection_errors as inspection
from gateway.problems.entry import RATE, Entry, invalid

TABLE: Final[dict[type[Exception], Entry]] = {
    inspection.UnknownJob: invalid(404, "not_found", "There is no such job.", "Jobbet finns inte."),
    inspection.TooManyJobs: Entry(
        429,
        "too_many_jobs",
        RATE,
        "{limit} verifications or exports of yours are under way already. Wait for one to end, or cancel one.",
        "{limit} kontroller eller exporter pågår redan i din organisation. Vänta tills en är klar, eller avbryt en.",
        ("limit", "retry_after"),
    ),
    inspection.PackageUnavailable: invalid(
        404,
        "package_unavailable",
        "The package is not there: it is not finished, or it was deleted when its time was out. Make a new export.",
        "Paketet finns inte: det är inte klart, eller så raderades det när tiden gick ut. Gör en ny export.",
    ),
}
