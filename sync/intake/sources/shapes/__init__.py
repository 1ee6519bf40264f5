"""How a row holds a conversation: prompt, chat, ShareGPT, Alpaca or the form of another API.

A row's fields come in, messages come out. A new shape is one module and one entry in `SHAPES`; of
those with one key, which stand in a row, the first that fits is taken.
Open first: `shape`, then `parts`.
"""

from collections.abc import Callable, Collection
from typing import Any

from sync.common.errors import SourceError
from sync.intake.sources.shapes import (
    alpaca,
    blocks,
    chat,
    gemini,
    pairs,
    prompt,
    responses,
    sharegpt,
)
from sync.intake.sources.shapes.shape import RowShape, SourceMessage
from sync.settings.sources import listed

SHAPES: tuple[RowShape, ...] = (
    blocks.anthropic,
    blocks.bedrock,
    chat.shape,
    sharegpt.shape,
    gemini.shape,
    responses.shape,
    pairs.openai,
    alpaca.shape,
    pairs.whole,
    prompt.shape,
)

__all__ = ["SHAPES", "RowShape", "SourceMessage", "recognise"]


def recognise(
    fields: dict[str, Any],
    wanted: Collection[str],
    where: str,
    empty: Callable[[], Collection[str]] = tuple,
) -> RowShape:
    """The shape of a row, by the field that marks it.

    Args:
        wanted: fields that the settings name; a shape that they ask for is taken.
        empty: gives the fields that the row has, but that hold nothing.

    Raises:
        SourceError: no shape fits, or several do.
    """
    fitting: list[RowShape] = []
    for shape in SHAPES:
        if shape.key not in fields or (fitting and fitting[-1].key == shape.key):
            continue
        if shape.marked is None or shape.marked(fields):
            fitting.append(shape)
    if len(fitting) == 1:
        return fitting[0]
    asked_for = [shape for shape in fitting if shape.key in wanted]
    if len(asked_for) == 1:
        return asked_for[0]
    # the prompt beside a conversation is its beginning once more
    told_apart = [shape for shape in fitting if shape is not prompt.shape] or fitting
    if len(told_apart) == 1:
        return told_apart[0]
    if not fitting:
        without = empty()
        if blank := next((shape.key for shape in SHAPES if shape.key in without), None):
            raise SourceError(f"{where}: {blank!r} is empty; say what was asked, or remove the row")
        known = ", ".join(f"{shape.key!r} ({shape.name})" for shape in SHAPES if not shape.marked)
        found = listed(sorted(fields)) or "nothing"
        is_text = isinstance(fields.get("text"), str) and fields.keys() <= {"text", "id"}
        hint = ", or push texts that nobody asked for as documents" if is_text else ""
        raise SourceError(
            f"{where}: needs one of {known}, found {found}; say what the fields are in "
            f"[sources.columns] of labeltune.toml{hint}"
        )
    one, other = told_apart[:2]
    raise SourceError(
        f"{where}: could be {one.name} ({one.key!r}) or {other.name} ({other.key!r}); say which "
        f'in labeltune.toml: [sources.columns] {one.key} = "{one.key}"'
    )
