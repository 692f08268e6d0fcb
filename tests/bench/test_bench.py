"""Short runs of what docs/benchmarks.md is made of: they end well and tell every row. How fast is no matter here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.everyday import QUESTIONS, judged
from bench.upstream_client import deltas_in
from inference.chat import ChatDelta, TextRun
from tests.demo.test_documents import DOCUMENTS, pages

ROOT = Path(__file__).parents[2]


def told(*arguments: str) -> str:
    run = [sys.executable, "-m", *arguments]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_durable_appends_are_counted_for_each_number_of_appenders(tmp_path: Path) -> None:
    rows = [line.split() for line in told("bench.ledger", str(tmp_path), "0.2").splitlines()[2:]]
    assert [row[0] for row in rows] == ["1", "16", "64", "256"]
    assert all(int(row[2]) > 0 for row in rows)
    assert not any(tmp_path.iterdir())


def test_asking_a_model_is_measured_by_call_and_by_delta() -> None:
    said = told("bench.upstream_client", "--calls", "100", "--streams", "10")
    assert said.count("us CPU each") == 2
    assert said.count("us CPU a delta") == 2


@pytest.mark.parametrize(
    ("piece", "count"), [(TextRun([b"a", b"b"], ["a", "b"]), 2), (ChatDelta(0, "a"), 1)], ids=["run", "delta"]
)
def test_deltas_that_came_together_count_each(piece: ChatDelta | TextRun, count: int) -> None:
    assert deltas_in(piece) == count


def test_the_gateways_start_is_measured() -> None:
    said = told("bench.start", "--rounds", "1")
    assert "import of the gateway" in said
    assert "library loaded after" in said


def test_a_sentence_that_answers_an_everyday_question_stands_in_its_document() -> None:
    rows = json.loads(QUESTIONS.read_text("utf-8"))
    for row in rows:
        if row["quote"] is not None:
            text = "".join(pages(DOCUMENTS / row["organisation"] / row["document"]))
            assert "".join(row["quote"].split()) in "".join(text.split()), row
    assert len([row for row in rows if row["quote"] is None]) == 12
    assert len(rows) == 52


ROW = {"document": "avfallstaxa.pdf", "quote": "Kärlen ska stå ute senast klockan 6.00."}
RIGHT = {
    "name": "avfallstaxa.pdf",
    "quote": "Kärlen ska stå ute\nsenast klockan 6.00. Locket ska vara stängt.",
}


@pytest.mark.parametrize(
    ("citations", "supported", "facts"),
    [
        ([RIGHT], True, ["the sentence first", "the sentence among three", "the document"]),
        ([RIGHT | {"quote": "Annat."}, RIGHT], False, ["the sentence among three", "the document"]),
        ([RIGHT | {"name": "annan.pdf"}], False, []),
        ([], False, []),
    ],
)
def test_an_answer_to_an_everyday_question_is_judged_by_where_its_sentence_stands(
    citations: list[dict[str, str]], supported: bool, facts: list[str]
) -> None:
    how = "quoted" if supported else "nearest"
    told = ["answerable", how, *(f"{how}: {fact}" for fact in facts)]
    assert judged(ROW, {"citations": citations, "supported": supported}) == told


def test_silence_is_right_where_nothing_answers() -> None:
    row = {"document": None, "quote": None}
    assert judged(row, {"citations": [RIGHT], "supported": True}) == ["nothing answers"]
    assert judged(row, {"citations": [RIGHT], "supported": False})[1:] == ["nothing answers: no support"]
