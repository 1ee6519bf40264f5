"""`openai-chat`: `{"messages": [...]}` lines, which most trainers and providers read.

Rules: OpenAI's "Supervised fine-tuning" and "Data formatting" pages and its cookbook's format
check, as of November 2026.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from label_configs import Interface
from sync.formats.chat_messages import training_messages
from sync.formats.openai_message import check_message, check_order
from sync.formats.problem import Json, Problem
from sync.records import LabelledRecord

MAX_BYTES = 512 * 1024 * 1024
MIN_EXAMPLES = 10


class OpenAIChat:
    """Supervised chat examples, one JSON object a line."""

    name = "openai-chat"
    summary = "chat messages (OpenAI, Azure, Together, Fireworks, TRL, vLLM)"
    filename = "openai-chat.jsonl"

    def encode(self, record: LabelledRecord, interface: Interface[Any]) -> Json | None:
        """The conversation with what was accepted, or None when nothing was.

        Turns that no expert vouched for keep their weight 0.
        """
        turns = interface.training_turns(record.record, record.data)
        return None if turns is None else {"messages": training_messages(turns, record.data)}

    def validate(self, lines: Iterable[bytes]) -> list[Problem]:
        """What OpenAI would refuse, line by line, then what concerns the whole file."""
        problems: list[Problem] = []
        size = examples = 0
        for number, raw in enumerate(lines, start=1):
            size += len(raw)
            examples += 1
            problems += (
                Problem(number, rule, "error", message) for rule, message in _check_line(raw)
            )
        if size > MAX_BYTES:
            message = f"the file has {size:,} bytes, the limit is {MAX_BYTES:,}; split it"
            problems.append(Problem(0, "size", "error", message))
        if examples < MIN_EXAMPLES:
            message = (
                f"{examples} example{'s' * (examples != 1)}; OpenAI takes no job below "
                f"{MIN_EXAMPLES} and recommends 50 to 100 for a start"
            )
            problems.append(Problem(0, "examples", "warning", message))
        return problems


def _check_line(raw: bytes) -> Iterator[tuple[str, str]]:
    """(rule, message) for each broken rule of one line."""
    try:
        example = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        yield "utf-8", f"not UTF-8 at byte {error.start}"
        return
    except (ValueError, RecursionError) as error:
        yield "json", f"not JSON: {error}"
        return
    if not isinstance(example, dict):
        yield "object", f"expected an object, found {type(example).__name__}"
        return
    messages = example.get("messages")
    if not isinstance(messages, list) or not messages:
        yield "messages", "'messages' must be a non-empty list"
        return
    if "tools" in example and not isinstance(example["tools"], list):
        yield "tools", "'tools' must be a list"
    if not isinstance(example.get("parallel_tool_calls", True), bool):
        yield "parallel_tool_calls", "'parallel_tool_calls' must be true or false"
    faults = [fault for i, m in enumerate(messages, start=1) for fault in check_message(i, m)]
    yield from faults
    if all(isinstance(m, dict) for m in messages):
        yield from check_order(messages)
