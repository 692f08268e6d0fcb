"""When the ledger can't be written to, nothing is answered unrecorded, and everybody is told why."""

import errno
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from gateway.demo.caller import client
from tests.behaviour import labs
from tests.behaviour.callers import CHAT, call_of, person, records, refusal
from tests.behaviour.labs import RunningLab, until

pytestmark = [pytest.mark.lab, pytest.mark.timeout(600)]

SIZE = "32m"
# Without these even root is bound by a folder's mode.
BOUND = (
    "setpriv",
    "--bounding-set=-dac_override,-dac_read_search",
    "--inh-caps=-dac_override,-dac_read_search",
)
STORY = {
    "model": "smollm2-135m",
    "messages": [{"role": "user", "content": "Tell a long story about a lighthouse."}],
    "max_tokens": 200,
    "stream": True,
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLab]:
    """A lab whose data folder is a disk and its ledger on another, a small one; it must obey the modes of folders."""
    if os.geteuid() != 0:
        pytest.skip("a small disk can only be mounted by root")
    folder = tmp_path_factory.mktemp("small")
    ledger = folder / "data" / "ledger"
    (folder / "data" / "lost+found").mkdir(parents=True, mode=0o700)
    mount = f'mkdir -p {ledger} && mount -t tmpfs -o size={SIZE},mode=0700 ledger {ledger} && exec "$@"'
    lab = labs.start("embedded", folder, inside=["unshare", "--mount", "sh", "-c", mount, "small", *BOUND])
    labs.wait_for_documents(lab)
    yield lab
    labs.stop(lab.process)


def ledger_of(lab: RunningLab) -> Path:
    """The ledger's folder, as the lab's own processes see it."""
    return Path(f"/proc/{lab.process.pid}/root{lab.described.ledger}")


def fill(lab: RunningLab, *, leave: float) -> Path:
    """Fill the small disk up to that free share."""
    filler = ledger_of(lab) / "filler"
    with filler.open("wb") as file:
        until(lambda: _filled(file.fileno(), leave), within=10)
    return filler


def _filled(file: int, leave: float) -> bool:
    disk = os.fstatvfs(file)
    missing = disk.f_bavail * disk.f_frsize - int(disk.f_blocks * disk.f_frsize * leave)
    try:
        os.posix_fallocate(file, 0, missing)
    except OSError as fault:
        if fault.errno != errno.ENOSPC:
            raise
        return False  # the ledger took some of it meanwhile
    return True


def ledger_part(lab: RunningLab) -> dict[str, object]:
    return lab.readiness()["ledger"]


def check_nothing_is_answered(lab: RunningLab, reason: str) -> None:
    """On the call path and in the workspace; and the officer can't even look unrecorded."""
    with known_programme(lab) as http:
        answers = [
            http.post("/v1/chat/completions", json=CHAT),
            http.post("/v1/embeddings", json={"model": "multilingual-e5-small", "input": "x"}),
        ]
    answers.append(person(lab, "medarbetare").http.post("/api/answers", json={"question": "Hej?"}))
    answers.append(person(lab, "medarbetare").http.get("/api/collections"))
    answers.append(person(lab, "granskare").http.get("/api/audit/records"))
    assert [refusal(answer) for answer in answers] == [(503, "audit_unavailable")] * 5
    assert f"({reason})" in answers[0].json()["error"]["message"]


_KEYS: dict[str, str] = {}


def known_programme(lab: RunningLab) -> httpx.Client:
    """A programme whose key was made while the ledger was well."""
    if lab.described.url not in _KEYS:
        _KEYS[lab.described.url] = person(lab, "prototypare").post("/api/keys", name="Prov", days=1)["secret"]
    return client(lab.described, _KEYS[lab.described.url])


def verified(lab: RunningLab) -> bool:
    job = person(lab, "granskare").wait_for("/api/audit/verifications")
    assert job["found"]["verdict"] != "tampered", job
    return True


def test_a_full_disk_refuses_new_calls_lets_those_in_flight_finish_and_is_over_when_there_is_room(
    small: RunningLab,
) -> None:
    with known_programme(small) as http:
        with http.stream("POST", "/v1/chat/completions", json=STORY) as answer:
            lines = answer.iter_lines()
            next(lines)
            filler = fill(small, leave=0.0)
            rest = list(lines)
        call = answer.headers["x-request-id"]
    assert "data: [DONE]" in rest
    try:
        until(lambda: ledger_part(small)["ready"] is False, within=10, otherwise=lambda: ledger_part(small))
        assert "disk_low" in str(ledger_part(small)["advice"])
        check_nothing_is_answered(small, "disk_low")
    finally:
        filler.unlink()
    until(lambda: ledger_part(small)["ready"], within=20, otherwise=lambda: ledger_part(small))
    with known_programme(small) as http:
        assert http.post("/v1/chat/completions", json=CHAT).status_code == 200
    assert [each["type"] for each in records(small, call)] == ["call.intent", "call.outcome"]
    assert verified(small)


def test_a_folder_that_cant_be_written_to_ends_all_answers_until_a_restart(small: RunningLab) -> None:
    with known_programme(small) as http:
        before = call_of(http.post("/v1/chat/completions", json=CHAT))
        folders = [each for each in ledger_of(small).rglob("*") if each.is_dir()] + [ledger_of(small)]
        for folder in folders:
            folder.chmod(0o500)
        try:
            http.post("/v1/chat/completions", json=CHAT)  # may still be put on record in a file that is open
            until(
                lambda: ledger_part(small)["ready"] is False, within=20, otherwise=lambda: ledger_part(small)
            )
            assert "failed" in str(ledger_part(small)["advice"])
            check_nothing_is_answered(small, "failed")
        finally:
            for folder in folders:
                folder.chmod(0o700)
        assert ledger_part(small)["ready"] is False, "a ledger that failed is believed without a restart"
    gateway = small.group("gateway")
    os.kill(gateway, signal.SIGKILL)
    until(lambda: small.group("gateway") != gateway, within=60)
    small.wait_until_ready()
    assert [each["type"] for each in records(small, before)] == ["call.intent", "call.outcome"]
    with known_programme(small) as http:
        assert http.post("/v1/chat/completions", json=CHAT).status_code == 200
    assert verified(small)
