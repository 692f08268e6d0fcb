"""Citations as the OpenAI `annotations` of a message, extended with page, quote and character range."""

from collections.abc import Iterable
from typing import Any

from rag.documents import Citation


def annotations(citations: Iterable[Citation]) -> list[dict[str, Any]]:
    """One `file_citation` a source: `index` as in the text, pages 1-based, ranges in code points."""
    return [
        {
            "type": "file_citation",
            "index": citation.index,
            "file_id": citation.document,
            "filename": citation.name,
            "page": citation.page,
            "start": citation.start,
            "end": citation.end,
            "quote": citation.quote,
            "score": round(citation.score, 4),
        }
        for citation in citations
    ]


def cited(citation: Citation) -> dict[str, Any]:
    """The same as the workspace has it."""
    return {
        "index": citation.index,
        "document": citation.document,
        "name": citation.name,
        "page": citation.page,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "score": round(citation.score, 4),
    }
