"""The process that trains: `python -m sync.tuning.local.training_process RUN_FOLDER…`.

It reads the plan of the folder, goes on from the last checkpoint where there is one, says in the
log how far it is, and ends with the adapter (or the merged model) beside the folder. On several
GPUs `accelerate launch` runs one of it each.
"""

import os
import resource
import shutil
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sync.common.errors import USER_ERRORS
from sync.stack.llm_server import usable_cpus
from sync.tuning.local.base_model import TuningBase, readable_by_transformers
from sync.tuning.local.machine import MachineUse, machine_for
from sync.tuning.local.plan import (
    ADAPTER,
    MERGED,
    PAUSE,
    STEPS,
    TrainingPlan,
)
from sync.tuning.local.step_log import StepLog, events
from sync.tuning.local.trainer_step import fastest_threads, seconds_of
from sync.tuning.local.training_inputs import inputs_of, loaded
from sync.tuning.local.training_rows import dataset
from sync.tuning.local.trl_trainer import last_checkpoint, steps_of, trl_trainer

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


class _QuietLog(StepLog):
    """Of all processes but the first: what they would say, the first says."""

    def say(self, event: str, **facts: Any) -> None:
        if event == "failed":
            super().say(event, **facts)


def train(run: Path, plan: TrainingPlan, log: StepLog) -> None:
    """Do what a plan says.

    Raises:
        SyncError: it can't be done, and why.
    """
    import torch

    base = TuningBase(plan.base, plan.base, plan.digests.get("base"))
    source = readable_by_transformers(base, lambda what: log.say("doing", what=what))
    log.say("doing", what="loading the model")
    model, tokenizer = loaded(source, plan)
    inputs = inputs_of(run, plan, model, tokenizer, log)
    rows, validation = inputs.rows, inputs.validation
    earlier = [line for line in events(run / STEPS) if line["event"] == "measured"]
    machine = machine_for(plan, model.config.to_dict(), inputs.longest, earlier)
    resumed = last_checkpoint(run)
    log.go_on_after(resumed[1] if resumed else 0)
    held_out = dataset(validation.rows, plan.method) if validation and validation.rows else None
    learned = dataset(rows.rows, plan.method)
    trainer = trl_trainer(plan, run, model, tokenizer, learned, held_out, machine, log)
    trainer.held = inputs.held
    if not earlier:
        trainer.before_first = _measuring(
            machine, steps_of(plan, len(learned)), trainer.args.gradient_accumulation_steps, log
        )
    elif machine.threads is not None:
        torch.set_num_threads(machine.threads)
    trainer.train(resume_from_checkpoint=str(resumed[0]) if resumed else None)
    if (run / PAUSE).exists():
        log.say("paused", step=trainer.state.global_step)
        return
    _save(run, plan, trainer, tokenizer)
    state = trainer.state
    log.say(
        "done",
        step=state.global_step,
        best_step=state.best_global_step,
        trained_tokens=round(rows.tokens * state.epoch),
        peak_bytes=_peak_bytes(),
    )


def _peak_bytes() -> int:
    """The most memory that this process held: of the GPU where there is one."""
    import torch

    if torch.cuda.is_available():
        return int(torch.cuda.max_memory_allocated())
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _measuring(
    machine: MachineUse, steps: int, parts: int, log: StepLog
) -> Callable[[Callable[[], None]], None]:
    """What is done with the first step: find the number of threads, and say how long all takes.

    Args:
        parts: that a step is accumulated of; what is measured is one.
    """
    import torch

    def measure(step: Callable[[], None]) -> None:
        if torch.cuda.is_available():
            threads, seconds = torch.get_num_threads(), seconds_of(step)
        elif machine.threads is not None:
            torch.set_num_threads(machine.threads)
            threads, seconds = machine.threads, seconds_of(step)
        else:
            threads, seconds = fastest_threads(step, usable_cpus())
        log.say(
            "measured",
            threads=threads,
            micro_batch=machine.micro_batch,
            recompute=machine.recompute,
            step_s=round(parts * seconds, 3),
            estimate_s=round(parts * seconds * steps, 1),
        )

    return measure


def _save(
    run: Path, plan: TrainingPlan, trainer: Any, tokenizer: "PreTrainedTokenizerBase"
) -> None:
    """The results beside the run's folder, each whole or absent."""
    if not trainer.is_world_process_zero():
        return
    if not plan.full:
        partial = run / ADAPTER
        trainer.model.save_pretrained(partial)
        _put(partial, run.parent / ADAPTER)
    if plan.merge or plan.full:
        model = trainer.model if plan.full else trainer.model.merge_and_unload()
        partial = run / MERGED
        model.save_pretrained(partial)
        tokenizer.save_pretrained(partial)
        _put(partial, run.parent / MERGED)


def _put(partial: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    partial.rename(target)


def main() -> None:
    """Train, one run after the other, and end with status 1 at the first that fails."""
    for folder in sys.argv[1:]:
        if not trained(Path(folder)):
            sys.exit(1)


def trained(run: Path) -> bool:
    """Whether a run's plan could be done; what went wrong stands in its log, in a sentence."""
    first = os.environ.get("RANK", "0") == "0"
    log = StepLog(run / STEPS) if first else _QuietLog(run / STEPS)
    plan = TrainingPlan.read(run)
    if plan is None:
        log.say("failed", why=f"{run}: no plan that this version of LabelTune reads")
        return False
    try:
        train(run, plan, log)
    except USER_ERRORS as error:
        log.say("failed", why=str(error))
        return False
    except Exception as error:  # noqa: BLE001 - told in one sentence, whatever a library raised
        traceback.print_exc()
        log.say("failed", why=_why(error, plan))
        return False
    return True


def _why(error: Exception, plan: TrainingPlan) -> str:
    """A sentence for what went wrong in a library; the rest stands in the run's log."""
    said = " ".join(str(error).split())[:200]
    if isinstance(error, MemoryError) or "allocate memory" in said or "out of memory" in said:
        return (
            f"the memory ran out; set finetune.local.max_length below {plan.max_length}, or "
            f"finetune.batch_size below {plan.batch_size}"
        )
    if isinstance(error, OSError):
        return f"{plan.base} can't be loaded by transformers ({said}); correct finetune.base"
    return f"{type(error).__name__}: {said}"


if __name__ == "__main__":
    main()
