"""A base that is small enough to train in a test, runs of it, and what they learn."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from sync.training_files.manifest.contents import ReleaseSummary, WrittenFile
from sync.training_files.manifest.line_writer import LineWriter
from sync.training_files.manifest.lineage import LineageWriter
from sync.training_files.manifest.manifest import write_manifest
from sync.tuning.local.plan import STEPS, TRAINING, VALIDATION, Method, TrainingPlan
from sync.tuning.local.self_replies import general_prompts
from sync.tuning.local.step_log import events
from sync.tuning.local.training_rows import FORMATS_OF
from tests.sync.dataset.release.written import SOURCE, Row
from tests.sync.training_files.formats.trl_desk import byte_tokenizer

ROOT = Path(__file__).parents[4]
PLAN = TrainingPlan(
    base="",
    method="supervised",
    digests={},
    epochs=3,
    learning_rate=1e-2,
    batch_size=4,
    seed=0,
    max_length=256,
    rank=4,
    alpha=8,
    threads=1,
)


def tiny_base(folder: Path, layers: int = 2, vocabulary: int | None = None) -> Path:
    """A llama of random weights with grouped keys, in transformers' form.

    Args:
        vocabulary: by default the tokenizer's own.
    """
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    tokenizer = byte_tokenizer()
    config = LlamaConfig(
        vocab_size=vocabulary or len(tokenizer),
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=512,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=None,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def rows(method: Method, count: int, first: int = 0) -> list[Any]:
    """Lines of a release in the method's format."""
    found = []
    for number in range(first, first + count):
        prompt = [{"role": "user", "content": f"What does card {number} cost?"}]
        good = [{"role": "assistant", "content": f"It costs {number} pounds."}]
        bad = [{"role": "assistant", "content": "I don't know."}]
        if method == "supervised":
            found.append({"prompt": prompt, "completion": good})
        elif method == "dpo":
            found.append({"prompt": prompt, "chosen": good, "rejected": bad})
        else:
            answer = good if number % 2 else bad
            found.append({"prompt": prompt, "completion": answer, "label": bool(number % 2)})
    return found


def begun(
    model_folder: Path, base: Path, method: Method = "supervised", count: int = 24, **changes: Any
) -> Path:
    """A run's folder in which nothing was trained yet."""
    run = model_folder / "training"
    run.mkdir(parents=True)
    for name, some in ((TRAINING, rows(method, count)), (VALIDATION, rows(method, 6, 100))):
        (run / name).write_text("".join(json.dumps(row) + "\n" for row in some))
    replace(PLAN, base=str(base), method=method, **changes).write(run)
    return run


def unpacked_base(cache: Path, digest: str) -> Path:
    """A base as if it was unpacked from a GGUF file, and what it said to all general prompts.

    Args:
        cache: as `XDG_CACHE_HOME` names it.
    """
    folder = tiny_base(cache / "labeltune" / "unpacked" / digest)
    replies = [
        {"messages": [{"role": "user", "content": each}, {"role": "assistant", "content": "Yes."}]}
        for each in general_prompts()
    ]
    lines = "".join(json.dumps(each) + "\n" for each in replies)
    folder.with_suffix(".replies.jsonl").write_text(lines)
    return folder


def process(runs: Sequence[Path], cache: Path) -> "subprocess.Popen[bytes]":
    """The process that trains them, one after the other."""
    return subprocess.Popen(
        [sys.executable, "-m", "sync.tuning.local.training_process", *map(str, runs)],
        cwd=ROOT,
        env={
            **os.environ,
            "TOKENIZERS_PARALLELISM": "false",
            "PYTHONPATH": str(ROOT),
            "XDG_CACHE_HOME": str(cache),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )


def said(run: Path, event: str) -> list[Any]:
    """What a run says of itself."""
    return [line for line in events(run / STEPS) if line["event"] == event]


def release(folder: Path, method: Method = "supervised", **counts: int) -> Path:
    """A release of lines that can be trained on.

    Args:
        counts: of examples, by split.
    """
    form = FORMATS_OF[method]
    folder.mkdir(parents=True)
    writers: dict[str, LineWriter] = {}
    number = 0
    with ExitStack() as stack:
        lineage = stack.enter_context(LineageWriter(folder))
        for split, count in counts.items():
            writer = stack.enter_context(LineWriter(folder / f"{form}.{split}.jsonl"))
            writers[split] = writer
            for line in rows(method, count, number):
                number += 1
                written = {writer.path.name: [writer.write(line)]}
                lineage.record(Row(number).labelled(), written, split, 1)
    files = [
        WrittenFile(form, split, w.path.name, w.lines, w.bytes, w.sha256)
        for split, w in writers.items()
    ]
    whole = ReleaseSummary("Support answers", "chat_response", tuple(files))
    write_manifest(folder, whole, SOURCE, lineage, {})
    return folder
