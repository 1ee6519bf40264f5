"""How deep a row is nested: deeper than anybody means it, every reader of it would fail."""

from typing import Any

from label_configs.validation import DEEPEST, is_deeper
from sync.common.errors import SourceError


def check_depth(values: Any, where: str) -> None:
    """Check that a row can be read, redacted and written by all that comes after.

    Raises:
        SourceError: it is nested too deep.
    """
    if is_deeper(values if isinstance(values, dict) else dict(values)):
        raise SourceError(
            f"{where}: lists and objects stand more than {DEEPEST} deep in each other, which no "
            "page can show; put them as text, or leave the field out"
        )
