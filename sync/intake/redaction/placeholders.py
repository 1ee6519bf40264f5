"""One task's data with placeholders for personal data, and turned back into what they stand for."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sync.intake.redaction.packed_json import Value, changed_json
from sync.intake.redaction.recognisers.writing import around
from sync.intake.redaction.spans import Span, merged
from sync.intake.redaction.task_values import ADDRESS, OF_ADDRESSES, each_value

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

# JSON that stands behind words, as ShareGPT's calls do, in which `<` may be escaped
_TAGGED = re.compile(r"(?<=<tool_call>).*?(?=</tool_call>)", re.DOTALL)
_ESCAPED = "\\u003c"

_PIECES = re.compile(r"[^/?&=;#:]+")

Secrets = dict[str, Value]
FindSpans = Callable[[str], list[Span]]
Spans = dict[tuple[str, str], list[Span]]

# a fact's name says what its value is, as in `phone: 467 3395`; these names say nothing
_PLAIN_NAMES = frozenset({"content", "text", "prompt", "title", "body", "answer", "question"})
_LONGEST_FACT = 200  # characters


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

    each_value(data, look)
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
        return each_value(value, self.replaced)

    def replaced(self, name: str, value: Value) -> Value:
        """The text or number with placeholders for what was found, here or anywhere else."""
        text = written(value)
        there = occurrences(text, self._kinds)
        if name == ADDRESS:
            there = (s for s in there if s.entity not in OF_ADDRESSES and text.startswith("http"))
        spans = merged([*self._found.get((name, text), ()), *there])
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


def written(value: Value) -> str:
    """A text as it is, and a large number as its digits, as a text may hold it too."""
    return value if isinstance(value, str) else str(int(value))


def _in_address(address: str, find: FindSpans) -> Iterator[Span]:
    """Personal data in a picture's address of the web; that it is an address is none."""
    for piece in _PIECES.finditer(address) if address.startswith("http") else ():
        for span in find(piece[0]):
            if span.entity not in OF_ADDRESSES:
                start = piece.start()
                yield Span(start + span.start, start + span.end, span.entity, span.score)


def _spans(name: str, text: str, find: FindSpans) -> list[Span]:
    """The spans in a text; the name of its fact, such as `fax`, helps to find them."""
    if name == ADDRESS:
        return list(_in_address(text, find))
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
    """A JSON value with its placeholders turned back into what they stand for.

    Those that `secrets` doesn't hold stay. A text that is nothing but the placeholder of a
    number becomes that number, in JSON that stands in a text, too.
    """
    if isinstance(value, str):
        if value in secrets:
            return secrets[value]
        return _restored(value, secrets) if "<" in value or _ESCAPED in value else value
    if isinstance(value, dict):
        return {str(restore(key, secrets)): restore(v, secrets) for key, v in value.items()}
    if isinstance(value, list):
        return [restore(v, secrets) for v in value]
    return value


def _restored(text: str, secrets: Mapping[str, Value]) -> str:
    whole = changed_json(text, lambda _, v: restore(v, secrets))
    if whole is not None:
        return whole
    text = _TAGGED.sub(lambda call: _restored(call[0], secrets), text)
    return PLACEHOLDER.sub(lambda mark: str(secrets.get(mark[0], mark[0])), text)


def placeholders(value: Any) -> int:
    """How many placeholders, or what looks like them, a JSON value holds."""
    if isinstance(value, str):
        return len(PLACEHOLDER.findall(value))
    if isinstance(value, dict):
        return sum(placeholders(key) + placeholders(v) for key, v in value.items())
    if isinstance(value, list):
        return sum(map(placeholders, value))
    return 0
