"""Writes docs/settings.md from the settings themselves; a test keeps the page equal to what this prints."""

import sys
import typing
from pathlib import Path

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from gateway.settings import Settings

PAGE = Path(__file__).resolve().parents[2] / "docs" / "settings.md"

HEAD = """\
# Settings

The gateway reads its configuration from the environment, once, at start; every fault is reported at once
(`gateway/settings.py` is the only reader). `VALV_X_FILE` names a file with the value of `VALV_X`: use it for
secrets. `make run` and `make lab` set all of them; `valv doctor` checks what they lead to.

| variable | default | |
|---|---|---|
"""


def page() -> str:
    """The page as it should be."""
    return HEAD + "".join(_rows(Settings, "VALV_"))


def _rows(model: type[BaseModel], prefix: str) -> typing.Iterator[str]:
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            summary = (inner.__doc__ or "").strip()
            yield f"| **{prefix}{name.upper()}__…** | | {summary} |\n"
            yield from _rows(inner, f"{prefix}{name.upper()}__")
        else:
            yield f"| `{prefix}{name.upper()}` | {_default(field)} | {_note(field)} |\n"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be set"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, tuple):
        value = ",".join(value)
    return "" if value is None or value is PydanticUndefined else f"`{value}`"


def _note(field: FieldInfo) -> str:
    secret = SecretStr in typing.get_args(field.annotation) or field.annotation is SecretStr
    words = [field.description or "", "A secret: use the `_FILE` form." if secret else ""]
    return " ".join(word for word in words if word)


if __name__ == "__main__":
    if "--print" in sys.argv:
        print(page())
    else:
        PAGE.write_text(page(), encoding="utf-8")
