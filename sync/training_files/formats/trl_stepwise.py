"""`trl-stepwise`: chains of reasoning with a verdict on each step, for process reward models.

Rules: the "stepwise supervision" type that TRL documented for its `PRMTrainer`, which Axolotl calls
`stepwise_supervised`. TRL itself took the trainer away in September 2026 (huggingface/trl#7133);
the type stays what such trainers and public data sets use. All of it is text.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sync.common.json_text import Json, json_type
from sync.common.wording import counted
from sync.training_files.example import Message, Messages, Steps
from sync.training_files.formats.columns import list_of, string
from sync.training_files.formats.example_texts import PlainLine, Said, mark_of, read_completion
from sync.training_files.formats.format import (
    CONTENT_RULES,
    AxolotlEntry,
    Fault,
    Format,
    Unsuitable,
)
from sync.training_files.formats.json_types import not_filled, text_fault
from sync.training_files.formats.plain_turns import plain_text
from sync.training_files.formats.trl_messages import TRL_FILE

_SPEAKERS = {"system": "System", "user": "User", "assistant": "Assistant", "tool": "Tool"}


class TRLStepwise(Format):
    """Prompts as text, the steps of an answer, and whether each was right."""

    name = "trl-stepwise"
    summary = "steps of reasoning, right or wrong (process reward models, Axolotl)"
    takes = Steps
    rules = TRL_FILE
    keys = ("completions",)
    guess_rank = 60
    content_rules = CONTENT_RULES | {"prompt", "completions", "labels"}
    columns = (string("prompt"), list_of("completions", "string"), list_of("labels", "bool"))
    axolotl = AxolotlEntry(
        "axolotl-stepwise.yaml",
        {"type": "stepwise_supervised"},
        {"process_reward_model": True},
    )

    def encode(self, example: Steps) -> Json:
        """The conversation as text, its steps and their labels.

        Raises:
            Unsuitable: the prompt holds something that is not text.
        """
        return {
            "prompt": _as_text(example.prompt),
            "completions": list(example.steps),
            "labels": list(example.labels),
        }

    def check(self, line: Json) -> Iterator[Fault]:
        """What a trainer of process reward models can't read in a line."""
        if not isinstance(line, dict):
            yield Fault("object", f"expected an object, found {json_type(line)}")
            return
        fault = text_fault("prompt", line.get("prompt"), "prompt")
        if fault is not None:
            yield fault
        steps, labels = line.get("completions"), line.get("labels")
        if not isinstance(steps, list) or not steps:
            came = not_filled(steps)
            yield Fault("completions", f"completions must be a non-empty list, found {came}")
        else:
            for number, step in enumerate(steps, 1):
                fault = text_fault(f"step {number}", step, "completions")
                if fault is not None:
                    yield fault
        if not isinstance(labels, list):
            yield Fault("labels", f"labels must be a list, found {json_type(labels)}")
            return
        for number, label in enumerate(labels, 1):
            if not isinstance(label, bool):
                message = f"label {number} must be true or false, found {json_type(label)}"
                yield Fault("labels", message)
        if isinstance(steps, list) and steps and len(steps) != len(labels):
            found = f"{counted(len(steps), 'completion')} and {counted(len(labels), 'label')}"
            message = f"{found}; write one for each"
            yield Fault("lengths", message)

    def plain(self, line: Json) -> PlainLine | None:
        """Of a prompt and steps with a label each."""
        prompt: Any = line.get("prompt")
        steps, labels = line.get("completions"), line.get("labels")
        if len(line) != 3 or type(steps) is not list or type(labels) is not list:
            return None
        if len(steps) != len(labels) or set(map(type, labels)) != {bool}:
            return None
        if not plain_text(prompt) or not all(map(plain_text, steps)):
            return None
        return Said([prompt], steps, steps, 2, mark_of(line, "labels")), 4 + len(steps)

    def read(self, line: Json) -> Said:
        """Prompt and answers, each messages or text."""
        return read_completion(line)


def _as_text(messages: Messages) -> str:
    """A question by itself, or a conversation with its speakers' names."""
    if len(messages) == 1 and messages[0]["role"] == "user":
        return _content(messages[0])
    said = [f"{_SPEAKERS.get(m['role'], 'Other')}: {_content(m)}" for m in messages]
    return "\n\n".join(said)


def _content(message: Message) -> str:
    """What a message says, its calls written as `name(arguments)`.

    Raises:
        Unsuitable: a part of it is not text.
    """
    content = message.get("content")
    lines = [content] if isinstance(content, str) and content else []
    if isinstance(content, list):
        lines += (_text(part, "text") for part in content)
    calls = message.get("tool_calls")
    for call in calls if isinstance(calls, list) else ():
        function = call.get("function") if isinstance(call, Mapping) else None
        lines.append(f"{_text(function, 'name')}({_text(function, 'arguments')})")
    return "\n".join(lines)


def _text(part: Any, key: str) -> str:
    text = part.get(key) if isinstance(part, Mapping) else None
    if not isinstance(text, str):
        raise Unsuitable(
            "the prompt holds something that is not text, such as an image, and this format is "
            "text alone"
        )
    return text
