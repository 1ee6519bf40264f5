"""Examples of one task with placeholders in place of its personal values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from label_configs.content import IMAGE
from sync.intake.redaction.packed_json import Value, changed_json, is_packed
from sync.intake.redaction.placeholders import PLACEHOLDER, Placeholders, occurrences
from sync.intake.redaction.spans import Span, merged
from sync.intake.redaction.task_values import ADDRESS, OF_ADDRESSES, is_large, is_structure
from sync.training_files.example import Example

# a value with so many digits is one wherever it stands
_DIGITS = 7


@dataclass(frozen=True)
class MarkedTask:
    """A task whose values become placeholders.

    Attributes:
        kinds: value -> entity.
    """

    key: str
    kinds: Mapping[str, str]
    marks: Placeholders

    def change(self, example: Example) -> Example:
        """The example without a value of them."""
        told = {f.name: self._each(getattr(example, f.name), f.name) for f in fields(example)}
        return replace(example, **told)

    def _each(self, value: Any, name: str) -> Any:
        """A value of an example without them; `name` is of the field that holds it."""
        if isinstance(value, str):
            return self.marks.put_at(_all(value, self.kinds, name), value)
        if isinstance(value, Mapping):
            return {
                key: inside if is_structure(name, key) else self._field(value, key, name)
                for key, inside in value.items()
            }
        if isinstance(value, list | tuple):
            return type(value)(self._each(inside, name) for inside in value)
        return value

    def _field(self, holder: Mapping[str, Any], key: str, name: str) -> Any:
        if is_packed(holder, key):
            told = changed_json(holder[key], self._packed)
            if told is not None:
                return told
        return self._each(holder[key], ADDRESS if (name, key) == (IMAGE, "url") else key)

    def _packed(self, name: str, value: Value) -> Value:
        """A value of JSON that stands in a text; a number is one of them or none."""
        if isinstance(value, str):
            return str(self._each(value, name))
        return self.marks.replaced(name, value) if is_large(value) else value


def _all(text: str, kinds: Mapping[str, str], name: str) -> list[Span]:
    """Where values stand in a text; those that nothing else can be, within words, too.

    Args:
        name: of the text; a picture's address is no value itself.
    """
    if name == ADDRESS:
        if not text.startswith("http"):
            return []
        kinds = {value: entity for value, entity in kinds.items() if entity not in OF_ADDRESSES}
    spans = list(occurrences(text, kinds))
    for value, entity in kinds.items():
        if value in text and ("@" in value or sum(map(str.isdigit, value)) >= _DIGITS):
            pattern = rf"(?<!\d){re.escape(value)}(?!\d)"
            spans += (Span(*match.span(), entity, 0.0) for match in re.finditer(pattern, text))
    inside = [match.span() for match in PLACEHOLDER.finditer(text)]
    return merged(s for s in spans if not any(a <= s.start and s.end <= b for a, b in inside))
