"""The parts of a query with several intents, and the same parts as result items."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from label_configs import items
from label_configs.errors import LabelConfigError
from label_configs.items import FoundItems, ResultItem

SPANS = "intent"  # the Labels that mark parts of the query
QUERY = "query"  # the object that they mark
PARTS = ("intent", "priority", "lead", "segment")  # of a row
_PLACE = re.compile("[1-9][0-9]{0,2}")


@dataclass(frozen=True)
class Intent:
    """One thing that the query asks for, and its part of the answer.

    Attributes:
        intent: which of the project's intents; None when not said.
        priority: place in the answer, from 1 = first; None = after those that have one.
        lead: connecting words before the segment.
        segment: the answer to this intent; an empty one is no part of the answer.
    """

    intent: str | None = None
    priority: int | None = None
    lead: str = ""
    segment: str = ""


@dataclass(frozen=True)
class QuerySpan:
    """A part of the query that asks for something.

    Offsets count Unicode code points, as Python does: `query[start:end]`. That is what Label
    Studio saves for a Text, emoji and line ends included (seen in its page).

    Attributes:
        text: what was marked, as saved; a marking by mouse has a line end in it as a backslash
            and an n, so the offsets are what counts.
        intent: the label; None for a mark without one.
    """

    start: int = 0
    end: int = 0
    text: str = ""
    intent: str | None = None

    @classmethod
    def quoting(cls, query: str, quote: str, intent: str) -> "QuerySpan | None":
        """Where the query says this, if need be in another case or with other blanks; or None."""
        words = quote.split()
        if not words:
            return None
        exactly = re.search(re.escape(quote.strip()), query)
        loosely = re.search(r"\s+".join(map(re.escape, words)), query, re.IGNORECASE)
        match = exactly or loosely
        return match and cls(*match.span(), match[0], intent)

    @property
    def order(self) -> tuple[int, int, bool, str, str]:
        """To sort by: as the spans stand in the query."""
        return (self.start, self.end, self.intent is None, self.intent or "", self.text)


def row_items(intents: Sequence[Intent]) -> list[ResultItem]:
    """The items of all rows, in order."""
    built: list[ResultItem] = []
    for i, part in enumerate(intents):
        row = f"row_{i}"
        if part.intent is not None:
            built.append(items.choices(f"intent_{i}", row, part.intent))
        if part.priority is not None:
            built.append(items.choices(f"priority_{i}", row, str(part.priority)))
        if part.lead:
            built.append(items.textarea(f"lead_{i}", row, part.lead))
        # an empty last row would be gone without an item
        if part.segment or (part == Intent() and i == len(intents) - 1):
            built.append(items.textarea(f"segment_{i}", row, part.segment))
    return built


def row_names(results: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Names of the controls of every row up to the last one that left an item."""
    return [[f"{part}_{i}" for part in PARTS] for i in range(items.row_count(results, PARTS))]


def read_row(found: FoundItems, names: Sequence[str]) -> Intent:
    """One row.

    Args:
        names: of its controls, as `row_names` gives them.

    Raises:
        LabelConfigError: a value that can't be read.
    """
    intent, priority, lead, segment = names
    return Intent(
        intent=found.choice(intent),
        priority=_place(found, priority),
        lead=found.text(lead),
        segment=found.text(segment),
    )


def span_items(spans: Sequence[QuerySpan]) -> list[ResultItem]:
    """One item a span; the page shows them as marks in the query."""
    built: list[ResultItem] = []
    taken: set[str] = set()
    for span in spans:
        # the page makes a style of the id, so no label goes into it
        base = f"span_{span.start}_{span.end}"
        names = (base, *(f"{base}_{again}" for again in range(2, len(spans) + 1)))
        name = next(name for name in names if name not in taken)
        taken.add(name)
        labels = [] if span.intent is None else [span.intent]
        value = {"start": span.start, "end": span.end, "text": span.text, "labels": labels}
        built.append(
            {"id": name, "from_name": SPANS, "to_name": QUERY, "type": "labels", "value": value}
        )
    return built


def is_span(item: Any) -> bool:
    """Whether a result item marks a part of the query."""
    return isinstance(item, Mapping) and item.get("from_name") == SPANS


def read_spans(item: Mapping[str, Any]) -> list[QuerySpan]:
    """A mark, once for each of its labels; what else the page saves of it does not matter.

    Raises:
        LabelConfigError: a value that can't be read.
    """
    value = item.get("value")
    value = value if isinstance(value, Mapping) else {}
    start, end = (_offset(item, key, value.get(key)) for key in ("start", "end"))
    text, labels = value.get("text", ""), value.get("labels", [])
    if not isinstance(text, str):
        raise items.unreadable(item, "text")
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise items.unreadable(item, "labels")
    return [QuerySpan(start, end, text, label) for label in labels or [None]]


def _offset(item: Mapping[str, Any], key: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise items.unreadable(item, key)
    return value


def _place(found: FoundItems, name: str) -> int | None:
    chosen = found.choice(name)
    if chosen is None:
        return None
    if not _PLACE.fullmatch(chosen):
        raise LabelConfigError(
            f"result of {name!r}: {chosen!r} is no place in the answer, expected 1, 2, …; "
            "correct or delete the annotation in Label Studio"
        )
    return int(chosen)
