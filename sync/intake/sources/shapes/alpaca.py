"""Alpaca: `instruction`, and optionally `input`, `output` and `history`."""

from typing import Any

from sync.common.errors import SourceError
from sync.intake.sources.shapes.shape import RowShape, SourceMessage, need_text, take_text


def _conversation(fields: dict[str, Any], where: str) -> list[SourceMessage]:
    turns = _history(fields.pop("history", None), where)
    asked = need_text(fields, "instruction", where)
    if given := take_text(fields, "input", where):
        asked = f"{asked}\n\n{given}"
    turns.append({"role": "user", "content": asked})
    if answer := take_text(fields, "output", where):
        turns.append({"role": "assistant", "content": answer})
    return turns


def _history(history: Any, where: str) -> list[SourceMessage]:
    """Earlier turns: a list of pairs, the user's words and the assistant's."""
    turns: list[SourceMessage] = []
    for pair in [] if history is None else history if isinstance(history, list) else [history]:
        if not (
            isinstance(pair, list)
            and len(pair) == 2
            and all(isinstance(words, str) for words in pair)
        ):
            raise SourceError(
                f"{where}: 'history' must be a list of pairs of texts, the user's and the "
                "assistant's; correct it or remove it"
            )
        turns += [
            {"role": r, "content": c} for r, c in zip(("user", "assistant"), pair, strict=True)
        ]
    return turns


shape = RowShape("Alpaca", "instruction", _conversation)
