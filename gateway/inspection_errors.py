"""What can go wrong with an officer's jobs.

::

    InspectionError
    ├── UnknownJob          this organisation has none of that id and kind
    ├── TooManyJobs         as many are under way                        .limit, .retry_after
    └── PackageUnavailable  the export has no file (yet, or any more)
"""

from typing import Final


class InspectionError(Exception):
    """Something about an officer's jobs; the root of the tree above."""


class UnknownJob(InspectionError):
    """This organisation has no such job."""


class TooManyJobs(InspectionError):
    """``limit`` jobs of this organisation are under way already."""

    retry_after: Final = 10

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class PackageUnavailable(InspectionError):
    """The package is not made yet, was not made at all, or was deleted when its time was out."""
