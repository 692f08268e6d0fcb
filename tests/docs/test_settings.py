"""docs/settings.md says what the settings are."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_what_the_settings_say() -> None:
    spec = importlib.util.spec_from_file_location(
        "settings_page", ROOT / "deploy" / "setup" / "settings_page.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == module.page()
