"""The officer's steps: the log is listed, verified and exported; a change is found; a crash is seen."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx

from gateway.demo.caller import client
from gateway.demo.telling import StepFailed, expect

if TYPE_CHECKING:
    from gateway.demo.story import Story

_PATIENCE_SECONDS: Final = 180


def officer_reviews(story: "Story") -> None:
    """List, see the listing itself, verify."""
    story.tell.step("The officer lists the calls; the listing itself is on record")
    officer = story.person("granskare", "ekdalen")
    call = story.replies["ekdalen"].call
    found = officer.get("/api/audit/records", call=call)["items"]
    expect({one["record"]["type"] for one in found} == {"call.intent", "call.outcome"}, otherwise=str(found))
    outcome = next(one["record"] for one in found if one["record"]["type"] == "call.outcome")
    story.tell.saw(
        f"Call {call}: {outcome['outcome']['status']}, model {outcome['op']['model']}, "
        f"{len(outcome['rag'])} passages of {len({p['doc'] for p in outcome['rag']})} documents, "
        f"actor {outcome['actor']['pid']} (a pseudonym)"
    )
    newest = officer.get("/api/audit/records", limit=1)["items"][0]
    expect(
        newest["record"]["type"] == "audit.search",
        otherwise=f"the newest record is {newest['record']['type']}",
    )
    story.tell.saw(f"Record {newest['seq']} is this very listing: {newest['record']['type']}")
    job = officer.wait_for("/api/audit/verifications")
    report = job["found"]
    expect(report is not None and report["verdict"] != "tampered", otherwise=f"verification came to {job}")
    story.tell.saw(f"Verified: {report['size']} records, root {report['root'][:16]}…, nothing changed")
    others = story.person("medarbetare", "ekdalen").http.get("/api/audit/records")
    expect(others.status_code == 403, otherwise=f"an employee was answered {others.status_code}")
    story.tell.saw("An employee who asks for the log is refused, and that is on record too")


def offline(story: "Story") -> None:
    """The copied folder and the export verify by themselves, with `python -m audit` alone."""
    story.tell.step(
        "The export and a copy of the ledger verify offline, with nothing of the lab running them"
    )
    officer = story.person("granskare", "ekdalen")
    vkey = (Path(story.lab.ledger) / "vkey").read_text(encoding="utf-8").strip()
    with tempfile.TemporaryDirectory() as scratch:
        package = Path(scratch) / "bundle.zip"
        job = officer.wait_for("/api/audit/exports", call=story.replies["ekdalen"].call)
        answer = officer.http.get(f"/api/audit/exports/{job['id']}/file")
        expect(answer.status_code == 200, otherwise=f"the export was answered {answer.status_code}")
        package.write_bytes(answer.content)
        code, said = audit("verify", str(package), "--vkey", vkey)
        expect(code == 0, otherwise=f"the export did not verify: {said}")
        story.tell.saw(f"python -m audit verify bundle.zip: exit {code}. {_last(said)}")
        copy = _copied(story, scratch)
        code, said = audit("verify", str(copy), "--vkey", vkey)
        expect(code in {0, 2}, otherwise=f"the copy did not verify: {said}")
        story.tell.saw(f"python -m audit verify ledger/: exit {code}. {_last(said)}")


def one_byte(story: "Story") -> None:
    """One changed byte in a copy is found and named."""
    story.tell.step("One byte is changed in a copy of the ledger: it is found and named")
    vkey = (Path(story.lab.ledger) / "vkey").read_text(encoding="utf-8").strip()
    with tempfile.TemporaryDirectory() as scratch:
        copy = _copied(story, scratch)
        bundle = next(path for path in sorted(copy.rglob("entries/**/*")) if path.is_file())
        content = bytearray(bundle.read_bytes())
        place = len(content) // 2
        content[place] ^= 1
        bundle.write_bytes(content)
        code, said = audit("verify", str(copy), "--vkey", vkey)
        expect(code == 1, otherwise=f"the change was not found (exit {code}): {said}")
        story.tell.saw(
            f"Byte {place} of {bundle.relative_to(copy)} flipped: exit {code}. {_first_fault(said)}"
        )


def cut_off(story: "Story") -> None:
    """The gateway dies in mid-stream; after its restart the call stands as interrupted."""
    story.tell.step("The gateway is killed in mid-stream (SIGKILL); the call stands as interrupted")
    asker = story.person("prototypare", "ekdalen")
    body = {
        "model": "smollm2-135m",
        "messages": [{"role": "user", "content": "Tell a long story about a lighthouse."}],
        "max_tokens": 700,
        "stream": True,
    }
    pid = int((Path(story.lab.data) / "gateway.pid").read_text(encoding="utf-8"))
    call, received = "", 0
    with (
        contextlib.suppress(httpx.HTTPError),
        asker.http.stream("POST", "/v1/chat/completions", json=body) as answer,
    ):
        call = answer.headers["x-request-id"]
        for line in answer.iter_lines():
            expect(line != "data: [DONE]", otherwise="the stream ended before the gateway was killed")
            received += line.startswith("data: ")
            if received == 5:
                os.kill(pid, signal.SIGKILL)
    story.tell.saw(f"Killed process {pid} after {received} pieces of call {call}; waiting for its restart")
    _until_ready(story, pid)
    found = story.person("granskare", "ekdalen").get("/api/audit/records", call=call)["items"]
    types = [one["record"]["type"] for one in found]
    expect("call.interrupted" in types, otherwise=f"the call's records are {types}")
    story.tell.saw(f"Records of the call: {', '.join(reversed(types))}")


def audit(*arguments: str) -> tuple[int, str]:
    """The offline verifier in a process of its own: exit code and what it said."""
    command = [sys.executable, "-m", "audit", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own verifier
    return done.returncode, done.stdout + done.stderr


def _copied(story: "Story", scratch: str) -> Path:
    """A copy of one organisation's log, as an officer gets it."""
    logs = [path.parent for path in Path(story.lab.ledger).rglob("checkpoint") if "ekdalen" in str(path)]
    expect(logs, otherwise="the ledger has no log of Ekdalen")
    return Path(shutil.copytree(logs[0], Path(scratch) / "ledger"))


def _until_ready(story: "Story", before: int) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.HTTPError, json.JSONDecodeError), client(story.lab) as http:
            pid = int((Path(story.lab.data) / "gateway.pid").read_text(encoding="utf-8"))
            if pid != before and http.get("/readyz").status_code == 200:
                return
        time.sleep(0.3)
    raise StepFailed("the gateway did not come back")


def _last(said: str) -> str:
    lines = said.strip().splitlines()
    return lines[-1] if lines else ""


def _first_fault(said: str) -> str:
    return next(
        (line.strip() for line in said.splitlines() if "index" in line or "tamper" in line.lower()), said
    )
