"""The messages that a model gets for one task."""

from collections.abc import Mapping
from typing import Any

from label_configs import Interface
from label_configs.context import context_text

Message = dict[str, str]


def build_messages(interface: Interface[Any], data: Mapping[str, Any]) -> list[Message]:
    """System prompt from guidelines, context and the interface's instruction; then the turns.

    Args:
        data: task data of the interface; system turns in it come before our own instruction.
    """
    inputs = interface.inputs(data)
    turns = [{"role": m["role"], "content": m["content"]} for m in interface.prompt_messages(data)]
    parts = [m["content"] for m in turns if m["role"] == "system"]
    if inputs["guidelines"]:
        parts.append(inputs["guidelines"])
    facts = context_text(inputs["context"], inputs["documents"])
    if facts:
        parts.append(facts)
    parts.append(interface.asked())
    system = {"role": "system", "content": "\n\n".join(parts)}
    return [system, *(m for m in turns if m["role"] != "system")]
