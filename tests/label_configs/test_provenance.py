"""What an expert made of a draft, by texts or, without the draft, by the page's marks."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_configs import INTERFACES, Interface, LabelConfigError, items
from label_configs.chat_response import ChatResponse
from label_configs.provenance import Provenance, provenance
from label_configs.reasoning_steps import ReasoningSteps, Step
from tests.label_configs.records import RECORDS

chat = INTERFACES["chat_response"]
steps = INTERFACES["reasoning_steps"]


def of(draft: str | None, response: str) -> Provenance:
    drafted = None if draft is None else chat.encode(ChatResponse(draft))
    return provenance(chat, chat.encode(ChatResponse(response, "edit")), drafted, "v1", 12.5)


@pytest.mark.parametrize(
    ("draft", "response", "outcome", "distance"),
    [
        ("kitten", "kitten", "unchanged", 0.0),
        ("kitten", "sitting", "edited", 3 / 7),  # the textbook's three edits, over seven letters
        ("abcd", "abXY", "edited", 0.5),
        ("abcd", "aXYZ", "rewritten", 0.75),
        ("abcd", "", "rewritten", 1.0),
    ],
)
def test_by_texts(draft: str, response: str, outcome: Any, distance: float) -> None:
    assert of(draft, response) == Provenance("v1", outcome, pytest.approx(distance), 12.5)


def test_an_empty_draft_is_none() -> None:
    assert of("", "words").change == "no draft"


def test_a_verdict_is_no_edit() -> None:
    draft = chat.encode(ChatResponse("a"))
    result = chat.encode(ChatResponse("a", verdict="accept", quality={"tone": 5}, note="good"))
    assert provenance(chat, result, draft).change == "unchanged"


def test_every_step_counts() -> None:
    draft = steps.encode(ReasoningSteps((Step("one"), Step("two")), "three"))
    result = steps.encode(ReasoningSteps((Step("one"), Step("two", dropped=True)), "three"))
    made = provenance(steps, result, draft)
    assert (made.change, made.edit_distance) == ("edited", pytest.approx(5 / 15))


@given(data=st.data())
def test_every_interface_accepts_its_own_draft_unchanged(data: st.DataObject) -> None:
    for name, interface in INTERFACES.items():
        result = interface.encode(data.draw(RECORDS[name]))
        made = provenance(interface, result, result)
        assert made.change in ("unchanged", "no draft")
        assert made.edit_distance == 0.0


@pytest.mark.parametrize(
    ("origins", "outcome"),
    [
        (["prediction"], "unchanged"),
        (["prediction-changed"], "edited"),
        (["prediction", "manual"], "edited"),
        (["manual"], "no draft"),
        ([], "no draft"),
    ],
)
def test_by_marks_when_the_draft_is_gone(origins: list[str], outcome: str) -> None:
    result: list[dict[str, Any]] = [
        {**items.textarea(f"fix_{i}", f"step_{i}", "x"), "origin": origin}
        for i, origin in enumerate(origins)
    ]
    result.append({**items.choices("verdict", "conversation", "edit"), "origin": "manual"})
    assert provenance(steps, result, None, None, None) == Provenance(None, outcome, None, None)


def test_what_can_t_be_read_is_said() -> None:
    interface: Interface[Any] = chat
    with pytest.raises(LabelConfigError, match="'verdict'"):
        provenance(interface, [{"from_name": "verdict", "value": {}}], [])
