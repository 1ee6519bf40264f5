"""Every value of a task that may be personal, and those that only hold a conversation together."""

from typing import Any

from label_configs.content import IMAGE
from label_configs.source_reasoning import DRAFT_CALLS
from sync.intake.redaction.packed_json import ChangeValue, changed_json, is_packed

_LEAST_NUMBER = 10**6  # smaller ones are counts, years and sums
# fields of a task, and of examples, in which tools are called and declared
_WITH_CALLS = frozenset(("messages", "turns", "tools", "functions", DRAFT_CALLS))
_STRUCTURE = frozenset(
    (
        *((holder, "role") for holder in ("messages", "turns")),
        *((holder, "id") for holder in ("tool_calls", DRAFT_CALLS)),
        ("function", "name"),
    )
)
ADDRESS = "image_url.url"  # the name of a picture's
OF_ADDRESSES = frozenset(("URL", "IP_ADDRESS"))  # what an address is on purpose


def each_value(value: Any, change: ChangeValue, name: str = "", root: str = "") -> Any:
    """The value with every text, large number and name of a fact inside it changed.

    Args:
        name: of the fact that holds it.
        root: the task's field that it stands in; "" for the task itself.
    """
    if isinstance(value, dict):
        return {
            change("", key) if root else key: inside
            if root in _WITH_CALLS and is_structure(name, key)
            else _field(value, key, change, name, root or key)
            for key, inside in value.items()
        }
    if isinstance(value, list):
        return [each_value(inside, change, name, root) for inside in value]
    return change(name, value) if isinstance(value, str) or is_large(value) else value


def _field(holder: dict[str, Any], key: str, change: ChangeValue, name: str, root: str) -> Any:
    value = holder[key]
    if is_packed(holder, key) and (told := changed_json(value, _large_alone(change))) is not None:
        return told
    is_address = name == IMAGE and key == "url" and isinstance(value, str)
    return each_value(value, change, ADDRESS if is_address else key, root)


def _large_alone(change: ChangeValue) -> ChangeValue:
    return lambda name, v: change(name, v) if isinstance(v, str) or is_large(v) else v


def is_structure(holder: str, key: str) -> bool:
    """Whether a field of a conversation or of its tools holds it together, and says nothing.

    Args:
        holder: the name of the field that it stands in.
    """
    return key == "tool_call_id" or (holder, key) in _STRUCTURE


def is_large(value: Any) -> bool:
    """Whether it is a number that may be a phone, a card or the like."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) >= _LEAST_NUMBER and float(value).is_integer()
