"""Writes web/openapi.json, which the web application's types are made from; a test keeps it equal to the code."""

import json
from pathlib import Path
from typing import Any

from gateway.app import framework

PAGE = Path(__file__).resolve().parents[2] / "web" / "openapi.json"


def document(lab: Any) -> str:  # noqa: ANN401  no route is called, so any lab will do
    """The OpenAPI document of everything that FastAPI serves."""
    return json.dumps(framework(lab).openapi(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    PAGE.write_text(document(None), encoding="utf-8")
