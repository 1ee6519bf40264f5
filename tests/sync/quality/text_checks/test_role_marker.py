import pytest

from sync.quality.text_checks.role_marker import RoleMarker
from tests.sync.quality.text_checks.texts import found

FEE = "A new card costs GBP 5.00."


@pytest.mark.parametrize(
    "answer",
    [
        f"Assistant: {FEE}",
        f"**AI:** {FEE}",
        f"Answer: {FEE}",
        f"{FEE}\n\nUser: And abroad?\nAssistant: 2.75%.",
        f"{FEE}\nHuman: And abroad?",
        f"### Response:\n{FEE}",
        f"{FEE}\n\n### Instruction:\nSay it shorter.",
        f'{FEE}\n{{"role": "user", "content": "And abroad?"}}',
        f"[ASSISTANT] {FEE}",
        f"### Assistant\n{FEE}",
        f"<response>{FEE}</response>",
    ],
)
def test_a_mark_of_who_speaks(answer: str) -> None:
    (fault,) = found(RoleMarker(), answer)
    assert fault.severity == "error"
    assert "marks who speaks" in fault.message


@pytest.mark.parametrize(
    "answer",
    [
        "Answer: B\nExplanation: it is free.",
        "Patient: male, 54.\nHistory: none.",
        "Customer: Ms Okafor\nCard: Basic",
        '```json\n{"role": "user", "content": "Hello"}\n```',
        "The assistant: a word that stands for help.",
        "A: free\nB: GBP 5.00",
    ],
)
def test_labels_that_are_meant(answer: str) -> None:
    assert found(RoleMarker(), answer) == []


def test_a_mark_can_be_allowed() -> None:
    assert found(RoleMarker(allowed=("Answer",)), f"Answer: {FEE}") == []
