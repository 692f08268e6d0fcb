"""The published interface is the one that the web application was generated from."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_web_application_knows_the_interface_as_it_is() -> None:
    spec = importlib.util.spec_from_file_location("openapi_page", ROOT / "deploy" / "setup" / "openapi.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "web" / "openapi.json").read_text(encoding="utf-8") == module.document(None)
