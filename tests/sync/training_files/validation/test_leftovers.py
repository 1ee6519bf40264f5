"""What a model's server left in a file's answers is warned of, line by line."""

from pathlib import Path
from typing import Any

import pytest

from tests.sync.training_files.validation.lines import answer, right, says, user
from tests.sync.training_files.validation.validating import run, write

ENOUGH = 60
SAID = "zebra answers."
LEFT = (
    f"why\n</think>\n\n{SAID}",
    f"<think>\n\n</think>\n{SAID}",
    f"<think>{SAID}",
    f"<|channel|>analysis<|message|>why<|end|>{SAID}",
    f"{SAID}<|im_end|>",
    f"{SAID}</s>",
    f"```markdown\n{SAID}\n```",
    f"{SAID}<|eot_id|> zebra",
)


def chat(text: str, number: int = 0) -> dict[str, Any]:
    return {"messages": [user(number), answer(number) | {"content": text}]}


def problems(path: Path, lines: list[Any], form: str = "openai-chat") -> list[tuple[int, str, str]]:
    return run(write(path / "train.jsonl", lines), "--format", form).problems


def lines_of(form: str = "openai-chat") -> list[Any]:
    return [right(form, number) for number in range(ENOUGH)]


@pytest.mark.parametrize("text", LEFT)
def test_each_is_a_warning_with_its_line(tmp_path: Path, text: str) -> None:
    lines = lines_of()
    lines[6] = chat(text)
    assert problems(tmp_path, lines) == [(7, "leftover", "warning")]


def test_of_any_format(tmp_path: Path) -> None:
    for form, line in (
        ("sharegpt", {"conversations": [says("human"), {"from": "gpt", "value": LEFT[4]}]}),
        ("alpaca", {"instruction": "zebra asks", "output": LEFT[0]}),
        ("trl-preference", {"prompt": "zebra", "chosen": "zebra", "rejected": LEFT[5]}),
    ):
        found = problems(tmp_path, [*lines_of(form)[:6], line, *lines_of(form)[7:]], form)
        assert (7, "leftover", "warning") in found


def test_words_and_what_is_not_learnt_are_passed_over(tmp_path: Path) -> None:
    lines = lines_of()
    lines[3] = chat("Write `<think>` before zebra and `</think>` after it.")
    lines[4] = {"messages": [user(4) | {"content": LEFT[4]}, answer(4)]}
    lines[5] = {"messages": [user(5), answer(5) | {"content": LEFT[4], "weight": 0},
                             user(6), answer(6)]}  # fmt: skip
    assert problems(tmp_path, lines) == []


def test_whole_reasoning_before_the_answer_is_how_reasoning_models_are_taught(
    tmp_path: Path,
) -> None:
    def reasoned(number: int) -> Any:
        return chat(f"<think>\nwhy {number}\n</think>\n\n{SAID}", number)

    assert problems(tmp_path, [reasoned(number) for number in range(ENOUGH)]) == []
    few = lines_of()
    few[8], few[9] = reasoned(8), reasoned(9)
    found = problems(tmp_path, few)
    assert found == [(9, "leftover", "warning"), (10, "leftover", "warning")]
