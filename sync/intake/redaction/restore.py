"""Placeholders turned back into what they stand for."""

import json
from collections.abc import Mapping
from typing import Any

from sync.intake.redaction.placeholders import ARGUMENTS, PLACEHOLDER, Value, unpacked


def restore(value: Any, secrets: Mapping[str, Value]) -> Any:
    """A JSON value with the placeholders of one task replaced, in names and texts alike.

    Placeholders that `secrets` doesn't hold stay. A text that is nothing but the placeholder of a
    number becomes that number.
    """
    if isinstance(value, str):
        if value in secrets:
            return secrets[value]
        return PLACEHOLDER.sub(lambda mark: str(secrets.get(mark[0], mark[0])), value)
    if isinstance(value, dict):
        return {str(restore(key, secrets)): _field(key, v, secrets) for key, v in value.items()}
    if isinstance(value, list):
        return [restore(v, secrets) for v in value]
    return value


def _field(name: str, value: Any, secrets: Mapping[str, Value]) -> Any:
    """A field restored; the arguments of a tool's call stay JSON."""
    packed = unpacked(value) if name == ARGUMENTS else None
    if packed is None:
        return restore(value, secrets)
    restored = restore(packed, secrets)
    return value if restored == packed else json.dumps(restored, ensure_ascii=False)


def placeholders(value: Any) -> int:
    """How many placeholders, or what looks like them, a JSON value holds."""
    if isinstance(value, str):
        return len(PLACEHOLDER.findall(value))
    if isinstance(value, dict):
        return sum(placeholders(key) + placeholders(v) for key, v in value.items())
    if isinstance(value, list):
        return sum(map(placeholders, value))
    return 0
