"""What the base answered once is kept by its question, for every later run."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import torch

from sync.tuning.local.self_replies import general_prompts, self_replies

NO_MODEL = cast(Any, None)  # would fail if it were asked


def line(prompt: str, answer: str | None) -> str:
    asked = [{"role": "user", "content": prompt}]
    said = [] if answer is None else [{"role": "assistant", "content": answer}]
    return json.dumps({"messages": [*asked, *said]}) + "\n"


def test_what_was_kept_is_taken_by_its_prompt_in_the_order_of_all(tmp_path: Path) -> None:
    kept, prompts = tmp_path / "replies.jsonl", general_prompts()
    answers = [None if number % 4 == 2 else f"Answer {number}." for number in range(8)]
    lines = [line("Of an earlier list?", "Gone."), *map(line, prompts[:8], answers)]
    kept.write_text("".join(reversed(lines)))
    told: list[str] = []
    found = self_replies(NO_MODEL, NO_MODEL, 5, kept, told.append)
    assert [row["messages"][0]["content"] for row in found] == [prompts[n] for n in (0, 1, 3, 4, 5)]
    assert [row["messages"][1]["content"] for row in found] == [
        f"Answer {n}." for n in (0, 1, 3, 4, 5)
    ]
    assert told == ["the base answers general prompts (0 of 5)"]


@pytest.mark.parametrize(("ends", "whole"), [(7, True), ([9, 7], True), (8, False), (None, False)])
def test_a_reply_ends_as_its_model_ends_a_turn(tmp_path: Path, ends: Any, whole: bool) -> None:
    """The tokenizer's own end is another token, as Gemma's is."""

    class Asked(dict[str, Any]):
        def to(self, device: str) -> "Asked":
            return self

    tokenizer = SimpleNamespace(
        padding_side="right",
        pad_token_id=0,
        eos_token_id=1,
        apply_chat_template=lambda asked, **_: Asked(input_ids=torch.ones(len(asked), 2)),
        decode=lambda ids, **_: "Yes.",
    )
    model = SimpleNamespace(
        device="cpu",
        generation_config=SimpleNamespace(eos_token_id=ends),
        generate=lambda input_ids, **_: torch.tensor([[5, 5, 6, 7]] * len(input_ids)),
    )
    found = self_replies(cast(Any, model), cast(Any, tokenizer), 8, None, lambda what: None)
    assert len(found) == (8 if whole else 0)


def test_no_prompt_is_asked_twice() -> None:
    prompts = general_prompts()
    assert len(set(prompts)) == len(prompts) > 0
