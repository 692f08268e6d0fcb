"""Writes a tiny llama-architecture GGUF, its queries and keys in ggml's order of rows."""

import gguf
import numpy as np

HIDDEN, HEADS, KV_HEADS, FEED_FORWARD = 16, 4, 2, 32
TOKENS = ["<|end|>", "<|start|>", *(chr(c) for c in range(ord("a"), ord("g"))), "ab", "1", "2"]
TEMPLATE = "{{ messages }}"


def rows_as_ggml_has_them(weights, heads):
    """Row r of a head's first half goes to place 2r, row r of its second half to place 2r + 1."""
    out = np.empty_like(weights)
    size = len(weights) // heads
    for head in range(heads):
        for row in range(size // 2):
            out[head * size + 2 * row] = weights[head * size + row]
            out[head * size + 2 * row + 1] = weights[head * size + size // 2 + row]
    return out


def write(file, *, architecture="llama"):
    """Write the file; returns the weights under LlamaForCausalLM's names."""
    rng = np.random.default_rng(3)
    full = {name: rng.normal(size=shape).astype(np.float32) for name, shape in _shapes().items()}
    writer = gguf.GGUFWriter(file, architecture)
    _describe(writer)
    for name, weights in full.items():
        writer.add_tensor(*_stored(name, weights))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return full


def _shapes():
    layer, kv = "model.layers.0", HIDDEN // HEADS * KV_HEADS
    return {
        "model.embed_tokens.weight": (len(TOKENS), HIDDEN),
        "model.norm.weight": (HIDDEN,),
        f"{layer}.input_layernorm.weight": (HIDDEN,),
        f"{layer}.post_attention_layernorm.weight": (HIDDEN,),
        f"{layer}.self_attn.q_proj.weight": (HIDDEN, HIDDEN),
        f"{layer}.self_attn.k_proj.weight": (kv, HIDDEN),
        f"{layer}.self_attn.v_proj.weight": (kv, HIDDEN),
        f"{layer}.self_attn.o_proj.weight": (HIDDEN, HIDDEN),
        f"{layer}.mlp.gate_proj.weight": (FEED_FORWARD, HIDDEN),
        f"{layer}.mlp.up_proj.weight": (FEED_FORWARD, HIDDEN),
        f"{layer}.mlp.down_proj.weight": (HIDDEN, FEED_FORWARD),
    }


def _stored(name, weights):
    places = {
        "embed_tokens": "token_embd",
        "norm": "output_norm",
        "input_layernorm": "blk.0.attn_norm",
        "post_attention_layernorm": "blk.0.ffn_norm",
        "q_proj": "blk.0.attn_q",
        "k_proj": "blk.0.attn_k",
        "v_proj": "blk.0.attn_v",
        "o_proj": "blk.0.attn_output",
        "gate_proj": "blk.0.ffn_gate",
        "up_proj": "blk.0.ffn_up",
        "down_proj": "blk.0.ffn_down",
    }
    part = name.split(".")[-2]
    heads = {"q_proj": HEADS, "k_proj": KV_HEADS}
    return f"{places[part]}.weight", rows_as_ggml_has_them(weights, heads[part]) if part in heads else weights


def _describe(writer):
    writer.add_context_length(64)
    writer.add_embedding_length(HIDDEN)
    writer.add_block_count(1)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_rope_freq_base(100_000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(TOKENS)
    writer.add_token_types([gguf.TokenType.CONTROL] * 2 + [gguf.TokenType.NORMAL] * (len(TOKENS) - 2))
    writer.add_token_merges(["a b"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(0)
    writer.add_pad_token_id(0)
    writer.add_unk_token_id(0)
    writer.add_chat_template(TEMPLATE)
