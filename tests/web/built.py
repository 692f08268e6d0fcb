"""The built page that is tested: it must be made of the sources that lie beside it."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
BUILD = "python3 deploy/setup/install.py web"


def dist() -> Path:
    """The folder of the built page; without one the test is skipped, with an old one it fails."""
    folder = WEB / "dist"
    if not (folder / "index.html").is_file():
        pytest.skip(f"the page is not built: {BUILD}")
    if not _is_current(folder):
        pytest.fail(f"web/dist was built from other sources than those in web/: {BUILD}")
    return folder


def _is_current(folder: Path) -> bool:
    """The installer names a build by its sources; what `npm run build` makes is as old as its files."""
    sources = _installer()._web_sources(WEB)
    if folder.is_symlink():
        return folder.readlink().parent.name == f"web-{_installer().digest(*sources)}"
    built = (folder / "index.html").stat().st_mtime
    return all(source.stat().st_mtime <= built for source in sources if "src" in source.parts)


def _installer():
    spec = importlib.util.spec_from_file_location("install", ROOT / "deploy" / "setup" / "install.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
