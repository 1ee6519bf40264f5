"""A LoRA adapter as the GGUF file that llama.cpp's server takes beside its base.

Written by the `gguf` package alone. Names of tensors: `<name in the base's GGUF>.weight.lora_a` and
`.lora_b`; alpha: `adapter.lora.alpha`. llama.cpp keeps the rows of a llama's query and key weights
in another order than transformers does, so B's rows are put in that order, as llama.cpp's own
`convert_lora_to_gguf.py` does (tests: what the server says with the adapter is what transformers
says with the merged model).
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sync.common.errors import SyncError

if TYPE_CHECKING:
    from numpy.typing import NDArray

# transformers' model_type -> llama.cpp's architecture
ARCHITECTURES = {"llama": "llama", "qwen2": "qwen2"}
_PERMUTED = re.compile(r"\.(?P<which>[qk])_proj\.lora_B\.weight$")
_LORA = re.compile(r"^base_model\.model\.(?P<module>.+)\.lora_(?P<part>[AB])\.weight$")
ADAPTER_CONFIG = "adapter_config.json"
# below a model's own folder
ADAPTER_GGUF = "adapter.gguf"


def write_adapter_gguf(adapter: Path, base_config: dict[str, Any], target: Path) -> None:
    """Write an adapter of PEFT as GGUF; the file is replaced in one step.

    Args:
        adapter: PEFT's folder.
        base_config: the base's `config.json`.

    Raises:
        SyncError: llama.cpp can't take it: another architecture, or a part that is no LoRA pair.
    """
    import gguf

    model_type = str(base_config.get("model_type"))
    if model_type not in ARCHITECTURES:
        raise SyncError(
            f"{adapter}: an adapter of a {model_type!r} model can't be written for the local "
            f"server yet (known: {', '.join(ARCHITECTURES)}); set finetune.local.merge = true and "
            "serve the merged folder"
        )
    settings = json.loads((adapter / ADAPTER_CONFIG).read_text(encoding="utf-8"))
    architecture = ARCHITECTURES[model_type]
    partial = target.with_suffix(".partial")
    writer = gguf.GGUFWriter(partial, architecture)
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", float(settings["lora_alpha"]))
    writer.add_string("general.name", adapter.parent.name)
    for name, values in _tensors(adapter, architecture, base_config):
        writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    partial.replace(target)


def _tensors(
    adapter: Path, architecture: str, config: dict[str, Any]
) -> Iterator[tuple[str, "NDArray[np.float32]"]]:
    """The tensors by llama.cpp's names: A of shape (rank, in), B of shape (out, rank)."""
    import gguf
    from peft.utils import load_peft_weights

    kinds = {name: kind for kind, name in gguf.MODEL_ARCH_NAMES.items()}
    names = gguf.get_tensor_name_map(kinds[architecture], int(config["num_hidden_layers"]))
    stored = load_peft_weights(str(adapter), device="cpu")
    for key in sorted(stored):
        found = _LORA.match(key)
        known = names.get_name(found["module"]) if found else None
        if found is None or known is None:
            raise SyncError(
                f"{adapter}: {key} has no counterpart in llama.cpp's {architecture} models; "
                "train with the default target modules"
            )
        values = stored[key].float().numpy()
        if architecture == "llama" and (which := _PERMUTED.search(key)):
            values = permuted(values, _heads(config, which["which"]))
        yield f"{known}.weight.lora_{found['part'].lower()}", np.ascontiguousarray(values)


def permuted(rows: "NDArray[np.float32]", heads: int) -> "NDArray[np.float32]":
    """The rows of a query or key weight in llama.cpp's order: halves of a head interleaved.

    Args:
        rows: (heads * head size, any).
    """
    halves = rows.reshape(heads, 2, rows.shape[0] // heads // 2, *rows.shape[1:])
    return halves.swapaxes(1, 2).reshape(rows.shape)


def _heads(config: dict[str, Any], which: str) -> int:
    """How many heads the query or the key has."""
    heads = int(config["num_attention_heads"])
    return heads if which == "q" else int(config.get("num_key_value_heads") or heads)
