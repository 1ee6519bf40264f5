"""`labeltune gaps --queue`: pull, see what is missing, have it labelled first."""

from dataclasses import dataclass

from connectors.label_studio import LabelStudio
from sync.common.errors import SyncError
from sync.common.terminal import ShowProgress
from sync.coverage.measure import Measured, measure
from sync.coverage.queue import plan_queue, read_scores, write_scores
from sync.settings import Config
from sync.table.data_folder import data_folder
from sync.table.pull import pull
from sync.table.snapshot import open_snapshot


@dataclass(frozen=True)
class QueueReport:
    """What was done to the order of tasks.

    Attributes:
        first: waiting drafts of missing cells that come earlier than their own score would have
            them.
        restored: drafts that have their own score again.
        written: scores that were sent, or would have been.
        undrafted: waiting tasks of missing cells that have no draft yet, so that nothing can bring
            them forward.
    """

    first: int
    restored: int
    written: int
    undrafted: int
    dry_run: bool


def reorder(
    config: Config,
    client: LabelStudio,
    pulling: ShowProgress,
    writing: ShowProgress,
    *,
    dry_run: bool = False,
) -> tuple[Measured, QueueReport]:
    """Bring waiting tasks of missing cells forward, and others back.

    Args:
        pulling: called with tasks fetched and tasks to fetch.
        writing: called with scores written and scores to write.
        dry_run: pull and plan; write nothing to Label Studio.

    Raises:
        SyncError: nothing is wanted, or the data folder can't be used.
        LabelStudioError: Label Studio can't be used; run again to go on.
    """
    if not config.targets.wants:
        raise SyncError(
            "--queue needs to know what is wanted: set targets.total and targets.dimensions in "
            "labeltune.toml"
        )
    folder = data_folder(config)
    with folder.only_one("gaps"):
        pull(config, client, pulling)
        title = config.label_studio.project
        project = client.find_project(title, ("id", "title", "model_version"))
        if project is None:
            raise SyncError(f"Label Studio has no project {title!r} any more; `labeltune push` it")
        measured = measure(config)
        plan = plan_queue(
            open_snapshot(config).rows(),
            measured.waiting,
            measured.gaps.missing,
            measured.targets,
            str(project["model_version"] or ""),
            read_scores(folder),
        )
        written = len(plan.changes)
        if not dry_run:
            written = write_scores(client, folder, plan, writing)
    report = QueueReport(len(plan.lowered), plan.restored, written, plan.undrafted, dry_run)
    return measured, report
