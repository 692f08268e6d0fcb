"""The gateway against nginx as a bare proxy and against the upstream alone, in one run, as ratios.

    python -m bench.gateway [--seconds 5] [--rounds 3]

The upstream is nginx answering a fixed file, so that what stands in front of it is what is measured. The gateway runs
as `valv serve` with everything on: key check, policy, limits, guard, two durable records a call. Load comes from wrk.
Beside the rates stands the processor time (all threads) that each spends on a call: other work on the machine moves the
rates, and hardly that.
"""

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from bench.fake_upstream import chat_answer, chat_chunks
from bench.process import launched, processor_seconds, ready, warm
from gateway.installation.plan import free_ports

WRK = shutil.which("wrk") or "wrk"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
PATH = "/v1/chat/completions"
CASES = {"whole answer, 64 connections": ("whole", 64), "64-token stream, 16 connections": ("stream", 16)}

NGINX_CONF = """
worker_processes 1; daemon off; pid {folder}/{name}.pid; error_log {folder}/{name}.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 1000000;
  client_body_temp_path {folder}/{name}-b; proxy_temp_path {folder}/{name}-p;
  fastcgi_temp_path {folder}/{name}-f; uwsgi_temp_path {folder}/{name}-u; scgi_temp_path {folder}/{name}-s;
  {servers}
}}
"""
FIXED = """server {{ listen 127.0.0.1:{port}; location = {path} {{ error_page 405 =200 /{file}; return 405; }}
  location = /{file} {{ root {folder}; default_type {kind}; }} location = /health {{ return 200; }} }}"""
PROXY = """upstream u{port} {{ server 127.0.0.1:{to}; keepalive 128; }}
  server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://u{port}; proxy_http_version 1.1;
  proxy_set_header Connection ""; proxy_buffering off; }} }}"""


@dataclass(frozen=True)
class Figures:
    """Requests a second, latency in milliseconds, processor time a request in microseconds."""

    rate: float
    p50: float
    p99: float
    cpu: float


@dataclass(frozen=True)
class Stage:
    """Where the three answer, by what is asked of them."""

    targets: dict[str, dict[str, int]]
    processes: dict[str, int]
    folder: Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, _stage(Path(scratch)) as stage:
        for title, (kind, connections) in CASES.items():
            found = _measure(stage, kind, connections, asked.seconds, asked.rounds)
            _tell(title, found)


def _measure(stage: Stage, kind: str, connections: int, seconds: int, rounds: int) -> dict[str, Figures]:
    runs: dict[str, list[Figures]] = {name: [] for name in stage.targets}
    for name in stage.targets:
        _load(stage, name, kind, connections, 1)
    for _ in range(rounds):
        for name in stage.targets:
            runs[name].append(_load(stage, name, kind, connections, seconds))
    return {name: _typical(each) for name, each in runs.items()}


def _typical(runs: list[Figures]) -> Figures:
    """The middle of each figure; of the processor time the least, for other work can only add to it."""
    middle = [statistics.median(getattr(run, field.name) for run in runs) for field in fields(Figures)]
    return Figures(*middle[:-1], cpu=min(run.cpu for run in runs))


def _load(stage: Stage, name: str, kind: str, connections: int, seconds: int) -> Figures:
    script = stage.folder / f"{kind}.lua"
    url = f"http://127.0.0.1:{stage.targets[name][kind]}{PATH}"
    command = [WRK, "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(script), url]
    before = processor_seconds(stage.processes[name])
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    spent = processor_seconds(stage.processes[name]) - before
    if "Non-2xx" in said or "Socket errors" in said:
        print(f"{name}: {said}", file=sys.stderr)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])  # type: ignore[index]
    answered = int(re.search(r"(\d+) requests in", said)[1])  # type: ignore[index]
    return Figures(
        rate, _milliseconds(said, "50%"), _milliseconds(said, "99%"), spent / max(1, answered) * 1e6
    )


def _milliseconds(said: str, share: str) -> float:
    number, unit = re.search(rf"{share}\s+([\d.]+)(us|ms|s)", said).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]


def _tell(title: str, found: dict[str, Figures]) -> None:
    print(f"\n{title}")
    nginx = found["nginx"]
    for name, figures in found.items():
        added = f"+{figures.p50 - found['upstream'].p50:.2f} / +{figures.p99 - found['upstream'].p99:.2f} ms"
        print(
            f"  {name:9} {figures.rate:9.0f}/s  {figures.rate / nginx.rate:6.3f} of nginx   "
            f"p50 {figures.p50:7.2f} ms  p99 {figures.p99:7.2f} ms  (added {added})  "
            f"{figures.cpu:6.0f} us CPU, {nginx.cpu / figures.cpu:6.3f} of nginx"
        )


@contextmanager
def _stage(folder: Path) -> Iterator[Stage]:
    whole, stream, nginx_whole, nginx_stream = free_ports(4)
    (folder / "whole.json").write_bytes(chat_answer().partition(b"\r\n\r\n")[2])
    (folder / "stream.sse").write_bytes(_plain(chat_chunks(64)))
    folder.chmod(0o755)  # nginx's workers are another user's when root starts it
    fixed = [(whole, "whole.json", "application/json"), (stream, "stream.sse", "text/event-stream")]
    servers = "\n".join(FIXED.format(port=p, path=PATH, file=f, kind=k, folder=folder) for p, f, k in fixed)
    proxies = "\n".join(PROXY.format(port=p, to=t) for p, t in ((nginx_whole, whole), (nginx_stream, stream)))
    started = [_nginx(folder, "upstream", servers), _nginx(folder, "proxy", proxies)]
    try:
        with launched(folder, whole=whole, stream=stream) as gateway:
            for kind in ("whole", "stream"):
                (folder / f"{kind}.lua").write_text(_script(kind, gateway.key))
            ready(gateway)
            warm(gateway)
            yield Stage(
                {
                    "upstream": {"whole": whole, "stream": stream},
                    "nginx": {"whole": nginx_whole, "stream": nginx_stream},
                    "gateway": {"whole": gateway.port, "stream": gateway.port},
                },
                {"upstream": started[0].pid, "nginx": started[1].pid, "gateway": gateway.process.pid},
                folder,
            )
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()


def _plain(chunks: list[bytes]) -> bytes:
    """The events without the chunked coding: nginx adds its own framing."""
    return b"".join(chunk.partition(b"\r\n")[2].removesuffix(b"\r\n") for chunk in chunks[:-1])


def _script(kind: str, key: str) -> str:
    body = {
        "model": kind,
        "messages": [{"role": "user", "content": "Hur många semesterdagar har jag rätt till?"}],
        "max_tokens": 64,
        "stream": kind == "stream",
    }
    return (
        f"wrk.method = 'POST'\nwrk.body = [[{json.dumps(body)}]]\n"
        f"wrk.headers['Content-Type'] = 'application/json'\nwrk.headers['Authorization'] = 'Bearer {key}'\n"
    )


def _nginx(folder: Path, name: str, servers: str) -> subprocess.Popen[bytes]:
    conf = folder / f"{name}.conf"
    conf.write_text(NGINX_CONF.format(folder=folder, name=name, servers=servers))
    return subprocess.Popen([NGINX, "-c", str(conf), "-p", str(folder), "-e", str(folder / f"{name}.err")])


if __name__ == "__main__":
    main()
