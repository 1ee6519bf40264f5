"""The reasoning of a source's turns: in the lines while the turn stands, else counted."""

from dataclasses import replace
from typing import Any

import pytest

import label_configs
from label_configs.chat_response import ChatResponse
from label_configs.multi_turn import LEAVE_OUT, MultiTurn, Turn
from label_configs.source_reasoning import DRAFT_FIELD, DRAFT_REASONING
from sync.dataset.examples.from_record import examples
from sync.dataset.examples.prompt_layout import PromptLayout
from sync.dataset.examples.reasoning import untold_note, untold_turns
from sync.records import LabelledRecord
from sync.settings.export import ExportSection
from sync.training_files.example import Completion, Conversation
from tests.sync.builders import record

MULTI = label_configs.load("multi_turn")
CHAT = label_configs.load("chat_response")
ASKED = {"role": "user", "content": "How much?"}
AGAIN = {"role": "user", "content": "Sure?"}


def said(text: str, thought: str = "", **more: Any) -> dict[str, Any]:
    return {
        "role": "assistant", "content": text, **more,
        **({"reasoning_content": thought} if thought else {}),
    }  # fmt: skip


SOURCE = {"messages": [ASKED, said("Five.", "The table."), AGAIN, said("Yes.", "I looked.")]}


def edited(*turns: Turn) -> LabelledRecord:
    return replace(record(), data=SOURCE, record=MultiTurn(turns, verdict="edit"))


def messages_of(task: LabelledRecord, interface: Any, reasoning: Any) -> list[Any]:
    by = PromptLayout(ExportSection(reasoning=reasoning))
    (made,) = examples(Conversation, task, interface, by)
    assert isinstance(made, Conversation)
    return list(made.messages)


UNCHANGED = edited(Turn("Five."), Turn(" Yes.\n"))
ONE_CHANGED = edited(Turn("GBP 5."), Turn("Yes."))
ONE_LEFT_OUT = edited(Turn("Five.", train=LEAVE_OUT), Turn("Yes."))


@pytest.mark.parametrize(
    ("task", "reasoning", "first", "last", "lost"),
    [
        (UNCHANGED, "none", said("Five."), said("Yes."), 2),
        (UNCHANGED, "reasoning_content", said("Five.", "The table."), said("Yes.", "I looked."), 0),
        (
            UNCHANGED,
            "think",
            said("<think>\nThe table.\n</think>\n\nFive."),
            said("<think>\nI looked.\n</think>\n\nYes."),
            0,
        ),
        (ONE_CHANGED, "none", said("GBP 5."), said("Yes."), 2),
        (ONE_CHANGED, "reasoning_content", said("GBP 5."), said("Yes.", "I looked."), 1),
        (
            ONE_LEFT_OUT,
            "reasoning_content",
            said("Five.", "The table.", weight=0),
            said("Yes.", "I looked."),
            0,
        ),
        (
            ONE_LEFT_OUT,
            "think",
            said("Five.", weight=0),
            said("<think>\nI looked.\n</think>\n\nYes."),
            1,
        ),
    ],
)
def test_it_is_kept_while_its_turn_is_unchanged(
    task: LabelledRecord, reasoning: Any, first: Any, last: Any, lost: int
) -> None:
    assert messages_of(task, MULTI, reasoning) == [ASKED, first, AGAIN, last]
    assert untold_turns(task, MULTI, reasoning) == lost


def test_an_answer_of_the_source_that_was_accepted_keeps_its_own() -> None:
    data = {"messages": [ASKED], DRAFT_FIELD: "Five.", DRAFT_REASONING: "The table."}
    accepted = replace(record(), data=data, record=ChatResponse("Five.", verdict="accept"))
    changed = replace(record(), data=data, record=ChatResponse("GBP 5.", verdict="edit"))
    assert messages_of(accepted, CHAT, "reasoning_content") == [ASKED, said("Five.", "The table.")]
    assert messages_of(changed, CHAT, "reasoning_content") == [ASKED, said("GBP 5.")]
    assert [untold_turns(task, CHAT, "reasoning_content") for task in (accepted, changed)] == [0, 1]
    assert [untold_turns(task, CHAT, "none") for task in (accepted, changed)] == [1, 1]


def test_a_completion_has_it_too() -> None:
    by = PromptLayout(ExportSection(reasoning="reasoning_content"))
    *_, last = examples(Completion, UNCHANGED, MULTI, by)
    assert isinstance(last, Completion)
    assert last.completion == said("Yes.", "I looked.")


def test_tasks_without_any_are_not_counted() -> None:
    assert untold_turns(record(), CHAT, "none") == 0


def test_the_loss_is_said_with_its_remedy() -> None:
    assert untold_note(1, "none") == (
        "Reasoning that the source gave for 1 turn is left out: "
        'export.reasoning = "reasoning_content" or "think" keeps it with unchanged turns.'
    )
    assert "3 turns" in untold_note(3, "think")
