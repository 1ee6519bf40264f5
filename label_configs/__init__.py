"""Interfaces: what annotators see in Label Studio, and the typed records behind it.

`load("chat_response")` gives the interface: its XML (`label_config`), `encode(record)` to result
items, `decode(results)` back, and the checks of XML, tasks and results. Pure: no network.
Open first: `interface`, then `chat_response`.
"""

import difflib
import functools
from collections.abc import Sequence
from typing import Any

from label_configs import (
    agent_steps,
    chat_response,
    multi_intent,
    multi_turn,
    preference,
    reasoning_steps,
    review,
)
from label_configs.dimensions import Dimensions
from label_configs.errors import LabelConfigError, UnknownInterfaceError
from label_configs.interface import Interface, ResultItem
from label_configs.reply import ReplyError

INTERFACES: dict[str, Interface[Any]] = {
    module.interface.name: module.interface
    for module in (
        chat_response,
        reasoning_steps,
        multi_turn,
        agent_steps,
        preference,
        multi_intent,
        review,
    )
}


def load(
    name: str, categories: Sequence[str] | None = (), dimensions: Dimensions | None = None
) -> Interface[Any]:
    """The interface of that name.

    Args:
        categories: a project's own, where it has some; None: its page has no list of them.
        dimensions: a project's labels by kind of category, where it has some.

    Raises:
        UnknownInterfaceError: no interface has that name; the message names the nearest.
        LabelConfigError: the interface can't do without its list of categories.
    """
    try:
        found = INTERFACES[name]
    except KeyError:
        near = difflib.get_close_matches(name, INTERFACES, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(INTERFACES)}"
        raise UnknownInterfaceError(f"no interface named {name!r}; {hint}") from None
    if categories is not None and not categories and not dimensions:
        return found
    frozen = tuple((kind, tuple(labels)) for kind, labels in (dimensions or {}).items())
    own = None if categories is None else tuple(categories)
    return _for_project(name, own, frozen)


@functools.lru_cache(maxsize=64)
def _for_project(
    name: str,
    categories: tuple[str, ...] | None,
    dimensions: tuple[tuple[str, tuple[str, ...]], ...],
) -> Interface[Any]:
    return type(INTERFACES[name])(categories, dict(dimensions))


__all__ = [
    "INTERFACES",
    "Interface",
    "LabelConfigError",
    "ReplyError",
    "ResultItem",
    "UnknownInterfaceError",
    "load",
]
