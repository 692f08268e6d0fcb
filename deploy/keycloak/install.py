"""Fetches, checks, unpacks and builds Keycloak; standard library, Maven and Java only.

    python deploy/keycloak/install.py --cache DIR [--database dev-file|postgres]

The last line on standard output is the folder of the built server. Safe to run again, and after a break.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

VERSION = "26.7.4"
SHA256 = "a286e98b4296d4e75ee88d8527c7cd463b307caa022f088c9f22cffccc741fa1"
DATABASES = ("dev-file", "postgres")
_ARTIFACT = f"org.keycloak:keycloak-quarkus-dist:{VERSION}:zip"
_BUILT = ".valv-built"


class Fault(Exception):
    """Keycloak can't be installed; the text says why and what to do."""


def say(text: str) -> None:
    """Progress goes to standard error, so that standard output is the answer alone."""
    print(f"keycloak: {text}", file=sys.stderr, flush=True)


def home(cache: Path, database: str) -> Path:
    """The folder of the built server; the database is fixed when Keycloak is built."""
    suffix = "" if database == "dev-file" else f"-{database}"
    return cache / f"keycloak-{VERSION}{suffix}"


def installed(folder: Path) -> bool:
    return (folder / _BUILT).is_file()


def _need(program: str, package: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise Fault(f"{program} is missing: install the Debian package {package}")
    return found


def _maven(arguments: list[str]) -> None:
    command = [_need("mvn", "maven"), "-q", "-B", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise Fault(f"Maven could not fetch Keycloak: {(done.stdout + done.stderr).strip()[-500:]}")


def _digest(archive: Path) -> str:
    with archive.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def fetch(folder: Path) -> Path:
    """The archive, whose SHA-256 is the pinned one."""
    _maven(["dependency:get", f"-Dartifact={_ARTIFACT}", "-Dtransitive=false"])
    folder.mkdir(parents=True, exist_ok=True)
    _maven(
        [
            "dependency:copy",
            f"-Dartifact={_ARTIFACT}",
            f"-DoutputDirectory={folder}",
            "-Dmdep.useBaseVersion=true",
        ]
    )
    archive = folder / f"keycloak-quarkus-dist-{VERSION}.zip"
    found = _digest(archive)
    if found != SHA256:
        archive.unlink()
        raise Fault(f"the archive has SHA-256 {found}, not {SHA256}: it was changed on its way")
    return archive


def unpack(archive: Path, folder: Path) -> None:
    """Unzip beside ``folder`` and rename, so that a break leaves nothing that looks whole."""
    beside = folder.with_name(folder.name + ".unpacking")
    shutil.rmtree(beside, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(beside)
    (beside / f"keycloak-{VERSION}").rename(folder)
    beside.rmdir()
    # zipfile drops the permission bits.
    for script in (folder / "bin").glob("*.sh"):
        script.chmod(0o755)


def build(folder: Path, database: str) -> None:
    """Let Keycloak settle its build-time options once, which makes every later start three times as fast."""
    options = [f"--db={database}", "--health-enabled=true", "--features-disabled=impersonation"]
    command = [str(folder / "bin" / "kc.sh"), "build", *options]
    environment = {**os.environ, "JAVA_OPTS_APPEND": "-Xmx768m"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise Fault(f"Keycloak could not be built: {(done.stdout + done.stderr).strip()[-1000:]}")
    (folder / _BUILT).write_text(" ".join(options) + "\n")


def install(cache: Path, database: str = "dev-file") -> Path:
    """The folder of a built Keycloak under ``cache``; does only what is not done yet."""
    folder = home(cache, database)
    if installed(folder):
        return folder
    _need("java", "openjdk-17-jre-headless")
    say(f"fetching {VERSION} with Maven (177 MB)")
    archive = fetch(cache / "download")
    say("checksum is right; unpacking")
    unpack(archive, folder)
    say("building (about a minute)")
    build(folder, database)
    archive.unlink()
    return folder


def main() -> int:
    parser = argparse.ArgumentParser(description="Fetch, check, unpack and build Keycloak.")
    parser.add_argument("--cache", type=Path, required=True, help="folder to install into")
    parser.add_argument("--database", choices=DATABASES, default="dev-file")
    asked = parser.parse_args()
    try:
        print(install(asked.cache.expanduser().resolve(), asked.database))
    except Fault as fault:
        say(str(fault))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
