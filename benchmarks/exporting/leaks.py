"""Whether anything leaks from one split to another: every pair across them, compared.

Questions become finished tasks, `labeltune split` shares them out, and then this module, which has
nothing from there but the file that was written, multiplies all vectors with all in float64.
"""

import csv
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice, product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from connectors.embedding import Encoder, load_encoder
from connectors.reading import Embeddings
from label_configs import load
from label_configs.chat_response import ChatResponse
from sync.common.json_text import to_json
from sync.compute.embedding import read_whole
from sync.dataset.splits.split import split
from sync.settings import Config
from sync.table.task_rows import Annotation, TaskRow
from sync.table.task_table import TaskTable

COUNT = 5_000
SAMPLE = Path(__file__).parent.parent.parent / "sync" / "sample" / "bank_support.jsonl"
# around the sentences of the sample, until there are enough
_BEFORE = ("", "Hello, ", "I have a question about the app: ", "My husband asks: ", "Once more: ")
_AFTER = ("", " Thank you.", " It is urgent, I am in Japan.", " I already called the branch.")
_ABOUT = [
    f" It is about {what} {where}."
    for what in ("my card", "a transfer", "a refund", "a fee", "the mortgage", "my savings")
    for where in ("in Lyon", "in Kyoto", "at the airport", "in the app", "at the branch", "online")
]
# characters of a sentence that asks nothing
_SHORT = 25
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
# rows that are multiplied at once with all others
_BLOCK = 512


def measure(files: Sequence[Path] = (), count: int = COUNT) -> dict[str, float]:
    """Split questions with the default settings, and look for pairs that should not be.

    Args:
        files: CSV with a column `text`, or JSONL with `question`; by default the sample, varied.
        count: of questions, at most.

    Returns:
        `leaks`: pairs in different splits that are as similar as the threshold; `leak_items`,
        `leak_comparisons`: how many items and pairs were looked at; `leak_closest`: the highest
        similarity among those pairs; `leak_near_pairs`: near pairs within splits, which show that
        there was something to keep together.
    """
    texts = list(islice(_questions(files) if files else _varied(), count))
    with tempfile.TemporaryDirectory(prefix="labeltune-leaks-") as folder:
        config = Config(folder=Path(folder))
        TaskTable(config.data_dir / "tasks").apply(7, _rows(texts))
        encoder = _Remembering(load_encoder(config.embedding.model))
        name = split(config, load=lambda name: encoder).split.name
        lines = (config.data_dir / "splits" / f"{name}.jsonl").read_text().splitlines()
    split_of = {row["task_id"]: row["split"] for row in map(json.loads, lines)}
    splits = np.array([split_of[task_id] for task_id in range(1, len(texts) + 1)])
    threshold = float(config.split.near_duplicates)
    return compared(read_whole(texts, encoder).vectors.astype(np.float64), splits, threshold)


class _Remembering:
    """The model, which embeds each text once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Embeddings] = {}

    def encode(self, texts: list[str]) -> Embeddings:
        new = [text for text in texts if text not in self._known]
        self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return np.array([self._known[text] for text in texts])


def compared(
    vectors: NDArray[np.float64], splits: NDArray[np.str_], threshold: float
) -> dict[str, float]:
    """The figures of `measure`, from all products.

    Args:
        vectors: (n, dim), rows of length 1.
        splits: (n,): of each, by name.
        threshold: least cosine similarity of a leak.
    """
    leaks = comparisons = near_pairs = 0
    closest = -1.0
    for start in range(0, len(vectors), _BLOCK):
        product_ = vectors[start : start + _BLOCK] @ vectors.T
        across = splits[start : start + _BLOCK, None] != splits[None, :]
        near = product_ >= threshold
        leaks += int((near & across).sum())
        near_pairs += int((near & ~across).sum())
        comparisons += int(across.sum())
        closest = max(closest, float(product_.max(initial=-1.0, where=across)))
    return {
        "leaks": leaks // 2,
        "leak_items": len(vectors),
        "leak_comparisons": comparisons // 2,
        "leak_closest": round(closest, 4),
        # each with itself aside
        "leak_near_pairs": (near_pairs - len(vectors)) // 2,
    }


def _questions(files: Sequence[Path]) -> Iterator[str]:
    for path in files:
        with path.open(encoding="utf-8", newline="") as file:
            if path.suffix == ".csv":
                yield from (row["text"] for row in csv.DictReader(file))
            else:
                yield from (json.loads(line)["question"] for line in file)


def _varied() -> Iterator[str]:
    asked = [json.loads(line)["messages"] for line in SAMPLE.read_text("utf-8").splitlines()]
    said = " ".join(m["content"] for turns in asked for m in turns if m["role"] == "user")
    sentences = dict.fromkeys(s for s in re.split(r"(?<=[.?!])\s+", said) if len(s) > _SHORT)
    around = product(["", *_ABOUT], _AFTER, _BEFORE)
    for about, after, before in around:
        yield from (f"{before}{sentence}{about}{after}" for sentence in sentences)


def _rows(texts: Sequence[str]) -> Iterator[TaskRow]:
    """Each question as a task that somebody has answered."""
    result = to_json(load("chat_response").encode(ChatResponse("An answer.", verdict="rewrite")))
    for number, text in enumerate(texts, start=1):
        answer = Annotation(number, 1, False, False, 5.0, _NOW, _NOW, None, result)
        data = to_json({"messages": [{"role": "user", "content": text}]})
        yield TaskRow(7, number, data, (answer,), (), _NOW, _NOW)
