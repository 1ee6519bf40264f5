"""JSON that stands in a text: the arguments of a tool's call, and what tools return.

Only what changes is written anew; blanks, order and spelling of all else stay, and it stays JSON:
a placeholder in place of a number would leave none behind.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from label_configs.call_arguments import json_text

Value = str | int | float
ChangeValue = Callable[[str, Value], Value]

# of a tool's call
ARGUMENTS = "arguments"
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[{}\[\]]')
_KEY_ENDS = re.compile(r"\s*:")


def is_packed(holder: Any, key: str) -> bool:
    """Whether a field of a call or of a message holds such a text, if it holds text."""
    return key == ARGUMENTS or (key == "content" and holder.get("role") == "tool")


def changed_json(text: Any, change: ChangeValue) -> str | None:
    """JSON text with the names of facts, the texts and the numbers in it changed.

    Args:
        change: a value's name ("" for a name itself) and the value; numbers may become text.

    Returns:
        The same text where nothing changes; None where it is no object and no list in JSON.
    """
    if not isinstance(text, str) or not text.lstrip().startswith(("{", "[")):
        return None
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return None
    built: list[str] = []
    at, name = 0, ""
    names: list[str] = []
    for token in _TOKEN.finditer(text):
        said = token[0]
        if said in "{[":
            names.append(name)
            continue
        if said in "}]":
            name = names.pop()
            continue
        value = json.loads(said)
        is_name = said[0] == '"' and _KEY_ENDS.match(text, token.end()) is not None
        new = change("" if is_name else name, value)
        if is_name:
            name, new = value, str(new)
        if new != value:
            built += text[at : token.start()], json_text(new)
            at = token.end()
    return "".join([*built, text[at:]])
