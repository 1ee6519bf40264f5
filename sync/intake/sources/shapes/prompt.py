"""LabelTune's short form: `prompt`, and optionally `system` and `answer`."""

from typing import Any

from sync.intake.sources.shapes.shape import RowShape, SourceMessage, need_text, take_text


def _conversation(fields: dict[str, Any], where: str) -> list[SourceMessage]:
    turns = [{"role": "user", "content": need_text(fields, "prompt", where)}]
    if answer := take_text(fields, "answer", where):
        turns.append({"role": "assistant", "content": answer})
    return turns


shape = RowShape("prompt", "prompt", _conversation)
