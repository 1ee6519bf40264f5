"""What a JSON value is, and whether it is text that can be learnt, in the words of a fault."""

from typing import Any

from sync.common.json_text import is_unicode, json_type
from sync.training_files.formats.foreign_parts import first_told
from sync.training_files.formats.format import Fault

_FEW = 4  # words


def not_filled(value: Any) -> str:
    """What came in place of a non-empty list, for a fault's message."""
    return "an empty one" if value == [] else json_type(value)


def is_text(value: Any) -> bool:
    """Whether a value is text that says something and can be written as UTF-8."""
    return (
        type(value) is str
        and bool(value)
        and not value.isspace()
        and (value.isascii() or is_unicode(value))
    )


def text_fault(where: str, value: Any, rule: str = "content", empty: bool = False) -> Fault | None:
    """The rule that a value breaks which must be text, or None.

    Args:
        where: such as "message 3: content".
        rule: the name of the rule.
        empty: whether text that says nothing is right too.
    """
    if is_text(value):
        return None
    if not isinstance(value, str):
        came = json_type(value)
        if type(value) is list and value and type(value[0]) is dict:
            came = f"a list of parts ({first_told(value)})"
        return Fault(rule, f"{where} must be text, found {came}")
    if not empty and (not value or value.isspace()):
        message = f"{where} is empty; write something or leave the example out"
        return Fault(rule, message, detail="empty")
    if not (value.isascii() or is_unicode(value)):
        return Fault(
            rule, f"{where} holds half of a character (a lone surrogate); replace or remove it"
        )
    return None


def same_words(one: str, other: str) -> bool:
    """Whether two texts have the same words; the first few tell most others apart."""
    few = one.split(None, _FEW)[:_FEW] == other.split(None, _FEW)[:_FEW]
    return few and one.split() == other.split()
