"""A fake Label Studio beside the folder that it is pulled into."""

from dataclasses import dataclass

from sync.settings import Config
from sync.table.pull import PullReport, pull
from sync.table.task_rows import TaskRow, from_label_studio
from sync.table.task_table import TaskTable
from tests.sync.fakes import PROJECT_ID, FakeLabelStudio


@dataclass
class Desk:
    """A Label Studio and the folder that it is pulled into."""

    client: FakeLabelStudio
    config: Config

    def pull(self) -> PullReport:
        self.client.history.clear()
        return pull(self.config, self.client)

    def rows(self) -> list[TaskRow]:
        return TaskTable(self.config.data_dir / "tasks").rows(PROJECT_ID)

    def truth(self) -> list[TaskRow]:
        tasks = sorted(self.client.tasks.values(), key=lambda t: int(t["id"]))
        return [from_label_studio(PROJECT_ID, task) for task in tasks]


def tally(report: PullReport) -> tuple[int, int, int, int]:
    """New, changed, deleted, unchanged."""
    return report.new, report.changed, report.deleted, report.unchanged
