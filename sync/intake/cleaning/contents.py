"""Which fields the kept tasks have, counted while they pass: so that nothing is lost unnoticed."""

from array import array
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

# fields of a task, and whether its documents and its context hold anything
_Kind = tuple[tuple[str, ...], bool, bool]


@dataclass(frozen=True)
class Contents:
    """What tasks hold.

    Attributes:
        documents: tasks with documents.
        context: tasks with facts.
        fields: field of task data -> tasks that have it.
    """

    documents: int
    context: int
    fields: Mapping[str, int]


class ContentsTally:
    """Tells tasks apart by what they hold; of each place on disk one number in memory."""

    def __init__(self) -> None:
        self._kinds: dict[_Kind, int] = {}
        self._places = array("L")

    def kind(self, data: Mapping[str, Any]) -> int:
        """A number for what a task holds."""
        held = (tuple(data), bool(data.get("documents")), bool(data.get("context")))
        return self._kinds.setdefault(held, len(self._kinds))

    def keep(self, kind: int) -> None:
        """The next place is of such a task."""
        self._places.append(kind)

    def contents(self, dropped: Collection[int]) -> Contents:
        """What the tasks hold that are kept in the end.

        Args:
            dropped: places of the others.
        """
        times = Counter(self._places)
        times.subtract(self._places[place] for place in dropped)
        fields: Counter[str] = Counter()
        documents = context = 0
        for (names, has_documents, has_context), kind in self._kinds.items():
            documents += times[kind] * has_documents
            context += times[kind] * has_context
            fields.update(dict.fromkeys(names, times[kind]))
        return Contents(documents, context, {name: n for name, n in fields.items() if n})
