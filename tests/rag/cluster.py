"""A PostgreSQL of the tests' own: loopback, thrown away afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.installation.plan import free_ports

_HOMES = ("/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/15/bin")


def binaries() -> Path | None:
    """Where PostgreSQL's own programs are, if it is installed."""
    for home in (
        *_HOMES,
        *filter(None, [shutil.which("initdb") and os.path.dirname(shutil.which("initdb") or "")]),
    ):
        if (Path(home) / "initdb").exists():
            return Path(home)
    return None


@contextmanager
def running(programs: Path) -> Iterator[str]:
    """The address of a database whose owner is no superuser (a superuser passes by row-level security)."""
    folder = Path(tempfile.mkdtemp(prefix="rag-pg-"))
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.getuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres", "postgres")
    data, port = folder / "data", free_ports(1)[0]

    def run(*command: object) -> None:
        subprocess.run(
            [str(word) for word in command], check=True, capture_output=True, cwd=folder, timeout=100
        )

    options = f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories={folder} -c fsync=off"
    initdb = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    ]
    run(*as_user, *initdb)
    control = [*as_user, programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    run(*control, "-o", options, "start")
    try:
        psql = [programs / "psql", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "-c"]
        run(*psql, "CREATE ROLE lab LOGIN NOSUPERUSER")
        run(*psql, "CREATE DATABASE lab OWNER lab")
        yield f"postgresql://lab@127.0.0.1:{port}/lab"
    finally:
        run(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
