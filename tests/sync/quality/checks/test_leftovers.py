"""What a model's server left in finished answers is found; the same characters as words are not."""

from dataclasses import replace

import numpy as np
import pytest

import label_configs
from label_configs.multi_turn import MultiTurn, Turn
from sync.compute import LocalEngine
from sync.quality.checks import CHECKS, Finding, WorkToCheck
from sync.records import Labelled
from tests.sync.builders import record
from tests.sync.quality.checks.work import work_of

SAID = "A new card costs GBP 5.00."
CERTAIN = {
    f"<think>\nFive.\n</think>\n\n{SAID}": "the model's reasoning",
    f"Five.\n</think>\n{SAID}": "the model's reasoning",
    f"<think>\n\n</think>\n\n{SAID}": "the model's reasoning",
    f"<think>\n{SAID}": "the model's reasoning, which has no end",
    f"<|channel|>final<|message|>{SAID}": "the model's reasoning",
    f"{SAID}<|im_end|>": "a token that ends the model's turn",
    f"{SAID} </s>": "a token that ends the model's turn",
}
DOUBTFUL = {
    f"```markdown\n{SAID}\n```": "a code fence around the whole answer",
    f"{SAID}\n<think>\nFive.\n</think>\nBy post.": "a tag of the model's reasoning",
    f"{SAID}<|eot_id|> Yes.": "a token of the model's chat template",
}
FINE = (
    SAID,
    "Wrap it in `<think>` and `</think>`.",
    "```python\nprint(5)\n```",
    "Press <Enter> [twice].",
    "It was <s>GBP 10</s>",
)


def found_in(*answers: str, **fields: str) -> list[Finding]:
    fields = {"verdict": "edit", **fields}
    records = [record(task_id, text, **fields) for task_id, text in enumerate(answers, 1)]
    work = work_of(records, np.eye(len(records), dtype=np.float32))
    return list(CHECKS["leftover"](work).findings)


@pytest.mark.parametrize(("severity", "cases"), [("error", CERTAIN), ("warning", DOUBTFUL)])
def test_each_is_found(severity: str, cases: dict[str, str]) -> None:
    findings = found_in(*cases)
    assert [f.task_id for f in findings] == list(range(1, len(cases) + 1))
    assert {(f.kind, f.severity) for f in findings} == {("leftover", severity)}
    for finding, what in zip(findings, cases.values(), strict=True):
        assert finding.message.startswith(f"the answer holds {what}, which would be learnt")
        assert finding.url == f"http://ls/{finding.task_id}"
        assert "card" not in finding.message


def test_what_is_meant_or_never_learnt_is_not() -> None:
    assert found_in(*FINE) == []
    assert found_in(*CERTAIN, verdict="reject") == []


def test_every_turn_that_is_learnt_is_looked_at() -> None:
    interface = label_configs.load("multi_turn")
    data = {
        "messages": [
            {"role": "user", "content": "How much?"},
            {"role": "assistant", "content": "Five"},
            {"role": "user", "content": "And by post?"},
        ]
    }

    def looked_at(*turns: Turn) -> list[Finding]:
        taught = replace(record(), data=data, record=MultiTurn(turns=turns, verdict="edit"))
        work = WorkToCheck(
            labelled=Labelled((taught,), (), 0, 0),
            missing=(None,),
            interface=interface,
            prompts=np.eye(1, dtype=np.float32),
            answers=np.eye(1, dtype=np.float32),
            url_of=str,
            engine=LocalEngine(),
        )
        return list(CHECKS["leftover"](work).findings)

    assert looked_at(Turn(f"{SAID}</s>"), Turn("No charge."))
    assert looked_at(Turn(SAID), Turn("<think>No</think>No charge."))
    assert not looked_at(Turn(f"{SAID}</s>", train="leave out"), Turn("No charge."))
