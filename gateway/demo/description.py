"""What others need to use a running lab: written by whoever started it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

DESCRIPTION: Final = "lab.json"


@dataclass(frozen=True, slots=True)
class Description:
    """What others need to use a running lab: addresses, and the demo people's password."""

    flavour: str
    url: str
    metrics_url: str
    issuer: str
    data: str
    ledger: str
    vkeys: str
    demo_client: str
    demo_secret: str
    demo_password: str

    def write(self, folder: Path) -> None:
        """Leave it in the data folder, for its owner only."""
        file = folder / DESCRIPTION
        file.touch(mode=0o600)
        file.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The description of a lab that was started from this folder.

        Raises:
            FileNotFoundError: none was.
        """
        return cls(**json.loads((folder / DESCRIPTION).read_text(encoding="utf-8")))
