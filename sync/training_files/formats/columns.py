"""The columns of a format's lines, as `datasets` writes features in a dataset card.

They are stated rather than left to be inferred, since `datasets` infers them of a file's first
rows: a tool, a weight or a system prompt that only later rows or another split have would then
stop it. What differs from line to line (messages with their own keys, tools, arguments) has the
type `json`, which `datasets` knows since 4.7; each value is loaded as it stands in the line.
"""

from typing import Any

Feature = dict[str, Any]


def string(name: str) -> Feature:
    """A column of text."""
    return {"name": name, "dtype": "string"}


def boolean(name: str) -> Feature:
    """A column of true and false."""
    return {"name": name, "dtype": "bool"}


def anything(name: str) -> Feature:
    """A column whose values differ from line to line."""
    return {"name": name, "dtype": "json"}


def list_of(name: str, what: Any = "json") -> Feature:
    """A column of lists.

    Args:
        what: a type, or the columns of an object.
    """
    return {"name": name, "list": what}


def struct(name: str, columns: list[Feature]) -> Feature:
    """A column of objects."""
    return {"name": name, "struct": columns}


TOOLS = list_of("tools")
IMAGES = "images"
PICTURES = list_of(IMAGES, "string")  # addresses, or names of files
