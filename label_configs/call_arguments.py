"""The arguments of a call of a tool: read, stored on one line, and written for people to edit."""

import json
from typing import Any


def parsed(arguments: str) -> dict[str, Any] | None:
    """The arguments of a call; None where the text is no JSON object."""
    try:
        read = json.loads(arguments, parse_constant=_refused)
        json.dumps(read, allow_nan=False)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def compact(typed: str) -> str:
    """Arguments as they are stored: one line of JSON; a text that is no JSON object as it is."""
    return _written(typed, None) if typed.strip() else "{}"


def readable(arguments: str) -> str:
    """Arguments as people edit them: a line each; a text that is no JSON object as it is."""
    return _written(arguments, 2)


def json_text(value: Any, indent: int | None = None) -> str:
    """A value as JSON in characters; half of one stays escaped, since it can't be sent."""
    written = json.dumps(value, ensure_ascii=False, indent=indent)
    return written if _can_be_sent(written) else json.dumps(value, indent=indent)


def _written(text: str, indent: int | None) -> str:
    given = parsed(text)
    return text if given is None else json_text(given, indent)


def _can_be_sent(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refused(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")
