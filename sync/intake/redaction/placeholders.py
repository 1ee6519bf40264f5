"""One task's data with placeholders for personal data, and turned back into what they stand for."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sync.intake.redaction.recognisers.writing import around
from sync.intake.redaction.spans import Span, merged

# what placeholders are called where presidio's name is long
_NAMES = {
    "EMAIL_ADDRESS": "EMAIL",
    "PHONE_NUMBER": "PHONE",
    "CREDIT_CARD": "CARD",
    "IBAN_CODE": "IBAN",
    "US_SSN": "SSN",
    "IP_ADDRESS": "IP",
    "MAC_ADDRESS": "MAC",
}
PLACEHOLDER = re.compile(r"<[A-Z][A-Z0-9_]*_\d+>")

# of a tool's call
ARGUMENTS = "arguments"

Value = str | int | float
Secrets = dict[str, Value]
FindSpans = Callable[[str], list[Span]]
Spans = dict[tuple[str, str], list[Span]]

# a fact's name says what its value is, as in `phone: 467 3395`; these names say nothing
_PLAIN_NAMES = frozenset({"content", "text", "prompt", "title", "body", "answer", "question"})
_LONGEST_FACT = 200  # characters
_LEAST_NUMBER = 10**6  # smaller ones are counts, years and sums


def redact(data: Mapping[str, Any], find: FindSpans) -> tuple[dict[str, Any], Secrets]:
    """Replace personal data in a task: in every text, name of a fact, and number of seven digits.

    Names of top-level fields and roles of messages stay. A value that is found once is replaced
    wherever the task holds it.

    Args:
        find: the spans of personal data in a text, in order and never overlapping.

    Returns:
        The data with placeholders, and what each stands for. A number comes back as a number.
    """
    found = spans_in(data, find)
    kinds = kinds_of(found)
    if not kinds:
        return dict(data), {}
    placeholders = Placeholders(kinds, found, placeholders_in(data))
    return placeholders.put_into(data), placeholders.secrets


def spans_in(data: Mapping[str, Any], find: FindSpans) -> Spans:
    """The spans of personal data in each text under each name of a task's data."""
    found: Spans = {}

    def look(name: str, value: Value) -> Value:
        text = written(value)
        if (name, text) not in found:
            found[name, text] = _spans(name, text, find)
        return value

    _each(data, look)
    return found


def kinds_of(found: Spans) -> dict[str, str]:
    """Value -> entity, in the order in which they were found."""
    kinds: dict[str, str] = {}
    for (_, text), spans in found.items():
        for span in spans:
            kinds.setdefault(text[span.start : span.end], span.entity)
    return kinds


def placeholders_in(value: Any) -> set[str]:
    """Every text of a placeholder's form in a JSON value, roles and columns included."""
    return set(PLACEHOLDER.findall(json.dumps(value, ensure_ascii=False)))


class Placeholders:
    """Gives placeholders in the order in which values come, and writes values with them."""

    def __init__(
        self,
        kinds: Mapping[str, str],
        found: Mapping[tuple[str, str], list[Span]],
        taken: set[str],
        known: Mapping[str, Value] | None = None,
    ) -> None:
        """Nothing is given yet.

        Args:
            kinds: value -> entity, of the whole task.
            found: the spans of each text under each name.
            taken: what looks like a placeholder in the task as it came.
            known: placeholder -> value, as they were given before; their values get the same again.
        """
        self.secrets: Secrets = {}
        self._kinds = kinds
        self._found = found
        known = known or {}
        self._taken = {*taken, *known}
        self._given: dict[tuple[type, Value], str] = {
            (type(value), value): mark for mark, value in known.items()
        }
        self._last: dict[str, int] = {}

    def put_into(self, value: Any) -> Any:
        """A JSON value with placeholders in texts, large numbers and names of facts."""
        return _each(value, self.replaced)

    def replaced(self, name: str, value: Value) -> Value:
        """The text or number with placeholders for what was found, here or anywhere else."""
        text = written(value)
        spans = merged([*self._found.get((name, text), ()), *occurrences(text, self._kinds)])
        if not isinstance(value, str):
            return self._given_to(value, spans[0].entity) if spans else value
        return self.put_at(spans, value)

    def put_at(self, spans: Iterable[Span], text: str) -> str:
        """The text with placeholders for its spans, which are in order and never overlap."""
        parts: list[str] = []
        at = 0
        for span in spans:
            parts += text[at : span.start], self._given_to(text[span.start : span.end], span.entity)
            at = span.end
        return "".join([*parts, text[at:]])

    def _given_to(self, value: Value, entity: str) -> str:
        if (type(value), value) not in self._given:
            kind = _NAMES.get(entity, entity)
            placeholder = self._next(kind)
            while placeholder in self._taken:
                placeholder = self._next(kind)
            self._given[type(value), value] = placeholder
            self.secrets[placeholder] = value
        return self._given[type(value), value]

    def _next(self, kind: str) -> str:
        self._last[kind] = self._last.get(kind, 0) + 1
        return f"<{kind}_{self._last[kind]}>"


def occurrences(text: str, kinds: Mapping[str, str]) -> Iterator[Span]:
    """Where values stand in a text as words of their own; `kinds` has the entity of each."""
    for value, entity in kinds.items():
        if value in text:
            before, after = around(value)
            for match in re.finditer(f"{before}{re.escape(value)}{after}", text):
                yield Span(*match.span(), entity, 0.0)


def _each(
    value: Any, change: Callable[[str, Value], Value], name: str = "", *, top: bool = True
) -> Any:
    """The value with every text, large number and name of a fact inside it changed."""
    if isinstance(value, dict):
        return {
            key if top else change("", key): inside
            if name == "messages" and key == "role"
            else _each(inside, change, key, top=False)
            for key, inside in value.items()
        }
    if isinstance(value, list):
        return [_each(inside, change, name, top=False) for inside in value]
    if name == ARGUMENTS and (packed := unpacked(value)) is not None:
        # a placeholder in place of a number would leave text that is no JSON
        changed = _each(packed, change, top=False)
        return value if changed == packed else json.dumps(changed, ensure_ascii=False)
    return change(name, value) if isinstance(value, str) or _is_large(value) else value


def unpacked(arguments: Any) -> dict[str, Any] | None:
    """The arguments of a tool's call, which are a JSON object as text; None for anything else."""
    if not isinstance(arguments, str) or not arguments.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(arguments)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _is_large(value: Any) -> bool:
    """Whether it is a number that may be a phone, a card or the like."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) >= _LEAST_NUMBER and float(value).is_integer()


def written(value: Value) -> str:
    """A text as it is, and a large number as its digits, as a text may hold it too."""
    return value if isinstance(value, str) else str(int(value))


def _spans(name: str, text: str, find: FindSpans) -> list[Span]:
    """The spans in a text; the name of its fact, such as `fax`, helps to find them."""
    if name in _PLAIN_NAMES or len(text) > _LONGEST_FACT:
        return find(text)
    # a name that was replaced itself must not tell what it did not tell before
    words = PLACEHOLDER.sub(" ", name)
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[\W\d_]+", " ", words).strip()
    lead = len(words) + 2
    return [
        Span(max(0, span.start - lead), span.end - lead, span.entity, span.score)
        for span in find(f"{words}: {text}" if words else f"  {text}")
        if span.end > lead
    ]


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
