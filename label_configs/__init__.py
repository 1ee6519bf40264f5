"""Interfaces: what annotators see in Label Studio, and the typed records behind it.

`load("chat_response")` gives the interface: its XML (`label_config`), `encode(record)` to result
items, `decode(results)` back, and the checks of XML, tasks and results. Pure: no network.
"""

import difflib
import functools
from collections.abc import Sequence
from typing import Any

from label_configs import (
    chat_response,
    multi_intent,
    multi_turn,
    preference,
    reasoning_steps,
    review,
)
from label_configs.errors import LabelConfigError, UnknownInterfaceError
from label_configs.interface import Interface, ResultItem
from label_configs.reply import ReplyError

INTERFACES: dict[str, Interface[Any]] = {
    module.interface.name: module.interface
    for module in (chat_response, reasoning_steps, multi_turn, preference, multi_intent, review)
}


def load(name: str, categories: Sequence[str] = ()) -> Interface[Any]:
    """The interface of that name.

    Args:
        categories: a project's own, where it has some.

    Raises:
        UnknownInterfaceError: there is none; names the nearest.
    """
    try:
        found = INTERFACES[name]
    except KeyError:
        near = difflib.get_close_matches(name, INTERFACES, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(INTERFACES)}"
        raise UnknownInterfaceError(f"no interface named {name!r}; {hint}") from None
    return _for_project(name, tuple(categories)) if categories else found


@functools.lru_cache(maxsize=64)
def _for_project(name: str, categories: tuple[str, ...]) -> Interface[Any]:
    return type(INTERFACES[name])(categories)


__all__ = [
    "INTERFACES",
    "Interface",
    "LabelConfigError",
    "ReplyError",
    "ResultItem",
    "UnknownInterfaceError",
    "load",
]
