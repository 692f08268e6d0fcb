"""A llama GGUF as a Hugging Face folder, on a tiny model."""

import json

import numpy as np
import pytest
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from inference.weights import llama
from inference.weights.errors import WeightsMalformed
from tests.inference import llama_file


@pytest.fixture
def written(tmp_path):
    full = llama_file.write(tmp_path / "tiny.gguf")
    folder = tmp_path / "folder"
    folder.mkdir()
    llama.write(llama.LlamaFile(tmp_path / "tiny.gguf"), folder)
    return folder, full


def test_every_weight_comes_back_in_its_own_place_and_order(written):
    folder, full = written

    stored = load_file(folder / "model.safetensors")
    assert stored.keys() == full.keys()
    for name, weights in full.items():
        assert np.array_equal(stored[name], weights.astype(np.float16)), name


def test_the_configuration_says_what_the_file_said(written):
    config = json.loads((written[0] / "config.json").read_text())

    assert config["rms_norm_eps"] == 1e-5
    assert config["rope_theta"] == 100_000.0
    assert (config["num_attention_heads"], config["num_key_value_heads"], config["head_dim"]) == (4, 2, 4)
    assert config["tie_word_embeddings"] is True
    assert config["eos_token_id"] == 0


def test_the_chat_template_comes_along(written):
    assert (written[0] / "chat_template.jinja").read_text() == llama_file.TEMPLATE


def test_pairs_are_merged_and_digits_stand_alone(written):
    tokenizer = Tokenizer.from_file(str(written[0] / "tokenizer.json"))

    assert tokenizer.encode("abc12").tokens == ["ab", "c", "1", "2"]
    assert tokenizer.encode("<|start|>a").tokens == ["<|start|>", "a"]


def test_a_file_of_another_architecture_is_refused(tmp_path):
    llama_file.write(tmp_path / "other.gguf", architecture="qwen3")

    with pytest.raises(WeightsMalformed):
        llama.LlamaFile(tmp_path / "other.gguf")


def test_a_file_that_is_no_gguf_is_refused(tmp_path):
    (tmp_path / "no.gguf").write_bytes(b"not a model at all")

    with pytest.raises(WeightsMalformed):
        llama.LlamaFile(tmp_path / "no.gguf")
