"""The demonstration's documents, taken in through the gateway at a lab's first start, as any upload is."""

import time
from pathlib import Path
from typing import Final

from gateway.demo.caller import Caller
from gateway.demo.description import Description
from gateway.demo.telling import StepFailed

COLLECTION: Final = "Styrande dokument"
_PATIENCE_SECONDS: Final = 600


def seed(lab: Description, documents: Path) -> int:
    """Upload each organisation's documents unless that was done before; how many are searchable now. Blocks.

    Raises:
        StepFailed: an upload was refused, or a document could not be read.
    """
    done = Path(lab.data) / "seeded"
    if done.exists():
        return 0
    count = sum(_take_in(lab, folder) for folder in sorted(documents.iterdir()) if _is_organisation(folder))
    done.touch()
    return count


def _is_organisation(folder: Path) -> bool:
    return folder.is_dir() and folder.name != "src"


def _take_in(lab: Description, folder: Path) -> int:
    admin = Caller(lab, f"administrator@{folder.name}.example", folder.name)
    known = {one["name"]: one["id"] for one in admin.get("/api/collections")["items"]}
    collection = known.get(COLLECTION) or admin.post("/api/collections", name=COLLECTION)["id"]
    files = sorted(folder.iterdir())
    for file in files:
        admin.upload(collection, file.name, file.read_bytes())
    _wait(admin, collection)
    return len(files)


def _wait(admin: Caller, collection: str) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = admin.get(f"/api/collections/{collection}/documents")["items"]
        failed = [f"{one['name']}: {one['error']}" for one in found if one["state"] == "failed"]
        if failed:
            raise StepFailed("; ".join(failed))
        if all(one["state"] == "ready" for one in found):
            return
        time.sleep(1)
    raise StepFailed("the demonstration's documents were not searchable in ten minutes")
