"""A security officer's session on a running lab: a record and its proof, the whole log verified, and evidence."""

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.behaviour import callers
from tests.behaviour.labs import ROOT, RunningLab, until
from tests.browser.person import QUESTION, PersonAtBrowser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_an_officer_from_login_to_logout(
    lab: RunningLab, sit_down: Callable[..., PersonAtBrowser], tmp_path: Path
) -> None:
    call = callers.person(lab, "medarbetare").ask(QUESTION).call
    person = sit_down(lab, "granskare")
    person.log_in()
    filters_the_log(person, call)
    answered = checks_the_proof_of_the_answer(person, tmp_path)
    verifies_the_whole_log(person)
    verifies_offline(lab, takes_away_evidence(person, call, tmp_path))
    sees_that_all_of_it_was_recorded(person, answered)
    person.log_out()


def filters_the_log(person: PersonAtBrowser, call: str) -> None:
    page = person.page
    page.get_by_label("Ärendenummer").fill(call)
    page.get_by_role("button", name="Sök").click()
    expect(events(person)).to_have_text(["Svar från en modell", "Fråga till en modell"])
    page.get_by_role("link", name="Visa bara Svar från en modell").click()
    expect(events(person)).to_have_text(["Svar från en modell"])


def events(person: PersonAtBrowser) -> Locator:
    """What the records of the list are of, newest first."""
    return person.page.locator(".records .record-way")


def checks_the_proof_of_the_answer(person: PersonAtBrowser, folder: Path) -> int:
    """The number of its record, which holds in the browser and, as a file, without Valv."""
    page = person.page
    number = page.locator(".records tbody .record-seq").inner_text()
    events(person).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Post {number}")
    page.get_by_role("button", name="Kontrollera i webbläsaren").click()
    expect(page.locator(".checker .note-good")).to_contain_text(
        "hash, väg och signatur är omräknade och riktiga"
    )
    with page.expect_download() as download:
        page.get_by_role("button", name="Ladda ner bevis").click()
    proof = folder / "record.tlog-proof"
    download.value.save_as(proof)
    assert audit(folder, "check", proof, person.lab) == 0
    return int(number)


def verifies_the_whole_log(person: PersonAtBrowser) -> None:
    """A lab that was killed meanwhile has interrupted questions: that is incomplete, and unaltered."""
    page = person.page
    page.get_by_role("link", name="Kontroll", exact=True).click()
    runs = page.locator(".runs > li")
    page.locator("#runs").wait_for()
    before = runs.count()
    page.get_by_role("button", name="Kontrollera hela loggen").click()
    expect(runs).to_have_count(before + 1, timeout=120_000)
    expect(runs.first.get_by_role("heading")).to_contain_text("Inget är ändrat")
    line = page.get_by_role("region", name="Loggens äkthet")
    expect(line).to_contain_text(re.compile(r"Verifierad till händelse .*\d\d:\d\d"))


def takes_away_evidence(person: PersonAtBrowser, call: str, folder: Path) -> Path:
    page = person.page
    page.get_by_role("link", name="Händelser", exact=True).click()
    page.get_by_role("link", name="Ta bort filtret Händelse").click()
    page.get_by_role("link", name="Exportera dessa").click()
    expect(page.locator(".selection li")).to_have_text([f"Sökt: {call}"])
    page.get_by_role("button", name="Gör ett paket").click()
    made = page.locator(".runs > li").filter(has_text=call)
    expect(made.get_by_role("heading")).to_have_text("2 poster", timeout=120_000)
    with page.expect_download() as download:
        made.get_by_role("link", name=re.compile("Ladda ner")).click()
    package = folder / "bundle.zip"
    download.value.save_as(package)
    return package


def verifies_offline(lab: RunningLab, package: Path) -> None:
    """The package as it came, and a copy in which a single byte of a record is another."""
    assert audit(package.parent, "verify", package, lab) == 0
    altered = package.with_name("altered.zip")
    with zipfile.ZipFile(package) as before, zipfile.ZipFile(altered, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(b"call.outcome", b"call.outcomf", 1))
    assert audit(package.parent, "verify", altered, lab) == 1


def audit(folder: Path, command: str, evidence: Path, lab: RunningLab) -> int:
    """As the page tells to do without Valv: of its sources the folder `audit` alone, and the key that was kept."""
    if not (folder / "audit").exists():
        shutil.copytree(ROOT / "audit", folder / "audit")
    key = (Path(lab.described.ledger) / "vkey").read_text(encoding="utf-8").strip()
    line = [sys.executable, "-m", "audit", command, str(evidence), "--vkey", key]
    return subprocess.run(line, cwd=folder, env={}, capture_output=True, check=False).returncode


def sees_that_all_of_it_was_recorded(person: PersonAtBrowser, since: int) -> None:
    """All of it after the record that was looked at, by one and the same pseudonym."""
    page = person.page
    page.get_by_role("link", name="Händelser", exact=True).click()
    page.get_by_role("link", name="Ta bort alla").click()
    page.get_by_role("button", name="nya i loggen").click()
    newest = [
        page.locator(".records tbody tr").filter(has=page.get_by_role("link", name=what)).first
        for what in ("Sökning i loggen", "Visning ur loggen", "Kontroll av loggen", "Export av loggen")
    ]
    until(lambda: all(int(each.locator(".record-seq").inner_text()) > since for each in newest), within=60)
    assert len({each.locator(".record-actor").inner_text() for each in newest}) == 1
