"""Small language models of chance as GGUF files, with the words and the template of a real one."""

from collections.abc import Callable, Mapping
from pathlib import Path

import gguf
import numpy as np
from numpy.typing import NDArray

LAYERS, WIDTH, INNER, HEADS, KEY_HEADS = 2, 64, 128, 4, 2
_SEED = 20


def qwen2(words_of: Path, target: Path) -> None:
    """A model of qwen2's architecture, in 32 bits.

    Args:
        words_of: a GGUF file whose tokenizer and chat template it gets.
    """
    read = gguf.GGUFReader(words_of)
    writer = gguf.GGUFWriter(target, "qwen2")
    writer.add_block_count(LAYERS)
    writer.add_context_length(1024)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEY_HEADS)
    writer.add_rope_freq_base(1e6)
    writer.add_layer_norm_rms_eps(1e-6)
    for name, field in read.fields.items():
        if name.startswith("tokenizer."):
            inner = field.types[1] if len(field.types) > 1 else None
            writer.add_key_value(name, field.contents(), field.types[0], sub_type=inner)
    words = len(read.fields["tokenizer.ggml.tokens"].data)
    for name, shape in _shapes(words).items():
        writer.add_tensor(name, _values(name, shape))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _shapes(words: int) -> dict[str, tuple[int, ...]]:
    keys = WIDTH // HEADS * KEY_HEADS
    layer: dict[str, tuple[int, ...]] = {
        "attn_norm.weight": (WIDTH,),
        "ffn_norm.weight": (WIDTH,),
        "attn_q.weight": (WIDTH, WIDTH),
        "attn_k.weight": (keys, WIDTH),
        "attn_v.weight": (keys, WIDTH),
        "attn_output.weight": (WIDTH, WIDTH),
        "attn_q.bias": (WIDTH,),
        "attn_k.bias": (keys,),
        "attn_v.bias": (keys,),
        "ffn_gate.weight": (INNER, WIDTH),
        "ffn_up.weight": (INNER, WIDTH),
        "ffn_down.weight": (WIDTH, INNER),
    }
    layers = {f"blk.{n}.{name}": shape for n in range(LAYERS) for name, shape in layer.items()}
    whole = {"token_embd.weight": (words, WIDTH), "output.weight": (words, WIDTH)}
    return {**whole, "output_norm.weight": (WIDTH,), **layers}


def _values(name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    if "norm" in name:
        return np.ones(shape, dtype=np.float32)
    draw = np.random.default_rng([_SEED, *name.encode()])
    return draw.normal(0, 0.3, shape).astype(np.float32)


# by the architecture's name; llama has a real one
WRITERS: Mapping[str, Callable[[Path, Path], None]] = {"qwen2": qwen2}
