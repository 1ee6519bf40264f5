"""What a trainer can learn from a finished task, before any file's format.

Messages are in OpenAI's chat form: `role`, `content`, and where they are there `name`, `tool_calls`
(their arguments as JSON text), `tool_call_id`, and `weight` 0 on an assistant's turn that is not to
be learnt. Nothing may change them: examples share them with each other and with the task.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from label_configs.answer_turns import TextOrTurns
from label_configs.task_tools import Tools

Message = Mapping[str, Any]
Messages = Sequence[Message]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A whole conversation; the last turn is the assistant's.

    Attributes:
        messages: at least one assistant's turn has no `weight` 0.
        tools: JSON schemas of what the assistant may call.
    """

    messages: Messages
    tools: Tools = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """One turn to learn, and what leads to it.

    Attributes:
        prompt: messages without weights.
        completion: the assistant's turn, without weight.
    """

    prompt: Messages
    completion: Message
    tools: Tools = ()


@dataclass(frozen=True, slots=True)
class PreferenceExample:
    """Two answers to a prompt, one better; they differ in more than white space.

    Attributes:
        chosen: text, or the assistant's turns where it calls tools.
        rejected: likewise.
    """

    prompt: Messages
    chosen: TextOrTurns
    rejected: TextOrTurns
    tools: Tools = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """An answer to a prompt, and whether it was good."""

    prompt: Messages
    completion: TextOrTurns
    label: bool
    tools: Tools = ()


@dataclass(frozen=True, slots=True)
class Steps:
    """A chain of reasoning with a verdict on each step.

    Attributes:
        steps: at least one.
        labels: as many as steps; after the first False there is none.
    """

    prompt: Messages
    steps: tuple[str, ...]
    labels: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class GradedPrompt:
    """A prompt whose answers a grader judges.

    Attributes:
        prompt: the last message is the user's.
        reference: the expert's answer, for the grader: text, or the turn where it calls tools.
        facts: what else a grader may read, by name, such as the task's categories.
    """

    prompt: Messages
    reference: TextOrTurns
    tools: Tools = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


Example = Conversation | Completion | PreferenceExample | Judgement | Steps | GradedPrompt
ExampleKind = type[Conversation | Completion | PreferenceExample | Judgement | Steps | GradedPrompt]
