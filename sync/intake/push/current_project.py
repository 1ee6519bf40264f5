"""The project as Label Studio holds it: looked up when first asked for, and again on demand."""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from rich.progress import Progress
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from connectors.label_studio import LabelStudio
from label_configs import Interface
from sync.common.files import FolderBusyError
from sync.common.source_task import SourceTask
from sync.intake.push.exactly_once import Journal, settled
from sync.intake.push.project import FoundProject, inspect_project
from sync.intake.push.project_tasks import ProjectTasks, SourceFields, held_tasks, read_held
from sync.settings import Config
from sync.table.data_folder import data_folder
from sync.table.pull import PullReport, pull
from sync.table.pull.task_listing import TaskSource

# how long to wait for another pull of the same folder
OTHER_PULL_S = 60.0


class CurrentProject:
    """The configured project, by what was last pulled of it.

    Attributes:
        fields: which of its tasks' fields come from a source.
        journal: the import that is under way, or was when a push was killed.
        guidelines: what its tasks are to show.
    """

    def __init__(
        self,
        config: Config,
        interface: Interface[Any],
        guidelines: str,
        progress: Progress,
        client: LabelStudio | None = None,
    ) -> None:
        """Nothing is asked yet.

        Args:
            client: of somebody who closes it; None: one of its own, made when first needed.
        """
        self.fields = SourceFields(interface)
        self.folder = data_folder(config)
        self.journal = Journal(self.folder)
        self.guidelines = guidelines
        self._config = config
        self._interface = interface
        self._progress = progress
        self._given = client

    @cached_property
    def client(self) -> LabelStudio:
        """A client of Label Studio; made when first needed, after the sources were read.

        Raises:
            LabelStudioError: there is no key.
        """
        return self._given or LabelStudio(self._config.label_studio.url, self._config.api_key)

    def close(self) -> None:
        """Close the client, if there is one of its own."""
        if self._given is None and "client" in self.__dict__:
            self.client.close()

    @cached_property
    def found(self) -> FoundProject:
        """The project before this push."""
        return inspect_project(self._config, self.client, self._interface)

    @cached_property
    def held(self) -> ProjectTasks:
        """What the project held before this push."""
        return self.look() if self.found.project else ProjectTasks()

    def look(self) -> ProjectTasks:
        """Pull, and say what the project holds now.

        Raises:
            SyncError: there is no such project, or a long pull is running here.
            LabelStudioError: Label Studio can't be asked.
        """
        bar = self._progress.add_task("pulling")
        report = patient_pull(
            self._config,
            self.client,
            lambda done, total: self._progress.update(bar, completed=done, total=total),
        )
        self._progress.remove_task(bar)
        return read_held(self.folder.table(), report.project_id, self.fields, self.guidelines)

    def tasks(self) -> Iterator[SourceTask]:
        """The tasks that the project held before this push, read as they are asked for."""
        if self.held.total and self.found.project:
            yield from held_tasks(self.folder.table(), int(self.found.project["id"]))

    def is_crowded(self, expected: int) -> bool:
        """Whether there are more tasks than known, as when the import of a killed push was late."""
        title = self._config.label_studio.project
        project = self.client.find_project(title, ("id", "title", "task_number"))
        return project is not None and int(project["task_number"] or 0) > expected

    def settle(self) -> None:
        """Wait for an import that an earlier push sent and never saw answered."""
        pending = self.journal.pending()
        if pending is None:
            return
        project = self.found.project
        ours = project is not None and int(project["id"]) == pending.project_id
        if ours and not self.held.holds(pending.ids):
            settled(pending, self._look_again)
        self.journal.end()

    def _look_again(self) -> ProjectTasks:
        self.held = self.look()
        return self.held


def patient_pull(
    config: Config, client: TaskSource, progress: Callable[[int, int], None]
) -> PullReport:
    """Pull, as soon as a `pull --watch` that keeps pulling here has done so.

    Raises:
        SyncError: there is no such project, or a long pull is running here.
        LabelStudioError: Label Studio can't be asked.
    """
    patient = Retrying(
        retry=retry_if_exception_type(FolderBusyError),
        wait=wait_fixed(1),
        stop=stop_after_delay(OTHER_PULL_S),
        reraise=True,
    )
    return patient(pull, config, client, progress)
