"""From a request to a plan: the base, the files, the settings, and what all of it will take."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import Any

from sync.common.errors import SyncError
from sync.common.wording import counted
from sync.tuning.local.base_model import TuningBase, base_config, base_model, base_name
from sync.tuning.local.general_share import GeneralShare, general_share
from sync.tuning.local.machine import free_memory, need_of, refusal
from sync.tuning.local.memory import ModelShape
from sync.tuning.local.plan import Method, TrainingPlan
from sync.tuning.local.training_rows import FORMATS_OF
from sync.tuning.local.trl_trainer import steps_of
from sync.tuning.models.learnt_release import LearntRelease
from sync.tuning.tuner import TuningRequest, run_key

LEARNING_RATES: Mapping[Method, float] = {"supervised": 2e-4, "dpo": 5e-5, "kto": 5e-5}
BATCH_SIZE = 4
_FEW = 50
_GIB = 2**30


@dataclass(frozen=True)
class PlannedRun:
    """A run that is planned.

    Attributes:
        sentences, facts, warnings: as `TuningEstimate` has them.
    """

    name: str
    plan: TrainingPlan
    base: TuningBase
    learnt: LearntRelease
    general: GeneralShare
    sentences: tuple[str, ...]
    facts: Mapping[str, Any]
    warnings: tuple[str, ...]


def planned_run(request: TuningRequest, *, here: bool = True) -> PlannedRun:
    """Plan a run; the same request gives the same plan.

    Args:
        here: it is to be trained on this machine, so that it must fit.

    Raises:
        SyncError: it can't be done here, and why.
    """
    method = _method(request)
    learnt = request.learnt(FORMATS_OF[method])
    base = base_model(base_name(request.config, request.folder), request.config.folder)
    if here and request.config.finetune.local.quantize:
        require_quantizing()
    general = general_share(request.config, request.release, method, learnt.training.lines)
    plan = _plan(request, method, learnt, base, general)
    decided = {**asdict(plan), "base": base.digest or base.name}
    name = request.name(base.name, run_key(learnt, decided))
    need, free = _memory(plan, base) if here else (None, 0)
    steps = steps_of(plan, learnt.training.lines + general.learned)
    return PlannedRun(
        name,
        plan,
        base,
        learnt,
        general,
        tuple(_sentences(request, plan, base, learnt, general, steps, need, free)),
        {"base": base.name, "method": method, "steps": steps, "memory_bytes": need}
        | {"settings": decided, "general": general.told},
        tuple(_warnings(learnt)),
    )


def _method(request: TuningRequest) -> Method:
    """The way of training, if it is one of this machine's."""
    method = request.method
    if method == "reinforcement":
        raise SyncError(
            f"finetune.method is {method!r}, which is not trained on this machine "
            f"({', '.join(FORMATS_OF)}); take one of them, or an endpoint (finetune.way)"
        )
    asked = request.config.finetune.format
    if asked not in (None, FORMATS_OF[method]):
        raise SyncError(
            f"finetune.format is {asked!r}, and training {method} on this machine reads "
            f"{FORMATS_OF[method]!r}; take it out of labeltune.toml"
        )
    return method


def require_quantizing() -> None:
    """See that the base can be held in 4 bits.

    Raises:
        SyncError: there is no GPU, or no bitsandbytes.
    """
    import torch

    if not torch.cuda.is_available() or find_spec("bitsandbytes") is None:
        raise SyncError(
            "finetune.local.quantize needs a GPU and bitsandbytes (pip install bitsandbytes); "
            "without them, take it out of labeltune.toml"
        )


def _plan(
    request: TuningRequest,
    method: Method,
    learnt: LearntRelease,
    base: TuningBase,
    general: GeneralShare,
) -> TrainingPlan:
    shared, own = request.config.finetune, request.config.finetune.local
    digests: dict[str, str] = {file.role: file.sha256 for file in learnt.files}
    return TrainingPlan(
        base=base.source,
        method=method,
        digests={**digests, **({"base": base.digest} if base.digest else {})},
        epochs=request.epochs,
        learning_rate=shared.learning_rate or LEARNING_RATES[method],
        batch_size=shared.batch_size or BATCH_SIZE,
        seed=shared.seed,
        max_length=own.max_length,
        rank=own.rank,
        alpha=own.alpha,
        general=general.told,
        self_replies=general.self_replies,
        kl_weight=general.kl_weight,
        full=own.full,
        quantized=own.quantize,
        patience=own.patience,
        evaluations=own.evaluations,
        threads=own.threads,
        merge=own.merge,
    )


def _memory(plan: TrainingPlan, base: TuningBase) -> tuple[int | None, int]:
    """Bytes that one example at a time needs, and that are free.

    Returns:
        None for the need of a base that is not on this machine or not unpacked yet: the process
        looks at it again before the first step.

    Raises:
        SyncError: it does not fit.
    """
    free = free_memory()
    config = base_config(base)
    if config is None:
        return None, free
    try:
        need = need_of(plan, config, plan.max_length, 1)
    except KeyError as error:
        raise SyncError(
            f"{base.name}: its config.json has no {error}, so it is no language model that can be "
            "trained here; correct finetune.base"
        ) from error
    if need.least > free:
        raise SyncError(refusal(plan, need.least, free))
    return need.total, free


def _sentences(
    request: TuningRequest,
    plan: TrainingPlan,
    base: TuningBase,
    learnt: LearntRelease,
    general: GeneralShare,
    steps: int,
    need: int | None,
    free: int,
) -> Iterator[str]:
    what = "every weight" if plan.full else f"an adapter of rank {plan.rank}"
    config = base_config(base)
    size = f" ({ModelShape.of(config).parameters / 1e6:.0f} M parameters)" if config else ""
    examples = counted(learnt.training.lines, "example")
    yield (
        f"{base.name}{size} learns {examples} of {request.where}: {what}, "
        f"{counted(plan.epochs, 'epoch')}, {steps} steps of {plan.batch_size} at a rate of "
        f"{plan.learning_rate:g}."
    )
    yield general.sentence
    if learnt.validation is not None:
        yield (
            f"It stops early where {counted(learnt.validation.lines, 'validation example')} show "
            "no gain."
        )
    if need is None:
        yield "How much memory it needs is known once the base is unpacked."
    else:
        yield f"About {need / _GIB:.1f} GiB of memory, and {free / _GIB:.1f} GiB are free."
    yield "Its first step is measured; then it says how long all takes."


def _warnings(learnt: LearntRelease) -> Iterator[str]:
    if learnt.validation is None:
        yield (
            "the release has no validation split, so nothing tells when to stop; run `labeltune "
            "split`, then export"
        )
    if learnt.training.lines < _FEW:
        few = counted(learnt.training.lines, "example")
        yield f"{few} are few; {_FEW} or more teach more than the wording of these"
