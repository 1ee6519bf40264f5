"""What the base answered once is kept by its question, for every later run."""

import json
from pathlib import Path
from typing import Any, cast

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


def test_no_prompt_is_asked_twice() -> None:
    prompts = general_prompts()
    assert len(set(prompts)) == len(prompts) > 0
