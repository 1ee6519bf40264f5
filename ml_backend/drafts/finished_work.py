"""The finished tasks of a project as examples: what reviewers and splits leave of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.task_pages import task_filter
from drafting.finished_example import FinishedExample, finished_of
from label_configs import Interface
from label_configs.annotations import Rule
from label_configs.annotations.choose_annotation import Choosing
from label_configs.annotations.reviews import source_id
from ml_backend.drafts.finished_tasks import FinishedListing, FinishedTaskReader
from ml_backend.drafts.live_review_verdicts import KnownProjects, ReviewVerdicts

NEWEST = 5000  # finished tasks that are looked at
# in a task's data, and in its meta, which can be searched as text only
IN_A_SPLIT = (
    task_filter("tasks:data.split", "empty", False, "String"),
    task_filter("tasks:meta", "contains", '"split"', "String"),
)


class FinishedWork:
    """What is finished in one project; for one thread at a time."""

    def __init__(
        self,
        client: FinishedListing,
        project_id: int,
        interface: Interface[Any],
        order: Sequence[Rule],
        known: KnownProjects,
    ) -> None:
        """Nothing is read yet.

        Args:
            order: of the rules by which one annotation of a task counts.
            known: the projects of the backend, of which some may review this one.
        """
        self._interface = interface
        self._order = order
        # the id from its source, by which reviews find it; the example, or None where it is none
        self._tasks: FinishedTaskReader[tuple[str | None, FinishedExample | None]]
        self._tasks = FinishedTaskReader(client, project_id, self._read, NEWEST)
        self._verdicts = ReviewVerdicts(client, project_id, known)
        self._has_splits = False
        # ids of tasks that are not read yet as their newest verdict has it
        self._undecided: set[str] = set()

    def examples(self) -> list[FinishedExample]:
        """What may be shown for other tasks, the newest first.

        In a project with splits that is the training split alone: a task that belongs to none may
        become a test item yet.
        """
        made = self._tasks.made().values()
        found = (one for known, one in made if one is not None and known not in self._undecided)
        return [one for one in found if one.has_split or not self._has_splits]

    def refresh(self) -> None:
        """Read what has changed, in the project and in those that review it.

        Raises:
            LabelStudioError: Label Studio can't be asked; what was read before stays.
        """
        self._undecided |= self._verdicts.refresh()
        made = self._tasks.made().items()
        judged = [task_id for task_id, (known, _) in made if known in self._undecided]
        self._has_splits = self._has_splits or any(
            self._tasks.look(one).total for one in IN_A_SPLIT
        )
        self._tasks.refresh()
        self._tasks.reread(judged)
        self._undecided.clear()

    def _read(self, task: Mapping[str, Any]) -> tuple[str | None, FinishedExample | None]:
        data = task["data"]
        known = source_id(data) if isinstance(data, Mapping) else None
        choosing = Choosing(self._order, self._verdicts.verdicts)
        return known, finished_of(self._interface, task, choosing)
