"""How a row holds a conversation: prompt, chat, ShareGPT or Alpaca.

A row's fields come in, messages come out. A new shape is one module and one entry in `SHAPES`.
Open first: `shape`.
"""

from collections.abc import Callable, Collection
from typing import Any

from sync.common.errors import SourceError
from sync.intake.sources.shapes import alpaca, chat, prompt, sharegpt
from sync.intake.sources.shapes.shape import RowShape, SourceMessage
from sync.settings.sources import listed

SHAPES: tuple[RowShape, ...] = (chat.shape, sharegpt.shape, alpaca.shape, prompt.shape)

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
    fitting = [shape for shape in SHAPES if shape.key in fields]
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
        known = ", ".join(f"{shape.key!r} ({shape.name})" for shape in SHAPES)
        found = listed(sorted(fields)) or "nothing"
        raise SourceError(
            f"{where}: needs one of {known}, found {found}; say what the fields are in "
            "[sources.columns] of labeltune.toml"
        )
    one, other = told_apart[:2]
    raise SourceError(
        f"{where}: could be {one.name} ({one.key!r}) or {other.name} ({other.key!r}); say which "
        f'in labeltune.toml: [sources.columns] {one.key} = "{one.key}"'
    )
