"""`sharegpt`: `{"conversations": [{"from", "value"}]}`, as LLaMA-Factory and Axolotl read it.

LLaMA-Factory learns every turn of the assistant's and knows no weights. So a conversation with an
earlier turn that no expert vouched for is left out here, and `alpaca` holds its answer. Such turns
at the end are cut off.
"""

from collections.abc import Iterator

from sync.common.json_text import Json
from sync.training_files.example import Conversation
from sync.training_files.formats.format import Fault, FileRules
from sync.training_files.formats.sharegpt_rules import turns_faults
from sync.training_files.formats.sharegpt_turns import tools_text, turns
from sync.training_files.formats.vouched import vouched


class ShareGPT:
    """Supervised conversations, every answer of which is learnt."""

    name = "sharegpt"
    summary = "conversations by from / value (LLaMA-Factory, Axolotl, Unsloth)"
    takes = Conversation
    rules = FileRules()

    def encode(self, example: Conversation) -> Json:
        """The turns, a system prompt as the first of them, and the tools as JSON text."""
        messages = vouched(example.messages, "; alpaca takes it as history")
        return {"conversations": turns(messages), "tools": tools_text(example.tools)}

    def check(self, line: Json) -> Iterator[Fault]:
        """What LLaMA-Factory drops without a word, fails on, or does not read."""
        yield from turns_faults(line, answered=True)
