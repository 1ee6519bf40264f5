"""Unsloth's script of a run: Unsloth is a library, so what it is told is Python.

Its calls are those of Unsloth's notebooks, and of TRL's trainers, which it patches. It is not run
in our tests, since Unsloth needs a GPU and versions that are not ours.
"""

import json

from sync.tuning.local.trainer_files.described import DescribedRun
from sync.tuning.local.training_rows import FORMATS_OF

_TRAINERS = {"supervised": "SFT", "dpo": "DPO", "kto": "KTO"}
_SCRIPT = '''\
"""For Unsloth: python {file}"""

from unsloth import FastLanguageModel  # before trl, which it patches
from datasets import load_dataset
from trl import {kind}Config, {kind}Trainer

model, tokenizer = FastLanguageModel.from_pretrained(
    {base}, max_seq_length={length}, load_in_4bit={quantized}, full_finetuning={full}
)
{adapter}files = {files}
data = load_dataset("json", data_files=files)
{kind}Trainer(
    model=model,
    processing_class=tokenizer,
    train_dataset=data["train"],
    eval_dataset=data.get("validation"),
    args={kind}Config(
        output_dir={name},
        num_train_epochs={epochs},
        per_device_train_batch_size=1,
        gradient_accumulation_steps={batch},
        learning_rate={rate},
        lr_scheduler_type="cosine",
        max_length={length},
        logging_steps=1,
        seed={seed},
    ),
).train()
model.save_pretrained({name})
tokenizer.save_pretrained({name})
'''
_ADAPTER = """\
model = FastLanguageModel.get_peft_model(
    model, r={rank}, lora_alpha={alpha}, lora_dropout=0, random_state={seed}
)
"""


def unsloth(run: DescribedRun) -> dict[str, str]:
    """One script that trains as it stands.

    Raises:
        SyncError: the release has no file of the method's TRL format.
    """
    plan = run.plan
    wanted = FORMATS_OF[run.method]
    form = run.form("unsloth", lambda f: f.name == wanted)
    splits = {split: run.file(form, split) for split in ("train", "validation")}
    files = {split: str(path) for split, path in splits.items() if path is not None}
    name = f"{run.name}.unsloth.py"
    adapter = _ADAPTER.format(rank=plan.rank, alpha=plan.alpha, seed=plan.seed)
    text = _SCRIPT.format(
        file=name,
        kind=_TRAINERS[run.method],
        base=json.dumps(run.published_base),
        length=plan.max_length,
        quantized=plan.quantized,
        full=plan.full,
        adapter="" if plan.full else adapter,
        files=json.dumps(files),
        name=json.dumps(run.name),
        epochs=plan.epochs,
        batch=plan.batch_size,
        rate=plan.learning_rate,
        seed=plan.seed,
    )
    return {name: text}
