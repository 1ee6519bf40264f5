"""`openai-chat`: `{"messages": [...]}` lines, which most trainers and providers read.

Rules: OpenAI's "Supervised fine-tuning" and "Data formatting" pages, the schema
`FineTuneChatRequestInput` of its API description, and its cookbook's format check, as of November
2026. Fewer examples than ten are refused by its jobs; 50 to 100 are recommended for a start.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sync.common.json_text import Json, json_type
from sync.training_files.example import Conversation
from sync.training_files.formats import chat_lines
from sync.training_files.formats.example_texts import PlainLine, Said, read_messages
from sync.training_files.formats.format import Fault, FileRules, Format
from sync.training_files.formats.message_rules import OPENAI
from sync.training_files.formats.pictures import has_pictures, inside
from sync.training_files.formats.plain_turns import plain_chat
from sync.training_files.formats.tool_rules import OPENAI_NAMES
from sync.training_files.formats.tool_schemas import tools_faults, undeclared

OPENAI_FILE = FileRules(max_bytes=512 * 1024 * 1024, least_examples=10, recommended_examples=50)


class OpenAIChat(Format):
    """Supervised chat examples; turns that no expert vouched for have `weight` 0."""

    name = "openai-chat"
    summary = "chat messages (OpenAI, Azure, Together, Fireworks, TRL, vLLM)"
    takes = Conversation
    rules = OPENAI_FILE
    keys = ("messages",)
    guess_rank = 50
    columns = chat_lines.COLUMNS
    limit_note = (
        "In `openai-chat` a turn that nobody vouched for has `weight` 0: a trainer that does not "
        "read weights learns it all the same."
    )
    llama_factory = chat_lines.LLAMA_FACTORY
    # a turn's own weight, 0 or 1, goes before the roles
    axolotl = replace(
        chat_lines.AXOLOTL,
        dataset={**chat_lines.AXOLOTL.dataset, "message_field_training": "weight"},
    )

    def encode(self, example: Conversation) -> Json:
        """The conversation as it is; with pictures, every content as a list of parts.

        Raises:
            Unsuitable: a picture stands in another message than the user's.
        """
        messages = example.messages
        line: Json = {"messages": inside(messages) if has_pictures(messages) else list(messages)}
        if example.tools:
            line["tools"] = list(example.tools)
        return line

    def check(self, line: Json) -> Iterator[Fault]:
        """What OpenAI refuses in a line, and what it does not know."""
        if not isinstance(line, dict):
            return iter((Fault("object", f"expected an object, found {json_type(line)}"),))
        messages = line.get("messages")
        found = OPENAI.faults(messages)
        if len(line) > 1:
            found += settings_faults(line)
            found += undeclared(line.get("tools"), ("message", messages))
        if isinstance(messages, list) and messages:
            found += learning_faults(messages)
        return iter(found)

    def plain(self, line: Json) -> PlainLine | None:
        """Of messages alone."""
        return plain_chat(line)

    def read(self, line: Json) -> Said:
        """As chat messages."""
        return read_messages(line)


def settings_faults(line: Json) -> Iterator[Fault]:
    """Every rule that the keys beside the messages break."""
    if "tools" in line:
        yield from tools_faults(line["tools"], OPENAI_NAMES)
    parallel = line.get("parallel_tool_calls", True)
    if not isinstance(parallel, bool):
        yield Fault(
            "parallel_tool_calls",
            f"parallel_tool_calls must be true or false, found {json_type(parallel)}",
        )


def learning_faults(messages: list[Any]) -> Iterator[Fault]:
    """Why there is nothing to learn from messages, or not the last of them."""
    answers = [m for m in messages if isinstance(m, dict) and m.get("role") == "assistant"]
    if not answers:
        yield Fault(
            "assistant", "no assistant message, so there is nothing to learn; add the answer"
        )
        return
    if all(m.get("weight", 1) == 0 for m in answers):
        yield Fault(
            "weight",
            "every assistant message has weight 0, so there is nothing to learn; give the answer "
            "weight 1 or none",
            detail="all 0",
        )
    if answers[-1] is not messages[-1]:
        yield Fault(
            "last",
            "the last message must be the assistant's; take away what comes after the answer",
        )
