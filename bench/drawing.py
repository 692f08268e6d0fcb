"""What a page of a PDF costs: drawn in the sandbox, and found again where it was drawn before.

    python -m bench.drawing [FILE ...]

Without files: the demonstration's own. Pages are drawn one at a time.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

from auth.identity import TenantId
from rag.album import Album
from rag.formats import PDF
from rag.picture import packed, unpacked
from rag.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "deploy" / "demo" / "documents"


async def drawn(path: Path, album: Album) -> list[tuple[float, float, int]]:
    """Milliseconds to draw, milliseconds to find again, and bytes of the image, page by page."""
    sandbox = Sandbox(seconds=20)
    figures = []
    for number in range(1, len((await Sandbox().read(path, PDF)).pages) + 1):
        began = time.perf_counter()
        picture = unpacked(await sandbox.draw(path, number))
        took = time.perf_counter() - began
        album.keep(path.stem, number, packed(picture))
        began = time.perf_counter()
        unpacked(album.find(path.stem, number) or b"")
        figures.append((1000 * took, 1000 * (time.perf_counter() - began), len(picture.image)))
    return figures


async def main() -> None:
    paths = [Path(name) for name in sys.argv[1:]] or sorted(DEMO.glob("*/*.pdf"))
    with tempfile.TemporaryDirectory() as folder:
        album = Album(Path(folder), TenantId("bench"))
        figures = [figure for path in paths for figure in await drawn(path, album)]
    draws, finds, sizes = (sorted(column) for column in zip(*figures, strict=True))
    print(f"{len(figures)} pages of {len(paths)} documents")
    for title, values, unit in (("drawn in", draws, "ms"), ("found again in", finds, "ms")):
        print(f"{title:15} {statistics.median(values):7.1f} {unit}, at most {values[-1]:7.1f} {unit}")
    print(f"image           {statistics.median(sizes) / 1000:7.0f} kB, at most {sizes[-1] / 1000:7.0f} kB")


if __name__ == "__main__":
    asyncio.run(main())
