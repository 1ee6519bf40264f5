"""The older protocol of formats, for as long as `sync.export` is written for it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from label_configs import Interface
from sync.examples.example import Conversation
from sync.formats.chat_messages import training_messages
from sync.formats.format import Json, Severity
from sync.formats.openai_chat import OpenAIChat
from sync.records import LabelledRecord


@dataclass(frozen=True)
class Problem:
    """A rule of the file's consumer that a line breaks.

    Attributes:
        line: from 1; 0 for the file as a whole.
        rule: a stable name, for filtering.
        severity: an error is refused by the consumer, a warning costs quality only.
    """

    line: int
    rule: str
    severity: Severity
    message: str


class RecordChat(OpenAIChat):
    """`openai-chat` straight from records."""

    filename = "openai-chat.jsonl"

    def encode(self, example: Any, interface: Interface[Any] | None = None) -> Any:
        """One line's object, or None when the expert accepted no answer."""
        if not isinstance(example, LabelledRecord) or interface is None:
            return super().encode(example)
        turns = interface.training_turns(example.record, example.data)
        if turns is None:
            return None
        return super().encode(Conversation(training_messages(turns, example.data)))

    def validate(self, lines: Iterable[bytes]) -> list[Problem]:
        """Everything that is wrong with a file's lines."""
        found: list[Problem] = []
        number = size = 0
        for number, raw in enumerate(lines, 1):
            size += len(raw)
            line: Json = json.loads(raw)
            found += (Problem(number, f.rule, f.severity, f.message) for f in self.check(line))
        if size > (self.rules.max_bytes or size):
            message = (
                f"the file has {size:,} bytes, the limit is {self.rules.max_bytes:,}; split it"
            )
            found.append(Problem(0, "size", "error", message))
        if number < self.rules.least_examples:
            message = (
                f"{number} example{'s' * (number != 1)}; OpenAI takes no job below "
                f"{self.rules.least_examples} and recommends 50 to 100 for a start"
            )
            found.append(Problem(0, "examples", "warning", message))
        return found
