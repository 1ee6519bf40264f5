"""What cleaning kept, for as long as it is on disk."""

from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sync.common.source_task import SourceTask
from sync.intake.cleaning.report import CleaningReport
from sync.intake.cleaning.step_counts import StepCounts
from sync.intake.cleaning.temporary_files import TaskFile

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


class Cleaned:
    """Tasks that were cleaned, on disk for as long as `clean` is open.

    Attributes:
        report: what was done.
        contents: what the kept tasks hold.
    """

    def __init__(
        self, spool: TaskFile, dropped: Collection[int], tally: StepCounts, contents: Contents
    ) -> None:
        """Take over what a run of cleaning has written.

        Args:
            dropped: places of tasks in the spool that were not kept in the end.
        """
        self._spool = spool
        self._dropped = dropped
        self._tally = tally
        self.contents = contents
        self.report: CleaningReport = tally.report()

    def tasks(self) -> Iterator[SourceTask]:
        """The kept tasks in the order of the sources, each with an id; as often as asked for."""
        for place, task in enumerate(self._spool.tasks()):
            if place not in self._dropped:
                yield task

    def dropped(self) -> str:
        """What was left out: JSON lines of `where`, `id`, `step` and `reason`.

        Raises:
            SyncError: the disk is full.
        """
        return self._tally.dropped()
