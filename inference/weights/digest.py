"""One digest for the weights of a model, whether they are a file or a folder."""

import hashlib
from pathlib import Path


def digest_of(weights: Path) -> str:
    """``sha256:<hex>`` of a file; of a folder, that of its sorted lines ``<hex>  <relative path>\\n``.

    The folder's lines are those of ``sha256sum``, so that anyone can compute the same with ordinary tools.
    """
    if weights.is_dir():
        return f"sha256:{hashlib.sha256(_listing(weights).encode()).hexdigest()}"
    return f"sha256:{_hex(weights)}"


def _listing(folder: Path) -> str:
    files = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return "".join(f"{_hex(folder / name)}  {name}\n" for name in files)


def _hex(file: Path) -> str:
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
