"""A llama-architecture GGUF (SmolLM2) as a Hugging Face folder for vLLM: fp16, made without torch."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from gguf import GGUFReader, TokenType
from gguf.quants import dequantize
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

from inference.weights.errors import WeightsMalformed

# GGUF's name of a layer's tensor: LlamaForCausalLM's
LAYER = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
OUTSIDE = {"token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"}


class LlamaFile:
    """A GGUF file opened for reading: its settings by name, and its tensors."""

    __slots__ = ("_reader", "file")

    def __init__(self, file: Path) -> None:
        """Open the file.

        Raises:
            WeightsMalformed: it is no GGUF, or one of another architecture or tokenizer.
        """
        self.file = file
        try:
            self._reader = GGUFReader(file)
        except (ValueError, IndexError) as broken:
            raise WeightsMalformed(file, "it is no GGUF file, or cut off") from broken
        if self.text("general.architecture") != "llama" or self.text("tokenizer.ggml.model") != "gpt2":
            raise WeightsMalformed(
                file, "only the llama architecture with a byte-level tokenizer is converted"
            )

    def value(self, name: str) -> object:
        """One setting; `WeightsMalformed` if the file lacks it."""
        field = self._reader.get_field(name)
        if field is None:
            raise WeightsMalformed(self.file, f"it says nothing about {name}")
        return field.contents()

    def text(self, name: str) -> str:
        return str(self.value(name))

    def count(self, name: str) -> int:
        return int(self.text(name))

    def number(self, name: str) -> float:
        """A 32-bit float without the digits that widening it would add."""
        return float(f"{float(self.text(name)):.7g}")

    def texts(self, name: str) -> list[str]:
        found = self.value(name)
        return [str(entry) for entry in found] if isinstance(found, list) else []

    def tensors(self) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """Every tensor by GGUF's name, dequantised."""
        for tensor in self._reader.tensors:
            yield str(tensor.name), dequantize(tensor.data, tensor.tensor_type)


def write(source: LlamaFile, folder: Path) -> None:
    """Write the model into the empty folder, with its tokenizer and chat template."""
    tensors = {name: tensor.astype(np.float16) for name, tensor in llama_tensors(source)}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    byte_level_tokenizer(source).save(str(folder / "tokenizer.json"))
    (folder / "chat_template.jinja").write_text(source.text("tokenizer.chat_template"), encoding="utf-8")
    _write_json(folder / "config.json", _config(source, tied="lm_head.weight" not in tensors))
    _write_json(folder / "generation_config.json", _special_ids(source))
    _write_json(folder / "tokenizer_config.json", _tokenizer_config(source))


def llama_tensors(source: LlamaFile) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Every weight in fp32 under LlamaForCausalLM's names.

    Raises:
        WeightsMalformed: a tensor has no such name.
    """
    heads = {
        "attn_q": source.count("llama.attention.head_count"),
        "attn_k": source.count("llama.attention.head_count_kv"),
    }
    for name, tensor in source.tensors():
        part = name.removesuffix(".weight").rpartition(".")[2]
        straight = _unpaired(tensor, heads[part]) if part in heads else tensor
        yield _llama_name(source.file, name), straight


def _llama_name(file: Path, name: str) -> str:
    stem = name.removesuffix(".weight")
    if stem in OUTSIDE:
        return f"{OUTSIDE[stem]}.weight"
    _, _, place = stem.partition("blk.")
    layer, _, part = place.partition(".")
    if part not in LAYER:
        raise WeightsMalformed(file, f"the tensor {name} has no place in a llama model")
    return f"model.layers.{layer}.{LAYER[part]}.weight"


def _unpaired(weights: NDArray[np.float32], heads: int) -> NDArray[np.float32]:
    # ggml turns neighbouring pairs of a head's rows, Hugging Face a head's two halves: the rows change places
    rows, inputs = weights.shape
    paired = weights.reshape(heads, rows // heads // 2, 2, inputs)
    return paired.swapaxes(1, 2).reshape(rows, inputs)


def byte_level_tokenizer(source: LlamaFile) -> Tokenizer:
    """SmolLM's tokenizer: byte-level pairs, every digit a token of its own."""
    texts = source.texts("tokenizer.ggml.tokens")
    kinds = source.texts("tokenizer.ggml.token_type")
    merges = [
        (left, right) for left, _, right in (m.partition(" ") for m in source.texts("tokenizer.ggml.merges"))
    ]
    made = Tokenizer(models.BPE({text: place for place, text in enumerate(texts)}, merges))
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    made.decoder = decoders.ByteLevel()
    control = str(int(TokenType.CONTROL))
    special = [text for text, kind in zip(texts, kinds, strict=True) if kind == control]
    made.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in special])
    return made


def _config(source: LlamaFile, *, tied: bool) -> dict[str, object]:
    heads = source.count("llama.attention.head_count")
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": source.count("llama.embedding_length"),
        "intermediate_size": source.count("llama.feed_forward_length"),
        "num_hidden_layers": source.count("llama.block_count"),
        "num_attention_heads": heads,
        "num_key_value_heads": source.count("llama.attention.head_count_kv"),
        "head_dim": source.count("llama.embedding_length") // heads,
        "max_position_embeddings": source.count("llama.context_length"),
        "vocab_size": len(source.texts("tokenizer.ggml.tokens")),
        "rms_norm_eps": source.number("llama.attention.layer_norm_rms_epsilon"),
        "rope_theta": source.number("llama.rope.freq_base"),
        "hidden_act": "silu",
        "attention_bias": False,
        "mlp_bias": False,
        "tie_word_embeddings": tied,
        "torch_dtype": "float16",
        **_special_ids(source),
    }


def _special_ids(source: LlamaFile) -> dict[str, object]:
    return {
        "bos_token_id": source.count("tokenizer.ggml.bos_token_id"),
        "eos_token_id": source.count("tokenizer.ggml.eos_token_id"),
        "pad_token_id": source.count("tokenizer.ggml.padding_token_id"),
    }


def _tokenizer_config(source: LlamaFile) -> dict[str, object]:
    texts = source.texts("tokenizer.ggml.tokens")
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": source.count("llama.context_length"),
        "clean_up_tokenization_spaces": False,
        "bos_token": texts[source.count("tokenizer.ggml.bos_token_id")],
        "eos_token": texts[source.count("tokenizer.ggml.eos_token_id")],
        "pad_token": texts[source.count("tokenizer.ggml.padding_token_id")],
        "unk_token": texts[source.count("tokenizer.ggml.unknown_token_id")],
    }


def _write_json(file: Path, content: dict[str, object]) -> None:
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
