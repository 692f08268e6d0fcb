"""Weights are made into what an engine reads once, whole or not at all."""

from dataclasses import replace

import numpy as np
import pytest

from inference.models import Catalogue, Engine
from inference.weights import e5
from inference.weights import prepare as preparing
from inference.weights.errors import WeightsDamaged, WeightsMissing, WeightsUnfit, WeightsUnknown
from inference.weights.prepare import Folders, prepare
from inference.weights.sources import E5_SMALL, SMOLLM2
from inference.weights.to_hugging_face import MATRICES
from tests.inference.asking import SWEDISH
from tests.inference.bert import Bert
from tests.inference.places import ROOT, installed_weights

ROUTES = Catalogue.from_yaml((ROOT / "deploy" / "models.yaml").read_text())
CHAT = ROUTES.route("smollm2-135m")
E5 = ROUTES.route("multilingual-e5-small")


@pytest.fixture
def folders(tmp_path):
    return Folders(packages=tmp_path / "packages", cache=tmp_path / "cache")


@pytest.fixture
def real(tmp_path):
    return Folders(packages=installed_weights(), cache=tmp_path / "cache")


def test_the_second_time_nothing_is_made_and_the_path_is_the_same(real):
    said = []
    first = prepare(E5, real, said.append)
    second = prepare(E5, real, said.append)

    assert first == second
    assert first.path.stat().st_size > 70_000_000
    assert said == ["Preparing multilingual-e5-small for llamacpp"]
    assert [path.name for path in real.cache.iterdir()] == [first.path.parent.name]


def test_both_engines_record_the_digest_of_the_weights_as_they_came(made):
    digests = {
        prepare(replace(E5, engine=engine), made, lambda _: None).digest
        for engine in (Engine.LLAMACPP, Engine.VLLM)
    }

    assert digests == {E5_SMALL.digest}


def test_llamacpp_reads_smollm2_where_the_package_has_it(made):
    prepared = prepare(CHAT, made, pytest.fail)

    assert prepared.path == made.packages / SMOLLM2.file
    assert prepared.digest == SMOLLM2.digest


def test_other_bytes_than_the_pinned_ones_are_refused(folders):
    file = folders.packages / E5_SMALL.file
    file.parent.mkdir(parents=True)
    file.write_bytes(b"E5S1 and something else")

    with pytest.raises(WeightsDamaged) as refusal:
        prepare(E5, folders, lambda _: None)
    assert refusal.value.expected == E5_SMALL.digest
    assert not folders.cache.exists()


def test_a_package_that_is_not_installed_is_named(folders):
    with pytest.raises(WeightsMissing) as refusal:
        prepare(CHAT, folders, lambda _: None)
    assert refusal.value.file == folders.packages / SMOLLM2.file


def test_weights_of_no_known_name_and_no_path_are_refused(folders):
    for name in ("qwen3-8b", "/nowhere/model.gguf", "relative/model.gguf"):
        with pytest.raises(WeightsUnknown):
            prepare(replace(CHAT, weights=name), folders, lambda _: None)


def test_a_sites_own_file_is_used_where_it_lies(folders, tmp_path):
    own = tmp_path / "own.gguf"
    own.write_bytes(b"GGUF")

    prepared = prepare(replace(CHAT, weights=str(own)), folders, pytest.fail)

    assert prepared.path == own
    assert prepared.digest.startswith("sha256:")


def test_a_sites_own_weights_fit_the_engine_or_are_refused(folders, tmp_path):
    own = tmp_path / "own.gguf"
    own.write_bytes(b"GGUF")

    with pytest.raises(WeightsUnfit):
        prepare(replace(CHAT, weights=str(own), engine=Engine.VLLM), folders, pytest.fail)
    with pytest.raises(WeightsUnfit):
        prepare(replace(CHAT, weights=str(tmp_path)), folders, pytest.fail)


def test_what_fails_half_way_leaves_nothing_behind(tmp_path):
    target = tmp_path / "cache" / "model"

    def fail(place):
        (place / "half").write_bytes(b"1")
        raise OSError(28, "no space left on device")

    with pytest.raises(OSError, match="no space"):
        preparing._make_whole(target, fail)

    assert list(target.parent.iterdir()) == []


def test_two_that_make_the_same_at_once_both_have_it(tmp_path):
    target = tmp_path / "cache" / "model"

    def make(place):
        (place / "whole").write_bytes(b"first")

    def overtaken(place):
        (place / "whole").write_bytes(b"second")
        preparing._make_whole(target, make)

    preparing._make_whole(target, overtaken)

    assert [path.name for path in target.parent.iterdir()] == ["model"]
    assert (target / "whole").read_bytes() == b"first"


def test_the_folder_for_vllm_computes_what_the_original_weights_compute(made):
    folder = prepare(replace(E5, engine=Engine.VLLM), made, lambda _: None).path
    ours, original = Bert(folder), Bert(folder)
    for name, weights in _dequantised(made.packages / E5_SMALL.file).items():
        assert original.weights[name].shape == weights.shape
        original.weights[name] = weights

    cosines = [ours.embed(text) @ original.embed(text) for text in SWEDISH[:3]]
    assert min(cosines) >= 0.99999


def _dequantised(file):
    """Every matrix of the original, unpacked here without the library that the converter uses."""
    encoder = e5.read(file)
    parts = {f"l{i}.{a}.w": f"encoder.layer.{i}.{b}.weight" for i in range(12) for a, b in MATRICES.items()}
    found = {}
    for name, ours in {"emb.word": "embeddings.word_embeddings.weight", **parts}.items():
        inputs = 1536 if name.endswith(".fo.w") else 384
        blocks = encoder.tensors[name].reshape(-1, 18)
        scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
        codes = np.concatenate([blocks[:, 2:] % 16, blocks[:, 2:] // 16], axis=1).astype(np.float32)
        found[ours] = ((codes - 8) * scales).reshape(-1, inputs)
    return found
