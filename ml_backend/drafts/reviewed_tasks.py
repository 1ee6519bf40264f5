"""The finished tasks of a project and what reviewers say of them, read again as either changes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic

from label_configs.annotations import Rule
from label_configs.annotations.choose_annotation import Choosing
from label_configs.annotations.reviews import source_id
from ml_backend.drafts.finished_tasks import INCLUDE, FinishedListing, FinishedTaskReader, Read
from ml_backend.drafts.live_review_verdicts import KnownProjects, ReviewVerdicts


class ReviewedTasks(Generic[Read]):
    """What is made of each finished task and the verdicts on it; for one thread at a time."""

    def __init__(
        self,
        client: FinishedListing,
        project_id: int,
        make: Callable[[Mapping[str, Any], Choosing], Read],
        order: Sequence[Rule],
        known: KnownProjects,
        newest: int,
        fields: Sequence[str] = INCLUDE,
    ) -> None:
        """Nothing is read yet.

        Args:
            make: makes something of a listed task, by the rules and verdicts that choose one of its
                annotations.
            order: of the rules by which one annotation of a task counts.
            known: the projects of the backend, of which some may review this one.
            newest: how many tasks are looked at, those that changed last.
            fields: of tasks, and of what belongs to them, that are listed.
        """
        self._make = make
        self._order = order
        # the id from its source, by which reviews find it; what was made of it
        self._tasks: FinishedTaskReader[tuple[str | None, Read]]
        self._tasks = FinishedTaskReader(client, project_id, self._read, newest, fields)
        self._verdicts = ReviewVerdicts(client, project_id, known)
        # ids of tasks that are not read yet as their newest verdict has it
        self._undecided: set[str] = set()

    def made(self) -> list[Read]:
        """What was made of each task, the newest first."""
        return [made for _, made in self._tasks.made().values()]

    def decided(self) -> list[Read]:
        """The same, without tasks on which there is a verdict that they were not read with."""
        made = self._tasks.made().values()
        return [one for known, one in made if known not in self._undecided]

    def count(self, condition: Mapping[str, Any]) -> int:
        """How many tasks meet a condition, asked of Label Studio; it costs one request.

        Raises:
            LabelStudioError: Label Studio can't be asked.
        """
        return self._tasks.look(condition).total

    def read_verdicts(self) -> None:
        """Read what reviewers have said since.

        Raises:
            LabelStudioError: Label Studio can't be asked; what was read before stays.
        """
        self._undecided |= self._verdicts.refresh()

    def read_tasks(self) -> None:
        """Read the tasks that have changed, and those with new verdicts.

        Raises:
            LabelStudioError: Label Studio can't be asked; what was read before stays.
        """
        made = self._tasks.made().items()
        judged = [task_id for task_id, (known, _) in made if known in self._undecided]
        self._tasks.refresh()
        self._tasks.reread(judged)
        self._undecided.clear()

    def _read(self, task: Mapping[str, Any]) -> tuple[str | None, Read]:
        data = task["data"]
        known = source_id(data) if isinstance(data, Mapping) else None
        return known, self._make(task, Choosing(self._order, self._verdicts.verdicts))
