"""Interfaces: what annotators see in Label Studio, and the typed records behind it.

`load("chat_response")` gives the interface: its XML (`label_config`), `encode(record)` to result
items, `decode(results)` back, and the checks of XML, tasks and results. Pure: no network.
"""

import difflib
from typing import Any

from label_configs import chat_response, reasoning_steps
from label_configs.errors import LabelConfigError, UnknownInterfaceError
from label_configs.interface import Interface, ReplyError, ResultItem

INTERFACES: dict[str, Interface[Any]] = {
    module.interface.name: module.interface for module in (chat_response, reasoning_steps)
}


def load(name: str) -> Interface[Any]:
    """The interface of that name.

    Raises:
        UnknownInterfaceError: there is none; names the nearest.
    """
    try:
        return INTERFACES[name]
    except KeyError:
        near = difflib.get_close_matches(name, INTERFACES, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(INTERFACES)}"
        raise UnknownInterfaceError(f"no interface named {name!r}; {hint}") from None


__all__ = [
    "INTERFACES",
    "Interface",
    "LabelConfigError",
    "ReplyError",
    "ResultItem",
    "UnknownInterfaceError",
    "load",
]
