"""What a run learns from: the release's lines, and general examples among them.

Rows keep the form of TRL's datasets: `prompt` with `completion`, with `chosen` and `rejected`, or
with `completion` and `label`; each a list of messages. TRL turns them into tokens.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sync.common.json_text import Json
from sync.tuning.local.plan import Method

if TYPE_CHECKING:
    from datasets import Dataset
    from transformers import PreTrainedTokenizerBase

# the format of a release that each way of training reads, and the parts that follow the prompt
FORMATS_OF: Mapping[Method, str] = {
    "supervised": "trl-prompt-completion",
    "dpo": "trl-preference",
    "kto": "trl-unpaired-preference",
}
_ANSWERS: Mapping[Method, tuple[str, ...]] = {
    "supervised": ("completion",),
    "dpo": ("chosen", "rejected"),
    "kto": ("completion",),
}


@dataclass(frozen=True)
class TrainingRows:
    """Rows that fit, and what was left out.

    Attributes:
        longest: tokens of the longest row that is there.
        tokens: of all of them, a prompt anew with each of its answers.
        too_long: rows of more tokens than the run takes.
        with_pictures: rows that show pictures, which these models don't read.
    """

    rows: tuple[Json, ...]
    longest: int = 0
    tokens: int = 0
    too_long: int = 0
    with_pictures: int = 0

    def with_more(self, other: "TrainingRows") -> "TrainingRows":
        """These and others behind them."""
        return TrainingRows(
            (*self.rows, *other.rows),
            max(self.longest, other.longest),
            self.tokens + other.tokens,
            self.too_long + other.too_long,
            self.with_pictures + other.with_pictures,
        )


def read_rows(path: Path) -> list[Json]:
    """The lines of a release's file."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def general_rows(conversations: Iterable[Json]) -> list[Json]:
    """Rows of `openai-chat` lines: the last answer of each is what is learned."""
    rows = []
    for line in conversations:
        *prompt, last = line["messages"]
        if prompt and last.get("role") == "assistant":
            answer = {key: last[key] for key in ("role", "content") if key in last}
            rows.append({"prompt": prompt, "completion": [answer]})
    return rows


def fitting(
    rows: Sequence[Json], method: Method, tokenizer: "PreTrainedTokenizerBase", most: int
) -> TrainingRows:
    """The rows that a run can take whole.

    Args:
        most: tokens of a row, its prompt included.
    """
    kept, longest, tokens, too_long, pictures = [], 0, 0, 0, 0
    for row in rows:
        if row.get("images"):
            pictures += 1
            continue
        lengths = [_length(row, part, tokenizer) for part in _ANSWERS[method]]
        if max(lengths) > most:
            too_long += 1
            continue
        longest = max(longest, *lengths)
        tokens += sum(lengths)
        kept.append(row)
    return TrainingRows(tuple(kept), longest, tokens, too_long, pictures)


def _length(row: Json, part: str, tokenizer: "PreTrainedTokenizerBase") -> int:
    """Tokens of a prompt with one answer."""
    prompt, answer = row["prompt"], row[part]
    if isinstance(prompt, str):
        return len(tokenizer(prompt + answer)["input_ids"]) + 1
    return len(token_ids(row, part, tokenizer))


def token_ids(row: Json, part: str, tokenizer: "PreTrainedTokenizerBase") -> list[int]:
    """The tokens of a conversation with one of its answers, by the tokenizer's chat template."""
    ids: Any = tokenizer.apply_chat_template(
        [*row["prompt"], *row[part]], tools=_tools(row), tokenize=True, return_dict=True
    )
    return list(ids["input_ids"])


def _tools(row: Json) -> list[Any] | None:
    tools = row.get("tools")
    found: list[Any] | None = json.loads(tools) if isinstance(tools, str) else tools
    return found or None


def dataset(rows: Sequence[Json], method: Method) -> "Dataset":
    """The rows as a data set; messages stay as they are, whatever keys each has."""
    import datasets

    if not rows or isinstance(rows[0]["prompt"], str):
        return datasets.Dataset.from_list(list(rows))
    messages = datasets.List(datasets.Json())
    columns: dict[str, Any] = {"prompt": messages}
    columns |= dict.fromkeys(_ANSWERS[method], messages)
    if method == "kto":
        columns["label"] = datasets.Value("bool")
    if any(row.get("tools") for row in rows):
        columns["tools"] = messages
    filled = [
        {name: _tools(row) if name == "tools" else row.get(name) for name in columns}
        for row in rows
    ]
    return datasets.Dataset.from_list(filled, features=datasets.Features(columns))
