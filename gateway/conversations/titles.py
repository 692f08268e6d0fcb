"""What a conversation is called before its owner names it."""

from typing import Final

LONGEST: Final = 80


def title_of(question: str) -> str:
    """The first line of a question that holds anything, cut at a word to 80 characters."""
    printable = ("".join(c if c.isprintable() else " " for c in line) for line in question.splitlines())
    lines = (" ".join(line.split()) for line in printable)
    return _cut(next((line for line in lines if line), ""))


def _cut(line: str) -> str:
    if len(line) <= LONGEST:
        return line
    kept = line[:LONGEST]
    words = kept if line[LONGEST] == " " else kept[: kept.rfind(" ") + 1] or kept[:-1]
    return words.rstrip(" ,;:-") + "…"
