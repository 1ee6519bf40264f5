"""What Axolotl and LLaMA-Factory make of their files of a run; run beside their packages.

`REQUEST ANSWER`: the request has YAML by the name of its trainer; the answer, what each reads.
"""

import json
import sys
from pathlib import Path
from typing import Any

import yaml

# newer than what it pins, transformers has no `warmup_ratio`; 16 bits want a GPU
_ELSEWHERE = {"warmup_ratio": None, "bf16": False, "use_cpu": True}


def axolotl(told: dict[str, Any]) -> dict[str, Any]:
    """What Axolotl validates; it passes over keys that it does not know, so they are told."""
    from axolotl.utils.config import validate_config
    from axolotl.utils.dict import DictDefault
    from axolotl.utils.schemas.config import AxolotlInputConfig

    config = validate_config(DictDefault(told))
    return {
        "unknown": [key for key in told if key not in AxolotlInputConfig.model_fields],
        "rank": config.lora_r,
        "learning_rate": config.learning_rate,
        "batch": config.gradient_accumulation_steps * config.micro_batch_size,
        "data": [each.path for each in config.datasets],
        "patience": config.early_stopping_patience,
        "method": config.rl.value if config.rl else "sft",
    }


def llama_factory(told: dict[str, Any]) -> dict[str, Any]:
    """What LLaMA-Factory parses; it refuses keys that it does not know."""
    from llamafactory.hparams.parser import get_train_args

    here = {key: value for key, value in {**told, **_ELSEWHERE}.items() if value is not None}
    _, data, training, tuning, _ = get_train_args(here)
    steps = training.gradient_accumulation_steps
    return {
        "unknown": [],
        "rank": tuning.lora_rank,
        "learning_rate": training.learning_rate,
        "batch": steps * training.per_device_train_batch_size,
        "data": data.dataset,
        "patience": None,
        "method": tuning.stage,
    }


def main(request: str, answer: str) -> None:
    """Read each and say what it told."""
    asked = json.loads(Path(request).read_text())
    readers = {"axolotl": axolotl, "llama-factory": llama_factory}
    found = {trainer: readers[trainer](yaml.safe_load(text)) for trainer, text in asked.items()}
    Path(answer).write_text(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
