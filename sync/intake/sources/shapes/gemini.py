"""Gemini's form: `contents` of parts, with `systemInstruction` and `tools` beside them."""

from collections.abc import Mapping
from typing import Any

from label_configs.message_forms import put_right
from sync.common.errors import SourceError
from sync.common.json_text import json_type
from sync.intake.sources.shapes.parts import messages_of
from sync.intake.sources.shapes.schemas import take_tools
from sync.intake.sources.shapes.shape import RowShape, SourceMessage, take_turns

_ROLES = {"user": "user", "model": "assistant", "function": "user", "assistant": "assistant"}
_SYSTEM = ("systemInstruction", "system_instruction")


def _conversation(fields: dict[str, Any], where: str) -> list[SourceMessage]:
    take_tools(fields, "tools", where)
    told: list[SourceMessage] = []
    for name in _SYSTEM:
        given = fields.pop(name, None)
        if given not in (None, "", [], {}):
            parts = given.get("parts") if isinstance(given, Mapping) else given
            told += _messages("system", parts, f"{where}: {name!r}")
    for number, content in enumerate(take_turns(fields, "contents", "{role, parts}", where), 1):
        at = f"{where}: content {number}"
        if not isinstance(content, Mapping) or "parts" not in content:
            found = "no 'parts'" if isinstance(content, Mapping) else json_type(content)
            raise SourceError(f"{at} must hold 'role' and 'parts', found {found}")
        role = _ROLES.get(str(content.get("role") or "user"))
        if role is None:
            known = ", ".join(_ROLES)
            raise SourceError(f"{at} has role {content['role']!r}; use one of {known}")
        rest = {k: v for k, v in content.items() if k not in ("role", "parts") and v is not None}
        told += _messages(role, content["parts"], at, rest)
    return put_right(told)


def _messages(
    role: str, parts: Any, at: str, rest: Mapping[str, Any] | None = None
) -> list[SourceMessage]:
    """The messages of a content; its parts may be one part, or text."""
    if isinstance(parts, (str, Mapping)):
        parts = [parts]
    if not isinstance(parts, list):
        raise SourceError(f"{at}: 'parts' must be a list of parts, found {json_type(parts)}")
    return messages_of({**(rest or {}), "role": role, "content": parts}, at)


shape = RowShape("Gemini", "contents", _conversation, also_read=(*_SYSTEM, "tools"))
