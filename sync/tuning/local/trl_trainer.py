"""TRL's trainer of a plan: supervised, DPO or KTO, an adapter or every weight."""

import json
import math
import os
import re
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sync.tuning.local.machine import MachineUse
from sync.tuning.local.plan import CHECKPOINTS, PAUSE, Method, TrainingPlan
from sync.tuning.local.step_log import StepLog
from sync.tuning.local.trainer_step import stepwise

if TYPE_CHECKING:
    from datasets import Dataset
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

# TRL's names of its trainers begin with these
_KINDS: Mapping[Method, str] = {"supervised": "SFT", "dpo": "DPO", "kto": "KTO"}
_WARM_UP = 0.03  # of all steps
_CHECKPOINT = re.compile(r"checkpoint-(\d+)")
# of a step, by transformers' and our names
_TOLD = ("loss", "learning_rate", "grad_norm", "divergence")
# written last by transformers' Trainer
_STATE = "trainer_state.json"


def steps_of(plan: TrainingPlan, rows: int) -> int:
    """How many steps a run has at most."""
    return math.ceil(math.ceil(rows / plan.batch_size) * plan.epochs)


def trl_trainer(
    plan: TrainingPlan,
    run: Path,
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    train: "Dataset",
    validation: "Dataset | None",
    machine: MachineUse,
    log: StepLog,
) -> Any:
    """A trainer that is ready to begin, or to go on from a checkpoint."""
    import torch
    import trl
    from transformers import EarlyStoppingCallback, set_seed

    kind = _KINDS[plan.method]
    trainer_type = getattr(trl, f"{kind}Trainer")
    config_type = getattr(trl, f"{kind}Config")
    steps = steps_of(plan, len(train))
    settings = trainer_settings(plan, run, machine, steps, on_gpu=torch.cuda.is_available())
    settings |= _evaluations(plan, steps) if validation is not None else {}
    set_seed(plan.seed)  # the adapter's first weights are drawn before the trainer sets it
    trainer = stepwise(trainer_type)(
        model=model,
        args=config_type(**settings),
        train_dataset=train,
        eval_dataset=validation,
        processing_class=tokenizer,
        peft_config=None if plan.full else _adapter(plan),
    )
    trainer.add_callback(_log_callback(log, run / PAUSE))
    if validation is not None:
        trainer.add_callback(EarlyStoppingCallback(early_stopping_patience=plan.patience))
    return trainer


def _adapter(plan: TrainingPlan) -> Any:
    from peft import LoraConfig

    return LoraConfig(
        r=plan.rank,
        lora_alpha=plan.alpha,
        lora_dropout=0.0,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )


def trainer_settings(
    plan: TrainingPlan, run: Path, machine: MachineUse, steps: int, *, on_gpu: bool
) -> dict[str, Any]:
    """What TRL's trainers are told, each by transformers' own name."""
    devices = int(os.environ.get("WORLD_SIZE", "1"))
    return {
        "output_dir": str(run / CHECKPOINTS),
        "per_device_train_batch_size": machine.micro_batch,
        "per_device_eval_batch_size": machine.micro_batch,
        "gradient_accumulation_steps": max(1, plan.batch_size // machine.micro_batch // devices),
        "num_train_epochs": plan.epochs,
        "learning_rate": plan.learning_rate,
        "lr_scheduler_type": "cosine",
        "warmup_steps": _WARM_UP,
        "max_length": None,  # what is longer was left out
        "seed": plan.seed,
        "data_seed": plan.seed,
        "logging_steps": 1,
        "save_strategy": "steps",
        "save_steps": _interval(plan, steps),
        "save_total_limit": 2,
        "activation_checkpointing": machine.recompute,
        "bf16": on_gpu,
        "use_cpu": not on_gpu,
        "dataloader_pin_memory": on_gpu,
        "report_to": "none",
        "disable_tqdm": True,
    }


def _evaluations(plan: TrainingPlan, steps: int) -> Mapping[str, Any]:
    return {
        "eval_strategy": "steps",
        "eval_steps": _interval(plan, steps),
        "load_best_model_at_end": True,
        "metric_for_best_model": "eval_loss",
        "greater_is_better": False,
    }


def _interval(plan: TrainingPlan, steps: int) -> int:
    """Steps between two evaluations, and two checkpoints."""
    return max(1, steps // plan.evaluations)


def _log_callback(log: StepLog, pause: Path) -> Any:
    from transformers import TrainerCallback

    class LoggedSteps(TrainerCallback):
        """A line of the log for each step and each evaluation; a run that is to rest stops."""

        def __init__(self) -> None:
            self.began = time.perf_counter()

        def on_log(self, args: Any, state: Any, control: Any, **more: Any) -> None:
            if not state.is_world_process_zero:
                return
            where = {"step": state.global_step, "of": state.max_steps}
            logs = more["logs"]
            if "loss" in logs:
                now = time.perf_counter()
                facts = {key: logs[key] for key in _TOLD if key in logs}
                log.say("step", **where, **facts, seconds=round(now - self.began, 3))
                self.began = now
            if "eval_loss" in logs:
                log.say("validation", **where, loss=logs["eval_loss"])
                self.began = time.perf_counter()

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if pause.exists():
                control.should_save = control.should_training_stop = True

    return LoggedSteps()


def last_checkpoint(run: Path) -> tuple[Path, int] | None:
    """The newest checkpoint that is whole, and its step; torn ones are removed."""
    folder = run / CHECKPOINTS
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        name = _CHECKPOINT.fullmatch(path.name)
        if name is None:
            continue
        if _is_whole(path):
            found.append((path, int(name[1])))
        else:
            shutil.rmtree(path)
    return max(found, key=lambda one: one[1], default=None)


def _is_whole(checkpoint: Path) -> bool:
    try:
        json.loads((checkpoint / _STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return True
