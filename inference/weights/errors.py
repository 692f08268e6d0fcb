"""What can be wrong with model weights.

WeightsError
  WeightsUnknown     no weights of that name, and no file or folder at that path
  WeightsMissing     known weights whose package is not installed
  WeightsDamaged     a file that is not the pinned one, byte for byte
  WeightsMalformed   a file that does not follow its layout
  WeightsUnfit       weights in a form that the engine cannot read
"""

from pathlib import Path


class WeightsError(Exception):
    """Something about model weights; the root of the tree above."""


class WeightsUnknown(WeightsError):
    """Neither a name that we know nor a path that exists."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no weights are known as {name}, and there is nothing at that path")
        self.name = name


class WeightsMissing(WeightsError):
    """The package that carries the weights is not installed where it should be."""

    def __init__(self, name: str, file: Path) -> None:
        super().__init__(f"the weights {name} are not installed: {file} is missing")
        self.name = name
        self.file = file


class WeightsDamaged(WeightsError):
    """The file has another digest than the pinned one."""

    def __init__(self, file: Path, *, expected: str, found: str) -> None:
        super().__init__(f"{file} is not the pinned file: expected {expected}, found {found}")
        self.file = file
        self.expected = expected
        self.found = found


class WeightsMalformed(WeightsError):
    """The file breaks the layout that its reader expects."""

    def __init__(self, file: Path, fault: str) -> None:
        super().__init__(f"{file}: {fault}")
        self.file = file
        self.fault = fault


class WeightsUnfit(WeightsError):
    """The engine cannot read weights of this form."""

    def __init__(self, name: str, engine: str) -> None:
        super().__init__(f"{engine} cannot read the weights {name}")
        self.name = name
        self.engine = engine
