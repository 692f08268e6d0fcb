"""What a start loads: the heavy parts come when they are first needed, and the call path never loads httpx."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {
    "chromadb",
    "dbos",
    "keycloak",
    "kreuzberg",
    "langchain_chroma",
    "langchain_core",
    "langchain_text_splitters",
    "openai",
    "pypdfium2",
    "torch",
    "transformers",
    "xllamacpp",
}


def imported_by(module):
    command = [sys.executable, "-X", "importtime", "-c", f"import {module}"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=100).stderr
    lines = [line.rpartition("|")[2].strip() for line in said.splitlines() if line.startswith("import time:")]
    return {name.partition(".")[0] for name in lines}


def imports_of(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def test_starting_the_gateway_loads_no_heavy_part():
    loaded = imported_by("gateway.app")
    assert "gateway" in loaded
    assert loaded & HEAVY == set()


def test_the_command_line_answers_without_loading_the_gateway():
    assert imported_by("gateway.cli") & (HEAVY | {"fastapi", "sqlalchemy"}) == set()


def test_the_call_path_speaks_to_models_without_httpx():
    files = [*(ROOT / "gateway" / "lean").glob("*.py"), *(ROOT / "inference").glob("*.py")]
    assert len(files) > 10
    assert {file.name for file in files if "httpx" in set(imports_of(file))} == set()
