"""How a run fits on this machine: examples at a time, and whether to compute twice to hold less."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sync.common.errors import SyncError
from sync.common.json_text import Json
from sync.tuning.local.memory import MemoryNeed, ModelShape, memory_need
from sync.tuning.local.plan import TrainingPlan

# of the memory that is free when a run begins
_USED = 0.9
# of the activations, what is held where each layer is computed again
_RECOMPUTED = 0.25
_GIB = 2**30


@dataclass(frozen=True)
class MachineUse:
    """How a run uses this machine; found out once, and kept for when it goes on.

    Attributes:
        micro_batch: examples of one device at a time; the rest of a batch is accumulated.
        recompute: keep less of each token, and compute it again on the way back.
        threads: of the processor; None: not measured yet.
    """

    micro_batch: int
    recompute: bool
    threads: int | None


def free_memory() -> int:
    """Bytes that a run may take: of the GPU where there is one, else of the machine."""
    import psutil
    import torch

    if torch.cuda.is_available():
        return int(torch.cuda.mem_get_info()[0])
    return int(psutil.virtual_memory().available)


def computes_in_half(plan: TrainingPlan) -> bool:
    """Whether a run computes in 16 bits: an adapter's on a GPU."""
    import torch

    return torch.cuda.is_available() and not plan.full


def need_of(
    plan: TrainingPlan, config: Mapping[str, Any], longest: int, micro_batch: int
) -> MemoryNeed:
    """What a plan needs with so many examples at a time.

    Args:
        config: the base's `config.json`.
        longest: tokens of the longest example.
    """
    return memory_need(
        ModelShape.of(config),
        tokens=micro_batch * longest,
        rank=plan.rank,
        full=plan.full,
        quantized=plan.quantized,
        half=computes_in_half(plan),
        sequences=2 if plan.method == "dpo" else 1,
    )


def machine_for(
    plan: TrainingPlan, config: Mapping[str, Any], longest: int, earlier: Sequence[Json]
) -> MachineUse:
    """The largest batches that fit; computed twice only where one example does not fit otherwise.

    Args:
        earlier: what was measured when the run began, which it keeps.

    Raises:
        SyncError: not even one example at a time fits.
    """
    if earlier:
        known = earlier[-1]
        return MachineUse(known["micro_batch"], known["recompute"], known["threads"])
    free = int(_USED * free_memory())
    # KTO compares an example with the answer of its neighbour
    least = 2 if plan.method == "kto" else 1
    sizes = [n for n in range(plan.batch_size, least - 1, -1) if plan.batch_size % n == 0]
    for recompute in (False, True):
        for size in sizes or [least]:
            if _fits(need_of(plan, config, longest, size), free, recompute=recompute):
                return MachineUse(size, recompute, plan.threads)
    need = need_of(plan, config, longest, least)
    raise SyncError(refusal(plan, _needed(need, recompute=True), free))


def refusal(plan: TrainingPlan, need: int, free: int) -> str:
    """Why a run can't begin, and what would help."""
    return (
        f"training {plan.base} needs about {need / _GIB:.1f} GiB with examples of up to "
        f"{plan.max_length} tokens, and {free / _GIB:.1f} GiB are free; set "
        "finetune.local.max_length lower, or take a smaller finetune.base"
    )


def _fits(need: MemoryNeed, free: int, *, recompute: bool) -> bool:
    return _needed(need, recompute=recompute) <= free


def _needed(need: MemoryNeed, *, recompute: bool) -> int:
    activations = int(need.activations * (_RECOMPUTED if recompute else 1.0))
    return need.total - need.activations + activations
