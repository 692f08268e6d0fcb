"""Makes the demo's documents from their manuscripts: PDF and DOCX, the same bytes every time."""

import argparse
from pathlib import Path

import manuscript
import portable
import word

_HERE = Path(__file__).parent / "documents"
_COLOURS = {"ekdalen": "#2f5d3a", "norrskog": "#1f4e79"}
_RENDERERS = {"pdf": portable.render, "docx": word.render}


def make(source: Path, target: Path) -> list[Path]:
    """Writes one file per manuscript under ``source/<organisation>/``; returns what was written."""
    return [_make_one(path, target) for path in sorted(source.glob("*/*.md"))]


def _make_one(path: Path, target: Path) -> Path:
    organisation = path.parent.name
    written = manuscript.read(path)
    made = target / organisation / f"{written.name}.{written.format}"
    made.parent.mkdir(parents=True, exist_ok=True)
    made.write_bytes(_RENDERERS[written.format](written, _COLOURS[organisation]))
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, default=_HERE / "src")
    parser.add_argument("--into", type=Path, default=_HERE)
    arguments = parser.parse_args()
    for path in make(arguments.source, arguments.into):
        print(path.relative_to(arguments.into))


if __name__ == "__main__":
    main()
