"""The finished tasks of a project as examples: what reviewers and splits leave of them."""

import functools
from collections.abc import Sequence
from typing import Any

from connectors.task_pages import task_filter
from drafting.finished_example import FinishedExample, finished_of
from label_configs import Interface
from label_configs.annotations import Rule
from ml_backend.drafts.finished_tasks import FinishedListing
from ml_backend.drafts.live_review_verdicts import KnownProjects
from ml_backend.drafts.reviewed_tasks import ReviewedTasks

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
        make = functools.partial(finished_of, interface)
        self._tasks = ReviewedTasks(client, project_id, make, order, known, NEWEST)
        self._has_splits = False

    def examples(self) -> list[FinishedExample]:
        """What may be shown for other tasks, the newest first.

        In a project with splits that is the training split alone: a task that belongs to none may
        become a test item yet.
        """
        found = (one for one in self._tasks.decided() if one is not None)
        return [one for one in found if one.has_split or not self._has_splits]

    def refresh(self) -> None:
        """Read what has changed, in the project and in those that review it.

        Raises:
            LabelStudioError: Label Studio can't be asked; what was read before stays.
        """
        self._tasks.read_verdicts()
        self._has_splits = self._has_splits or any(map(self._tasks.count, IN_A_SPLIT))
        self._tasks.read_tasks()
