"""Axolotl's YAML of a run; how it reads a file, each format says.

Keys: Axolotl 0.19, `utils/schemas`.
"""

from pathlib import Path
from typing import Any

import yaml

from sync.training_files.formats import FORMATS
from sync.tuning.local.trainer_files.described import DescribedRun

_FILES = {"supervised": "axolotl.yaml", "dpo": "axolotl-preference.yaml", "kto": "axolotl-kto.yaml"}
_HEAD = "# For Axolotl: axolotl train {file}\n"


def axolotl(run: DescribedRun) -> dict[str, str]:
    """One YAML that trains as it stands.

    Raises:
        SyncError: the release has no file that Axolotl reads for the method.
    """
    wanted = _FILES[run.method]
    form = run.form("axolotl", lambda f: f.axolotl is not None and f.axolotl.file == wanted)
    entry = FORMATS[form].axolotl
    assert entry is not None
    plan = run.plan
    train, validation = run.file(form, "train"), run.file(form, "validation")
    told: dict[str, Any] = {
        "base_model": run.published_base,
        **entry.run,
        "datasets": [_dataset(train, entry.dataset)],
        **({"test_datasets": [_dataset(validation, entry.dataset)]} if validation else {}),
        "sequence_len": plan.max_length,
        "num_epochs": plan.epochs,
        "micro_batch_size": 1,
        "gradient_accumulation_steps": plan.batch_size,
        "learning_rate": plan.learning_rate,
        "lr_scheduler": "cosine",
        "warmup_ratio": 0.03,
        "optimizer": "adamw_torch",
        "bf16": "auto",
        "seed": plan.seed,
        "output_dir": run.name,
        **({} if plan.full else _adapter(run)),
        **(_early_stopping(run) if validation else {}),
    }
    name = f"{run.name}.axolotl.yaml"
    body = yaml.safe_dump(told, sort_keys=False, allow_unicode=True)
    return {name: _HEAD.format(file=name) + body}


def _adapter(run: DescribedRun) -> dict[str, Any]:
    return {
        "adapter": "qlora" if run.plan.quantized else "lora",
        **({"load_in_4bit": True} if run.plan.quantized else {}),
        "lora_r": run.plan.rank,
        "lora_alpha": run.plan.alpha,
        "lora_dropout": 0.0,
        "lora_target_linear": True,
    }


def _early_stopping(run: DescribedRun) -> dict[str, Any]:
    """Axolotl wants steps for it, of which a fraction is a share of all."""
    share = round(1 / run.plan.evaluations, 4)
    return {
        "eval_steps": share,
        "save_steps": share,
        "save_total_limit": 2,
        "load_best_model_at_end": True,
        "metric_for_best_model": "eval_loss",
        "early_stopping_patience": run.plan.patience,
    }


def _dataset(file: Path | None, how: Any) -> dict[str, Any]:
    # Axolotl calls the rows of any single file "train"
    return {"path": str(file), "split": "train", **dict(how)}
