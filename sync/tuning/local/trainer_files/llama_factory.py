"""LLaMA-Factory's YAML of a run. Keys: LLaMA-Factory 0.9.5, `hparams/`.

Its data sets are named in the release's own `dataset_info.json`.
"""

import json
from typing import Any

import yaml

from sync.common.errors import SyncError
from sync.tuning.local.trainer_files.described import DescribedRun

_INFO = "dataset_info.json"
_STAGES = {"supervised": "sft", "dpo": "dpo", "kto": "kto"}
_HEAD = """\
# For LLaMA-Factory: llamafactory-cli train {file}
# The chat template is the model's own; name another with `template`.
"""


def llama_factory(run: DescribedRun) -> dict[str, str]:
    """One YAML that trains as it stands.

    Raises:
        SyncError: the release has no file that LLaMA-Factory reads for the method.
    """
    plan = run.plan
    train, validation = _named(run, "train"), _named(run, "validation")
    if train is None:
        raise SyncError(
            f"{run.release.folder}: nothing in it is read by llama-factory for {run.method}; run "
            f"`labeltune export --format {_FORMATS[run.method]}`"
        )
    told: dict[str, Any] = {
        "model_name_or_path": run.published_base,
        "stage": _STAGES[run.method],
        "do_train": True,
        "finetuning_type": "full" if plan.full else "lora",
        **({} if plan.full else {"lora_rank": plan.rank, "lora_alpha": plan.alpha}),
        **({} if plan.full else {"lora_target": "all"}),
        **({"quantization_bit": 4} if plan.quantized else {}),
        "dataset_dir": str(run.release.folder.resolve()),
        "dataset": train,
        **({"eval_dataset": validation, "eval_strategy": "epoch"} if validation else {}),
        "cutoff_len": plan.max_length,
        "num_train_epochs": float(plan.epochs),
        "per_device_train_batch_size": 1,
        "gradient_accumulation_steps": plan.batch_size,
        "learning_rate": plan.learning_rate,
        "lr_scheduler_type": "cosine",
        "warmup_ratio": 0.03,
        "bf16": True,
        "seed": plan.seed,
        "logging_steps": 1,
        "output_dir": run.name,
    }
    name = f"{run.name}.llama-factory.yaml"
    return {name: _HEAD.format(file=name) + yaml.safe_dump(told, sort_keys=False)}


_FORMATS = {"supervised": "openai-chat", "dpo": "sharegpt-preference", "kto": "sharegpt-kto"}


def _named(run: DescribedRun, split: str) -> str | None:
    """The data set of a split, as the release's `dataset_info.json` names it."""
    try:
        known = json.loads((run.release.folder / _INFO).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    splits = (split, None) if split == "train" else (split,)
    files = {e["file"] for e in run.release.manifest["files"] if e["split"] in splits}
    for name, entry in known.items():
        if entry["file_name"] in files and _kind(entry) == run.method:
            return str(name)
    return None


def _kind(entry: dict[str, Any]) -> str:
    if entry.get("ranking"):
        return "dpo"
    return "kto" if "kto_tag" in entry.get("columns", {}) else "supervised"
