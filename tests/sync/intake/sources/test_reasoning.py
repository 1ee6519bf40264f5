"""Reasoning in a source's turns is set apart from what they say, and no word of it is lost."""

from pathlib import Path
from typing import Any

import pytest

from label_configs.source_reasoning import DRAFT_FIELD, DRAFT_REASONING, set_apart
from sync.intake.cleaning.task_identity import inputs_digest
from sync.intake.sources import SourceTask
from tests.sync.intake.sources.builders import lines, read, write

ASKED = {"role": "user", "content": "How much?"}
APART = {"role": "assistant", "content": "Five.", "reasoning_content": "The table."}
TURNS: dict[str, dict[str, Any]] = {
    "beside the text": {"content": "Five.", "reasoning_content": "The table."},
    "newer servers": {"content": "Five.", "reasoning": "The table."},
    "Ollama": {"content": "Five.", "thinking": "The table."},
    "both names": {"content": "Five.", "reasoning": "The table.", "reasoning_content": None},
    "a block": {"content": "<think>\nThe table.\n</think>\n\nFive."},
    "its end": {"content": "The table.\n</think>\n\nFive."},
    "channels": {
        "content": "<|channel|>analysis<|message|>The table.<|end|>"
        "<|start|>assistant<|channel|>final<|message|>Five.<|return|>"
    },
    "and a token": {"content": "[THINK]The table.[/THINK]Five.</s>"},
}
KEPT: dict[str, dict[str, Any]] = {
    "words": {"content": "Write `<think>` first."},
    "nothing else": {"content": "<think>The table."},
    "code": {"content": "```python\nprint(5)\n```"},
    "other data": {"content": "Five.", "reasoning": {"effort": "low"}},
}


def of(folder: Path, row: Any, **settings: Any) -> SourceTask:
    (task,) = read(write(folder, "a.jsonl", lines(row)), **{"last_assistant": "keep", **settings})
    return task


@pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS)
def test_it_moves_beside_the_text(tmp_path: Path, turn: dict[str, Any]) -> None:
    messages = [ASKED, {"role": "assistant", **turn}, {"role": "user", "content": "Sure?"}]
    assert of(tmp_path, {"messages": messages}).data["messages"][1] == APART


@pytest.mark.parametrize("turn", KEPT.values(), ids=KEPT)
def test_what_is_no_reasoning_stays(tmp_path: Path, turn: dict[str, Any]) -> None:
    messages = [ASKED, {"role": "assistant", **turn}]
    assert of(tmp_path, {"messages": messages}).data["messages"] == messages


def test_tokens_and_empty_blocks_go(tmp_path: Path) -> None:
    for content in ("Five.<|im_end|>", "<think>\n\n</think>\n\nFive."):
        messages = [ASKED, {"role": "assistant", "content": content}]
        said = of(tmp_path, {"messages": messages}).data["messages"][1]
        assert said == {"role": "assistant", "content": "Five."}


def test_users_may_say_what_they_like(tmp_path: Path) -> None:
    asked = {"role": "user", "content": "<think>Why</think> so?<|im_end|>", "reasoning": "x"}
    assert of(tmp_path, {"messages": [asked]}).data["messages"] == [asked]


def test_of_other_shapes(tmp_path: Path) -> None:
    sharegpt = [
        {"from": "human", "value": "How much?"},
        {"from": "gpt", "value": "<think>The table.</think>Five."},
    ]
    for row in (
        {"conversations": sharegpt},
        {"prompt": "How much?", "answer": "<think>The table.</think>Five."},
        {"instruction": "How much?", "output": "The table.\n</think>\nFive."},
    ):
        assert of(tmp_path, row).data["messages"][-1] == APART


def test_an_answer_that_is_taken_from_the_end_keeps_it_beside(tmp_path: Path) -> None:
    row = {"messages": [ASKED, {"role": "assistant", **TURNS["a block"]}]}
    draft = of(tmp_path, row, last_assistant="draft").data
    assert (draft[DRAFT_FIELD], draft[DRAFT_REASONING]) == ("Five.", "The table.")
    reference = of(tmp_path, row, last_assistant="reference").data
    assert (reference["reference"], reference["reference_reasoning"]) == ("Five.", "The table.")
    assert of(tmp_path, row, last_assistant="drop").data == {"messages": [ASKED]}


def test_what_was_pushed_before_it_was_set_apart_is_the_same_task(tmp_path: Path) -> None:
    digests = set()
    for turn in TURNS.values():
        as_it_came = {"messages": [ASKED, {"role": "assistant", **turn}, ASKED]}
        as_it_is = of(tmp_path, as_it_came).data
        digests |= {inputs_digest(as_it_came), inputs_digest(as_it_is)}
    assert len(digests) == 1


def test_what_is_no_message_stays() -> None:
    odd = [None, "x", {"role": "assistant"}, {"role": "assistant", "content": 5}, {}]
    assert set_apart(odd) == odd
