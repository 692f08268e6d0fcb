"""Why the parts of an installation cannot run.

LaunchError
  PartNotStarted     it ended, or was not ready in time, before it was ever ready
  PartGaveUp         it crashed too often in too short a time
  PortTaken          something else already listens where it should
  GuardLost          the process that cleans up after a killed launcher is gone
"""

from pathlib import Path


class LaunchError(Exception):
    """Something that ends the whole; the root of the tree above. Its text is a sentence for people."""


class PartError(LaunchError):
    """Something that happened to one part; its log says more."""

    def __init__(self, sentence: str, *, part: str, log: Path) -> None:
        super().__init__(sentence)
        self.part = part
        self.log = log


class PartNotStarted(PartError):
    """The part was never ready."""


class PartGaveUp(PartError):
    """The part was ready and then crashed again and again."""


class PortTaken(LaunchError):
    """Another program has the port."""

    def __init__(self, *, part: str, port: int) -> None:
        super().__init__(f"{part} cannot start: another program already listens on 127.0.0.1:{port}.")
        self.part = part
        self.port = port


class GuardLost(LaunchError):
    """Without its guard a killed launcher would leave processes behind, so it stops instead."""

    def __init__(self) -> None:
        super().__init__("The guard process ended, so everything is stopped.")
