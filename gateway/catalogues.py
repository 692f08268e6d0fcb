"""The operator's own words for the page: further languages, or other texts in those that are built in."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from gateway.settings import BadSettings

Words: TypeAlias = Mapping[str, "str | Words"]

BUILT_IN: Final = ("sv", "en")
_CODE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")  # RFC 5646, without the rarer parts
_AREA: Final = re.compile(r"[a-z]{1,32}")
_VARIABLE: Final = "VALV_LANGUAGES"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One language's words. ``name`` is the language's own, in itself; ``None`` for one that is built in."""

    code: str
    name: str | None
    words: Words


class Catalogues:
    """Every language that the operator has words for, by code."""

    def __init__(self, found: Mapping[str, Catalogue]) -> None:
        self._found = dict(sorted(found.items()))

    def __iter__(self) -> Iterator[Catalogue]:
        return iter(self._found.values())

    def find(self, code: str) -> Catalogue | None:
        """The words of a language, if the operator has any."""
        return self._found.get(code)


def read_catalogues(folder: Path | None) -> Catalogues:
    """What stands in the folder: ``CODE.json``, or ``CODE/AREA.json``, or both; an area's file is the later word.

    Raises:
        BadSettings: with every fault at once.
    """
    if folder is None:
        return Catalogues({})
    if not folder.is_dir():
        raise BadSettings([f"{_VARIABLE}: there is no folder {folder}"])
    reading = _Reading(folder)
    found = {code: reading.language(code) for code in sorted(_codes(folder))}
    if reading.faults:
        raise BadSettings(reading.faults)
    return Catalogues(found)


def _codes(folder: Path) -> set[str]:
    visible = [path for path in folder.iterdir() if not path.name.startswith(".")]
    return {path.stem for path in visible if path.suffix == ".json" or path.is_dir()}


class _Reading:
    """Reads files, and notes what is wrong with each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.faults: list[str] = []

    def language(self, code: str) -> Catalogue:
        words: dict[str, str | Words] = {}
        if not _CODE.fullmatch(code):
            self._fault(self._folder / code, "its name is no language code, such as se or fi")
        files = [self._folder / f"{code}.json", *sorted((self._folder / code).glob("*.json"))]
        for file in files:
            if file.is_file():
                if file.parent != self._folder and not _AREA.fullmatch(file.stem):
                    self._fault(file, "its name is no area's")
                words = _merged(words, self._file(file))
        name = _at(words, "language", "name")
        if name is None and code not in BUILT_IN:
            self._fault(self._folder / code, 'the language has no name of its own ("language": {"name": …})')
        return Catalogue(code, name, words)

    def _file(self, file: Path) -> Words:
        try:
            read = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            self._fault(file, "can't be read as UTF-8 text")
            return {}
        except json.JSONDecodeError as broken:
            self._fault(file, f"is no JSON (line {broken.lineno})")
            return {}
        wrong = next(_wrong(read), None)
        if wrong is not None:
            self._fault(file, f"{wrong or 'the whole'} is neither a text nor an object of texts")
            return {}
        words: Words = read
        return words

    def _fault(self, file: Path, said: str) -> None:
        self.faults.append(f"{_VARIABLE}: {file}: {said}")


def _wrong(value: object, path: str = "") -> Iterator[str]:
    """The places that hold something else than words; the outermost must be an object."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _wrong(inner, f"{path}.{key}" if path else key)
    elif not isinstance(value, str) or not path:
        yield path


def _merged(under: Words, over: Words) -> dict[str, str | Words]:
    return {**under, **{key: _laid(under.get(key), value) for key, value in over.items()}}


def _laid(under: str | Words | None, over: str | Words) -> str | Words:
    if isinstance(under, Mapping) and isinstance(over, Mapping):
        return _merged(under, over)
    return over


def _at(words: Words, first: str, second: str) -> str | None:
    inner = words.get(first)
    found = inner.get(second) if isinstance(inner, Mapping) else None
    return found if isinstance(found, str) and found.strip() else None
