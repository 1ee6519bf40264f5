"""What `sync.training_files.example` promises of every example, as one check."""

import json
from collections.abc import Mapping
from typing import Any

from label_configs.answer_turns import answer_text
from sync.training_files.example import (
    Completion,
    Conversation,
    Example,
    GradedPrompt,
    Judgement,
    PreferenceExample,
    Steps,
)

KEYS = {
    "role",
    "content",
    "name",
    "tool_calls",
    "tool_call_id",
    "weight",
    "reasoning_content",
}


def hold(example: Example) -> None:
    """Every promise of an example's kind."""
    match example:
        case Conversation(messages, _):
            _check_messages(messages)
            assert messages[-1]["role"] == "assistant"
            assert any(m["role"] == "assistant" and "weight" not in m for m in messages)
        case Completion(prompt, completion, _):
            _check_prompt(prompt)
            assert completion["role"] == "assistant"
            assert "weight" not in completion
            _check_messages([*prompt, completion])
        case PreferenceExample(prompt, chosen, rejected, _):
            _check_prompt(prompt)
            assert answer_text(chosen).strip()
            assert answer_text(rejected).strip()
            assert answer_text(chosen).split() != answer_text(rejected).split()
        case Judgement(prompt, completion, label, _):
            _check_prompt(prompt)
            assert answer_text(completion).strip()
            assert isinstance(label, bool)
        case Steps(prompt, steps, labels):
            _check_prompt(prompt)
            assert len(steps) == len(labels) > 0
            assert all(step.strip() for step in steps)
            assert all(labels[:-1])
        case GradedPrompt(prompt, reference, _, facts):
            _check_prompt(prompt)
            assert prompt[-1]["role"] == "user"
            assert answer_text(reference).strip()
            assert json.dumps(dict(facts))
    assert all(isinstance(tool, Mapping) for tool in getattr(example, "tools", ()))


def _check_prompt(prompt: Any) -> None:
    _check_messages(prompt)
    assert any(message["role"] == "user" for message in prompt)
    assert all("weight" not in message for message in prompt)


def _check_messages(messages: Any) -> None:
    called: set[str] = set()
    for message in messages:
        assert message.keys() <= KEYS
        assert message["role"] in ("system", "user", "assistant", "tool")
        if "weight" in message:
            assert message["role"] == "assistant"
            assert message["weight"] == 0
        calls = message.get("tool_calls", [])
        assert isinstance(message["content"], str) or (message["content"] is None and calls)
        called |= {call["id"] for call in calls}
        assert all(isinstance(call["function"]["arguments"], str) for call in calls)
        if message["role"] == "tool":
            assert message["tool_call_id"] in called
