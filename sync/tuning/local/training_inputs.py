"""What the training process begins with: the model and its tokenizer, and the rows it learns."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sync.common.json_text import Json
from sync.tuning.local.base_divergence import BaseDivergence
from sync.tuning.local.base_model import unpacked_folder
from sync.tuning.local.machine import computes_in_half
from sync.tuning.local.plan import GENERAL, TRAINING, VALIDATION, TrainingPlan
from sync.tuning.local.self_replies import general_prompts, self_replies
from sync.tuning.local.step_log import StepLog
from sync.tuning.local.training_rows import TrainingRows, fitting, general_rows, read_rows
from sync.tuning.local.trl_trainer import steps_of

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


def loaded(source: str, plan: TrainingPlan) -> tuple["PreTrainedModel", "PreTrainedTokenizerBase"]:
    """The base and its tokenizer: in 32 bits on the processor, in 16 or 4 on a GPU.

    Args:
        source: what transformers loads it from.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig

    dtype = torch.bfloat16 if computes_in_half(plan) else torch.float32
    options: dict[str, Any] = {"dtype": dtype}
    if plan.quantized:
        in_bits: Any = BitsAndBytesConfig
        options["quantization_config"] = in_bits(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16,
        )
    tokenizer = AutoTokenizer.from_pretrained(source)
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    model = AutoModelForCausalLM.from_pretrained(source, **options)
    return model, tokenizer


@dataclass(frozen=True)
class TrainingInputs:
    """What a run is trained by.

    Attributes:
        rows: what is learned, general examples included.
        validation: what it is held against; None: nothing is.
        held: what keeps it near its base; None: nothing does.
    """

    rows: TrainingRows
    validation: TrainingRows | None
    held: BaseDivergence | None

    @property
    def longest(self) -> int:
        """Tokens of the longest sequence of a step."""
        return max(self.rows.longest, self.held.longest if self.held else 0)


def inputs_of(
    run: Path,
    plan: TrainingPlan,
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    log: StepLog,
) -> TrainingInputs:
    """What a run's folder and its base give; the log is told how many rows there are."""
    most = plan.max_length
    own = fitting(read_rows(run / TRAINING), plan.method, tokenizer, most)
    general = _general(run, plan, len(own.rows), model, tokenizer, log)
    beside = fitting(general, plan.method, tokenizer, most)
    held, rows = None, own
    if plan.kl_weight:
        held = BaseDivergence.on(beside.rows, tokenizer, plan.kl_weight)
    else:
        rows = own.with_more(beside)
    validation = None
    if (run / VALIDATION).exists():
        validation = fitting(read_rows(run / VALIDATION), plan.method, tokenizer, most)
    found = TrainingInputs(rows, validation, held)
    log.say(
        "rows",
        own=len(own.rows),
        general=len(beside.rows),
        validation=len(validation.rows) if validation else 0,
        too_long=own.too_long,
        with_pictures=own.with_pictures,
        longest=found.longest,
        **({"unheld": True} if plan.kl_weight and held is None else {}),
    )
    return found


def _general(
    run: Path,
    plan: TrainingPlan,
    own: int,
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    log: StepLog,
) -> list[Json]:
    """Rows that are learned or held beside so many of the release."""
    if (run / GENERAL).exists():
        return general_rows(read_rows(run / GENERAL))
    # one is held a step
    wanted = steps_of(plan, own) if plan.kl_weight else plan.self_replies
    if not wanted:
        return []
    digest = plan.digests.get("base")
    kept = unpacked_folder(digest).with_suffix(".replies.jsonl") if digest else None
    count = min(wanted, len(general_prompts()))
    lines = self_replies(model, tokenizer, count, kept, lambda what: log.say("doing", what=what))
    return general_rows(lines)
