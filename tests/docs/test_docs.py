"""The documents lead somewhere: links resolve, decisions keep their form, what is named exists."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("docs/**/*.md"), ROOT / "SECURITY.md", ROOT / "CONTRIBUTING.md"])
DECISIONS = sorted(ROOT.glob("docs/decisions/0*.md"))
SECTIONS = ["Context", "Decision", "Consequences", "Alternatives refused", "Enforced by"]

LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")
NAMED = re.compile(r"`((?:gateway|inference|rag|auth|audit|web|deploy|bench|docs|tests)/[\w./-]*\w)`")


def of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=of)
def test_every_link_leads_to_a_file(page):
    targets = LINK.findall(page.read_text("utf-8"))

    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=of)
def test_every_file_that_is_named_exists(page):
    named = NAMED.findall(page.read_text("utf-8"))

    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", DECISIONS, ids=of)
def test_a_decision_has_its_five_sections_and_one_quotable_sentence(page):
    text = page.read_text("utf-8")

    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS
    assert text.startswith(f"# {page.name[:4]}: ")
    assert re.search(r"^## Decision\n\*\*[^*]+\.\*\*$", text, re.MULTILINE)
    assert len(text.splitlines()) <= 60


def test_the_index_lists_every_decision_by_its_own_title():
    index = (ROOT / "docs/decisions/README.md").read_text("utf-8")

    for page in DECISIONS:
        number, title = page.read_text("utf-8").splitlines()[0].removeprefix("# ").split(": ", 1)
        assert f"| [{number}]({page.name}) | {title} |" in index


def test_decisions_are_numbered_without_a_gap():
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_the_makefile_has_every_target_that_contributors_are_told_of():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    told = re.findall(r"`make ([a-z]+)`", (ROOT / "CONTRIBUTING.md").read_text("utf-8"))

    assert told
    assert [target for target in told if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


def test_the_error_codes_that_prototypers_are_told_of_stand_in_the_table_of_problems():
    table = "".join(file.read_text("utf-8") for file in sorted((ROOT / "gateway/problems").glob("*.py")))
    rows = re.findall(
        r"^\| [\d, ]+ \|([^|]+)\|", (ROOT / "docs/prototypare.md").read_text("utf-8"), re.MULTILINE
    )
    codes = re.findall(r"`(\w+)`", " ".join(rows))

    assert len(codes) > 10
    assert [code for code in codes if f'"{code}"' not in table] == []


def test_what_the_employee_looks_up_is_what_the_page_says():
    page = (ROOT / "docs/medarbetare.md").read_text("utf-8")
    said = json.loads((ROOT / "web/src/i18n/sv/shell.json").read_text("utf-8"))
    titles = {each["title"] for each in said["problem"].values() if isinstance(each, dict)}
    table = page.partition("| Det står |")[2].partition("Behöver du hjälp?")[0]
    rows = [line.split("|")[1].strip() for line in table.splitlines()[2:] if line.startswith("|")]

    assert len(rows) >= 6
    assert set(rows[1:]) <= titles


def test_the_pages_that_prototypers_are_told_of_are_those_of_the_page():
    said = json.loads((ROOT / "web/src/i18n/sv/develop.json").read_text("utf-8"))["develop"]["nav"]
    nav = json.loads((ROOT / "web/src/i18n/sv/shell.json").read_text("utf-8"))["nav"]
    told = set(re.findall(r"\*\*([A-ZÅÄÖ]\w+)\*\*", (ROOT / "docs/prototypare.md").read_text("utf-8")))

    assert told == {nav["develop"], *(words for name, words in said.items() if name != "label")}
