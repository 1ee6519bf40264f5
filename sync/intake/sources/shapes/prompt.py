"""LabelTune's short form: `prompt`, and optionally `system` and `answer`.

TRL has messages in place of the prompt's text, and the answer's as `completion`.
"""

from collections.abc import Mapping
from typing import Any

from sync.intake.sources.shapes.chat import chat_messages
from sync.intake.sources.shapes.shape import RowShape, SourceMessage, need_text, take_text


def _conversation(fields: dict[str, Any], where: str) -> list[SourceMessage]:
    if _holds_messages(fields.get("prompt")):
        turns = chat_messages(fields.pop("prompt"), where)
        if _holds_messages(fields.get("completion")):
            turns += chat_messages(fields.pop("completion"), f"{where}: 'completion'")
    else:
        turns = [{"role": "user", "content": need_text(fields, "prompt", where)}]
    if answer := take_text(fields, "answer", where):
        turns.append({"role": "assistant", "content": answer})
    return turns


def _holds_messages(given: Any) -> bool:
    return isinstance(given, list) and any(isinstance(each, Mapping) for each in given)


shape = RowShape("prompt", "prompt", _conversation, also_read=("completion", "tools"))
