"""The script that gets Keycloak; what it fetches is tried by every run against the real one."""

import importlib.util
import stat
import sys
import zipfile
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "deploy" / "keycloak" / "install.py"


@pytest.fixture(scope="module")
def install():
    spec = importlib.util.spec_from_file_location("keycloak_install", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_needs_nothing_but_the_standard_library():
    lines = [line for line in SCRIPT.read_text().splitlines() if line.startswith(("import ", "from "))]
    assert {line.split()[1].partition(".")[0] for line in lines} <= set(sys.stdlib_module_names)


def test_what_is_installed_is_not_installed_again(install, tmp_path, monkeypatch):
    home = install.home(tmp_path, "dev-file")
    home.mkdir()
    (home / ".valv-built").write_text("")
    monkeypatch.setenv("PATH", "")
    assert install.install(tmp_path) == home


def test_each_database_has_a_build_of_its_own(install, tmp_path):
    assert install.home(tmp_path, "dev-file") != install.home(tmp_path, "postgres")


def test_without_java_it_says_what_to_install(install, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "argv", ["install.py", "--cache", str(tmp_path)])
    assert install.main() == 1
    assert "openjdk-17-jre-headless" in capsys.readouterr().err


def test_an_archive_that_was_changed_is_thrown_away(install, tmp_path, monkeypatch):
    archive = tmp_path / f"keycloak-quarkus-dist-{install.VERSION}.zip"
    archive.write_bytes(b"changed")
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "mvn").write_text("#!/bin/sh\n")
    (tools / "mvn").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    with pytest.raises(install.Fault, match="changed on its way"):
        install.fetch(tmp_path)
    assert not archive.exists()


def test_unpacking_leaves_a_whole_folder_with_scripts_that_run(install, tmp_path):
    archive, folder = tmp_path / "k.zip", tmp_path / "home"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr(f"keycloak-{install.VERSION}/bin/kc.sh", "#!/bin/sh\n")
    (tmp_path / "home.unpacking").mkdir()
    folder.mkdir()
    (folder / "left-over").write_text("")
    install.unpack(archive, folder)
    assert [each.name for each in folder.iterdir()] == ["bin"]
    assert (folder / "bin" / "kc.sh").stat().st_mode & stat.S_IXUSR
    assert not (tmp_path / "home.unpacking").exists()


def test_a_build_that_fails_is_not_taken_for_built(install, tmp_path):
    script = tmp_path / "bin" / "kc.sh"
    script.parent.mkdir()
    script.write_text("#!/bin/sh\necho no room; exit 1\n")
    script.chmod(0o755)
    with pytest.raises(install.Fault, match="no room"):
        install.build(tmp_path, "dev-file")
    assert not install.installed(tmp_path)
    script.write_text("#!/bin/sh\n")
    install.build(tmp_path, "dev-file")
    assert install.installed(tmp_path)
