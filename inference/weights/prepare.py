"""Gives each route its weights in the form that its engine reads, made once and kept."""

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inference.models import Engine, ModelRoute
from inference.weights import sources
from inference.weights.digest import digest_of
from inference.weights.errors import WeightsUnfit, WeightsUnknown
from inference.weights.sources import E5_SMALL, KNOWN, SMOLLM2, Source

RECIPE = 1  # raised whenever a converter writes something else, so that nothing old is taken for it

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Weights that an engine can load: their path, and the digest that the record of a call carries.

    The digest is that of the weights as they came, so both engines show the same for the same model.
    """

    path: Path
    digest: str


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the packages with weights were installed, and where what is made of them is kept."""

    packages: Path
    cache: Path


def prepare(route: ModelRoute, folders: Folders, say: Say) -> Prepared:
    """The route's weights for its engine; the first time they are made, with a line to `say`.

    Weights are a name in `sources.KNOWN`, or the path of a site's own GGUF file or Hugging Face folder.

    Raises:
        WeightsUnknown: there are no such weights.
        WeightsMissing, WeightsDamaged: the package with them is not installed, or not the pinned one.
        WeightsMalformed: the file cannot be read.
        WeightsUnfit: the engine reads no weights of that form.
    """
    name = route.weights or ""
    if name in KNOWN:
        return _known(KNOWN[name], route.engine, folders, say)
    return _own(Path(name), route)


def _own(path: Path, route: ModelRoute) -> Prepared:
    if not path.is_absolute() or not path.exists():
        raise WeightsUnknown(str(route.weights))
    if path.is_dir() is not (route.engine is Engine.VLLM):
        raise WeightsUnfit(str(path), str(route.engine))
    return Prepared(path, route.digest or digest_of(path))


def _known(source: Source, engine: Engine | None, folders: Folders, say: Say) -> Prepared:
    if (source, engine) == (SMOLLM2, Engine.LLAMACPP):
        return Prepared(sources.verified(source, folders.packages), source.digest)
    if (source, engine) not in _MAKERS:
        raise WeightsUnfit(source.name, str(engine))
    return Prepared(_made(source, str(engine), folders, say), source.digest)


def _made(source: Source, engine: str, folders: Folders, say: Say) -> Path:
    key = source.digest.removeprefix("sha256:")[:12]
    folder = folders.cache / f"{source.name}-{engine}-{key}-{RECIPE}"
    suffix, make = _MAKERS[source, Engine(engine)]
    if not folder.exists():
        original = sources.verified(source, folders.packages)
        say(f"Preparing {source.name} for {engine}")
        _make_whole(folder, lambda place: make(original, place))
    return folder / suffix if suffix else folder


def _make_whole(folder: Path, make: Callable[[Path], None]) -> None:
    # Beside its final place and then renamed: whoever sees the folder sees all of it, after a crash too.
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        make(draft)
        _flush(draft)
        draft.rename(folder)
    except OSError:
        if not folder.exists():
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _flush(folder: Path) -> None:
    for file in (path for path in folder.rglob("*") if path.is_file()):
        with file.open("rb") as written:
            os.fsync(written.fileno())


# What converts is read in when it is needed: once, where starts are many.


def _e5_gguf(original: Path, place: Path) -> None:
    from inference.weights import e5, to_gguf

    to_gguf.write(e5.read(original), place / f"{E5_SMALL.name}.gguf")


def _e5_folder(original: Path, place: Path) -> None:
    from inference.weights import e5, to_hugging_face

    to_hugging_face.write(e5.read(original), place)


def _smollm2_folder(original: Path, place: Path) -> None:
    from inference.weights import llama

    llama.write(llama.LlamaFile(original), place)


_MAKERS: dict[tuple[Source, Engine], tuple[str, Callable[[Path, Path], None]]] = {
    (E5_SMALL, Engine.LLAMACPP): (f"{E5_SMALL.name}.gguf", _e5_gguf),
    (E5_SMALL, Engine.VLLM): ("", _e5_folder),
    (SMOLLM2, Engine.VLLM): ("", _smollm2_folder),
}
