"""The officer's jobs: they go on by themselves, belong to an organisation, and are on record."""

import asyncio
import contextlib
import threading
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO

import anyio
import pytest

from audit.__main__ import main
from audit.keys import open_keys
from audit.ledger import Ledger
from audit.records import Draft, EventType
from audit.status import Limits
from auth.identity import TenantId
from gateway.app import compose
from gateway.inspection.archive import Archive
from gateway.inspection.job import Job, Kind, State
from gateway.inspection.office import KEPT_FOR, OF_A_TENANT, Office
from tests.gateway.fakes import HeldLedger, with_ledger
from tests.gateway.house import inspected, until_ended
from tests.gateway.people import HERE, THERE
from tests.gateway.serving import client, served

pytestmark = pytest.mark.anyio

VERIFICATIONS = "/api/audit/verifications"
EXPORTS = "/api/audit/exports"


@contextlib.asynccontextmanager
async def office_of_its_own(house, folder, ledger):
    """The same house with another ledger and an office that keeps its jobs in a folder of its own."""
    lab = with_ledger(house.lab, ledger)
    archive = Archive(folder)
    archive.open(datetime.now(UTC))
    office = Office(replace(lab.office._tools, archive=archive))
    lab = replace(lab, office=office)
    try:
        async with served(compose(lab)) as url:
            yield replace(house, lab=lab, url=url, shared=None)
    finally:
        await office.close()


@pytest.fixture
async def held(house, tmp_path):
    """A house whose verifications wait; ``let_go`` ends that."""
    let_go = threading.Event()
    async with office_of_its_own(house, tmp_path / "jobs", HeldLedger(house.lab.ledger, let_go)) as own:
        own.let_go = let_go
        yield own
        let_go.set()


async def begin(officer, path=VERIFICATIONS):
    begun = await officer.post(path, json={})
    assert begun.status_code == 202, begun.text
    return begun


async def until_at_work(officer, job):
    with anyio.fail_after(10):
        while (job := (await officer.get(f"{VERIFICATIONS}/{job['id']}")).json())["done"] == 0:
            await anyio.sleep(0.02)
    return job


async def test_a_verification_is_a_job_whose_result_is_kept_and_on_record(house):
    async with await house.person("security-officer") as officer:
        begun = await begin(officer)
        job = await until_ended(officer, f"{VERIFICATIONS}/{begun.json()['id']}")
        newest = (await officer.get("/api/audit/integrity")).json()
    assert (job["state"], job["problem"], job["done"]) == ("done", None, job["size"])
    assert job["found"]["verdict"] in {"fine", "incomplete"}
    assert job["found"]["size"] == job["size"] > 0
    assert newest["verified"]["id"] == job["id"]
    assert newest["size"] >= job["size"]
    asked, ended = await house.records_of(begun)
    assert asked["type"] == ended["type"] == "audit.verify"
    assert (ended["ref"], ended["outcome"]["status"]) == (asked["seq"], "ok")
    assert (ended["detail"]["job"], ended["detail"]["verdict"]) == (job["id"], job["found"]["verdict"])


async def test_a_package_holds_what_was_asked_for_and_verifies_offline(house, shared_things, tmp_path):
    made = await inspected(house, "exports", type="audit.verify")
    async with await house.person("security-officer") as officer:
        answer = await officer.get(f"{EXPORTS}/{made['id']}/file")
    assert answer.status_code == 200
    assert made["asked"] == {"type": "audit.verify"}
    assert HERE in answer.headers["content-disposition"]
    (record,) = await house.records_of(answer)
    assert (record["type"], record["detail"]) == ("audit.view", {"export": made["id"]})
    package = tmp_path / "bundle.zip"
    package.write_bytes(answer.content)
    said = StringIO()
    assert main(["verify", str(package), "--vkey", house.lab.ledger.vkey()], said, said) == 0, said.getvalue()
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        lines = archive.read("records.jsonl").splitlines()
    assert len(lines) == made["package"]["records"] > 0
    assert all(b'"type":"audit.verify"' in line for line in lines)


async def test_the_id_of_an_answer_finds_its_call(house):
    async with await house.person("security-officer") as officer:
        (sought,) = await house.records_of(await officer.get("/api/audit/records"))
        for kind in ("", "chatcmpl-", "cmpl-"):
            found = await officer.get("/api/audit/records", params={"call": kind + sought["call"]})
            assert [item["seq"] for item in found.json()["items"]] == [sought["seq"]]


async def test_an_export_of_what_can_not_be_understood_is_refused_before_it_begins(house):
    async with await house.person("security-officer") as officer:
        refused = await officer.post(EXPORTS, json={"since": "i går"})
    assert (refused.status_code, refused.json()["slug"]) == (400, "bad_value")


async def test_while_a_verification_is_under_way_others_are_answered_and_recorded(held):
    async with await held.person("security-officer") as officer:
        job = await until_at_work(officer, (await begin(officer)).json())
        assert (job["state"], job["done"], job["size"]) == ("running", 512, 2048)
        assert (await officer.get("/api/audit/integrity")).json()["running"]["id"] == job["id"]
        answer = await officer.get("/api/audit/records/0")
        assert answer.status_code == 200
        assert [record["type"] for record in await held.records_of(answer)] == ["audit.view"]
        held.let_go.set()
        ended = await until_ended(officer, f"{VERIFICATIONS}/{job['id']}")
    assert ended["state"] == "done"


async def test_an_organisation_has_a_few_jobs_at_once_and_the_other_has_its_own(held):
    async with await held.person("security-officer") as officer:
        for _ in range(OF_A_TENANT):
            await begin(officer)
        refused = await officer.post(VERIFICATIONS)
        assert (refused.status_code, refused.json()["slug"]) == (429, "too_many_jobs")
        assert refused.headers["retry-after"]
        async with await held.person("security-officer", THERE) as stranger:
            assert (await stranger.get("/api/audit/integrity")).json()["running"] is None
            await begin(stranger)


async def test_a_cancelled_job_ends_at_once_and_is_on_record_as_cancelled(held):
    async with await held.person("security-officer") as officer:
        begun = await begin(officer)
        job = await until_at_work(officer, begun.json())
        assert (await officer.post(f"{VERIFICATIONS}/{job['id']}/cancel")).status_code == 200
        ended = await until_ended(officer, f"{VERIFICATIONS}/{job['id']}")
        again = await officer.post(f"{VERIFICATIONS}/{job['id']}/cancel")
    assert (ended["state"], ended["found"]) == ("cancelled", None)
    assert again.json()["state"] == "cancelled"
    _, end = await held.records_of(begun)
    assert (end["outcome"]["status"], end["detail"]["state"]) == ("client_aborted", "cancelled")


async def test_a_job_that_the_end_of_the_gateway_cuts_is_shown_as_interrupted(held, tmp_path):
    async with await held.person("security-officer") as officer:
        job = await until_at_work(officer, (await begin(officer)).json())
    await held.lab.office.close()
    again = Archive(tmp_path / "jobs")
    again.open(datetime.now(UTC))
    (kept,) = again.jobs(TenantId(HERE), Kind.VERIFICATION)
    assert (kept.id, kept.state) == (job["id"], State.INTERRUPTED)


@pytest.mark.parametrize("state", [State.WAITING, State.RUNNING])
async def test_a_job_that_a_crash_cut_is_shown_as_interrupted_and_leaves_no_file(tmp_path, state):
    tenant, now = TenantId(HERE), datetime.now(UTC)
    before = Archive(tmp_path)
    before.put(tenant, Job("a" * 24, Kind.EXPORT, state, "01J", now))
    before.package(tenant, "a" * 24).write_bytes(b"half of it")
    after = Archive(tmp_path)
    after.open(now)
    job = after.job(tenant, Kind.EXPORT, "a" * 24)
    assert (job.state, job.ended) == (State.INTERRUPTED, now)
    assert not after.package(tenant, "a" * 24).exists()
    assert Archive(tmp_path).job(TenantId(THERE), Kind.EXPORT, "a" * 24) is None


async def test_a_file_that_is_no_job_is_passed_over(tmp_path):
    folder = tmp_path / HERE
    folder.mkdir()
    (folder / "broken.json").write_text("{")
    archive = Archive(tmp_path)
    archive.open(datetime.now(UTC))
    assert archive.jobs(TenantId(HERE), Kind.EXPORT) == []


async def test_a_package_is_deleted_when_its_time_is_out(held):
    async with await held.person("security-officer") as officer:
        begun = await begin(officer, EXPORTS)
        job = await until_ended(officer, f"{EXPORTS}/{begun.json()['id']}")
        file = f"{EXPORTS}/{job['id']}/file"
        assert (await officer.get(file)).status_code == 200
        deleted_at = datetime.fromisoformat(job["package"]["deleted_at"])
        assert abs(deleted_at - datetime.now(UTC) - KEPT_FOR) < timedelta(minutes=1)
        archive = held.lab.office._tools.archive
        archive.tidy(deleted_at - timedelta(seconds=1))
        assert (await officer.get(file)).status_code == 200
        archive.tidy(deleted_at)
        assert not archive.package(TenantId(HERE), job["id"]).exists()
        late = Office(replace(held.lab.office._tools, now=lambda: deleted_at))
        token = await held.people.token("security-officer")
        async with served(compose(replace(held.lab, office=late))) as url, client(url, token) as again:
            gone = await again.get(file)
    assert (gone.status_code, gone.json()["slug"]) == (404, "package_unavailable")


async def test_a_byte_that_was_changed_is_found_and_named_by_the_job(house, tmp_path):
    ledger = await Ledger.open(
        tmp_path / "ledger",
        origin="valv.local/audit",
        keys=open_keys(house.settings.audit.keys),
        limits=Limits(floor=0),
    )
    try:
        await asyncio.gather(*(ledger.append(TenantId(HERE), Draft(EventType.API_READ)) for _ in range(260)))
        async with office_of_its_own(house, tmp_path / "jobs", ledger) as own:
            assert (await inspected(own, "verifications"))["found"]["verdict"] == "fine"
            bundle = tmp_path / "ledger" / "tree" / "t" / HERE / "tile" / "entries" / "000"
            bundle.write_bytes(bundle.read_bytes().replace(b'"seq":77,', b'"seq":78,'))
            job = await inspected(own, "verifications")
            async with await own.person("security-officer") as officer:
                newest = (await officer.get("/api/audit/integrity")).json()["verified"]
    finally:
        await ledger.close()
    assert (job["state"], job["found"]["verdict"]) == ("done", "tampered")
    assert job["found"]["tampered"]["index"] == 77
    assert newest == job | {"seconds": newest["seconds"]}
