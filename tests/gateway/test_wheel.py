"""The wheel is whole: whoever installs it serves the web application without Node and without the clone."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from gateway.site import built

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of this clone, whose web application `make web` has built."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (made,) = folder.glob("*.whl")
    return made


def test_the_web_applications_built_files_are_in_the_wheel(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    dist = (ROOT / "web" / "dist").resolve()
    files = {f"gateway/web/{path.relative_to(dist)}" for path in dist.rglob("*") if path.is_file()}
    assert "gateway/web/index.html" in files
    assert files <= names
    assert not [name for name in names if name.startswith(("web/", "tests/", "node_modules/"))]


def test_an_installed_package_finds_its_own_files(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path)
    found = subprocess.run(
        [sys.executable, "-c", "from gateway.site import built; print(built())"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == str(tmp_path / "gateway" / "web")


def test_a_clone_has_them_where_they_are_built_and_a_package_without_any_serves_none(tmp_path):
    package, dist = tmp_path / "gateway", tmp_path / "web" / "dist"
    assert built(package) is None
    dist.mkdir(parents=True)
    (dist / "index.html").write_text("")
    assert built(package) == dist
    (package / "web").mkdir(parents=True)
    assert built(package) == dist
    (package / "web" / "index.html").write_text("")
    assert built(package) == package / "web"
