"""What the training process begins with: the model and its tokenizer, and the rows it learns."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sync.common.json_text import Json
from sync.tuning.local.base_model import unpacked_folder
from sync.tuning.local.plan import GENERAL, TRAINING, VALIDATION, TrainingPlan
from sync.tuning.local.self_replies import self_replies
from sync.tuning.local.step_log import StepLog
from sync.tuning.local.training_rows import TrainingRows, fitting, general_rows, read_rows

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


def loaded(source: str, plan: TrainingPlan) -> tuple["PreTrainedModel", "PreTrainedTokenizerBase"]:
    """The base and its tokenizer: in 32 bits on the processor, in 16 or 4 on a GPU.

    Args:
        source: what transformers loads it from.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig

    on_gpu = torch.cuda.is_available()
    half = on_gpu and not plan.full
    options: dict[str, Any] = {"dtype": torch.bfloat16 if half else torch.float32}
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


def rows_of(
    run: Path,
    plan: TrainingPlan,
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    log: StepLog,
) -> tuple[TrainingRows, TrainingRows | None]:
    """What is learned, the general examples included, and what it is held against."""
    own = fitting(read_rows(run / TRAINING), plan.method, tokenizer, plan.max_length)
    general = _general(run, plan, model, tokenizer, log)
    mixed = fitting([*own.rows, *general], plan.method, tokenizer, plan.max_length)
    validation = None
    if (run / VALIDATION).exists():
        validation = fitting(read_rows(run / VALIDATION), plan.method, tokenizer, plan.max_length)
    log.say(
        "rows",
        own=len(own.rows),
        general=len(mixed.rows) - len(own.rows),
        validation=len(validation.rows) if validation else 0,
        too_long=own.too_long,
        with_pictures=own.with_pictures,
        longest=mixed.longest,
    )
    return mixed, validation


def _general(
    run: Path,
    plan: TrainingPlan,
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    log: StepLog,
) -> list[Json]:
    if (run / GENERAL).exists():
        return general_rows(read_rows(run / GENERAL))
    if not plan.self_replies:
        return []
    digest = plan.digests.get("base")
    kept = unpacked_folder(digest).with_suffix(".replies.jsonl") if digest else None
    lines = self_replies(
        model, tokenizer, plan.self_replies, kept, lambda what: log.say("doing", what=what)
    )
    return general_rows(lines)
