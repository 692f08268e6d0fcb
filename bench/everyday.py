"""Everyday questions to the demonstration's documents, in words that the documents do not use, answered by quotations.

    python -m bench.everyday [--lab var/embedded] [--tell]

Asks a running lab in which the demonstration's documents are searchable. ``everyday_sv.json`` holds the questions, each
with the sentence that answers it, or with none where no document does; they were written without a look at the code.
"""

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from gateway.demo.caller import Caller
from gateway.demo.description import Description

QUESTIONS = Path(__file__).parent / "everyday_sv.json"
ORGANISATIONS = ("ekdalen", "norrskog")


def answer_to(caller: Caller, question: str) -> dict[str, Any]:
    """The answer in quotations, as the workspace keeps it."""
    conversation = caller.post("/api/conversations", mode="quotations")
    path = f"/api/conversations/{conversation['id']}"
    asked = caller.post(f"{path}/messages", text=question, parent=None)
    caller.http.get(f"{path}/messages/{asked['answer']}/events").raise_for_status()
    messages = caller.get(path)["messages"]
    caller.http.delete(path).raise_for_status()
    answer: dict[str, Any] = next(one for one in messages if one["id"] == asked["answer"])
    if answer["state"] != "complete":
        raise RuntimeError(f"{question} was not answered: {answer['problem']}")
    return answer


def judged(row: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    """What is true of an answer to a question that a sentence answers, or none."""
    wanted = row["quote"]
    if wanted is None:
        return ["nothing answers", *(["nothing answers: no support"] if not answer["supported"] else [])]
    said = [(one["name"] == row["document"], _holds(one["quote"], wanted)) for one in answer["citations"]]
    how = "quoted" if answer["supported"] else "nearest"
    facts = {
        f"{how}: the sentence first": said[:1] == [(True, True)],
        f"{how}: the sentence among three": (True, True) in said,
        f"{how}: the document": any(document for document, _ in said),
    }
    return ["answerable", how, *(fact for fact, is_so in facts.items() if is_so)]


def _holds(said: str, wanted: str) -> bool:
    here, there = "".join(said.split()), "".join(wanted.split())
    return there in here or here in there


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--lab", type=Path, default=Path("var/embedded"), help="the data folder of a running lab"
    )
    parser.add_argument("--tell", action="store_true", help="print each question with what was cited")
    asked = parser.parse_args()
    lab = Description.read(asked.lab)
    callers = {name: Caller(lab, f"medarbetare@{name}.example", name) for name in ORGANISATIONS}
    counts: Counter[str] = Counter()
    for row in json.loads(QUESTIONS.read_text("utf-8")):
        answer = answer_to(callers[row["organisation"]], row["question"])
        counts.update(judged(row, answer))
        if asked.tell:
            print(row["question"], "|", row["quote"])
            print(*(f"    {one['name']}: {one['quote'][:150]!r}\n" for one in answer["citations"]))
    for fact, count in sorted(counts.items()):
        print(f"{fact:32} {count:3}")


if __name__ == "__main__":
    main()
