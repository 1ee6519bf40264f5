"""The verdicts of the projects that review this one: its queues, and those of `labeltune.toml`."""

from collections.abc import Iterable

import label_configs
from label_configs.annotations.candidates import finished
from label_configs.annotations.choose_annotation import Choosing
from label_configs.annotations.read_verdict import verdict_of
from label_configs.annotations.reviews import (
    NO_VERDICTS,
    ReviewVerdict,
    Verdicts,
    newer,
)
from label_configs.review import ReviewInterface
from sync.records.review_queues import REVIEW, queue_configs
from sync.settings import Config
from sync.table import last_runs
from sync.table.data_folder import data_folder
from sync.table.snapshot import stream_rows
from sync.table.task_rows import TaskRow


def choosing_of(config: Config, table_version: int) -> Choosing:
    """Which annotation of a task counts, by the project's configuration and its reviews.

    Args:
        table_version: of the table that all projects share.

    Raises:
        SyncError: the table can't be read.
    """
    return Choosing(config.export.annotation, read_verdicts(config, table_version))


def read_verdicts(config: Config, table_version: int) -> Verdicts:
    """What reviewers say of a project's tasks, as pulled.

    They say it in its queues, and in the projects of its file with the interface `review`. Of
    several verdicts on a task the newest counts, of the tiers of one queue that of the highest. A
    project that was never pulled says nothing yet.

    Args:
        config: of the reviewed project.
        table_version: of the table that all projects share.

    Raises:
        SyncError: the table can't be read.
        ConfigError: the settings of a review can't be used.
    """
    reviewing = [
        config.model_copy(update={"label_studio": each, "project_name": name})
        for name, each in config.siblings.items()
        if each.interface == REVIEW
    ]
    queues = queue_configs(config).values()
    pulled = [each for each in map(pulled_id, (*reviewing, *queues)) if each is not None]
    if not pulled and not reviewing:
        return NO_VERDICTS
    interface = label_configs.load(REVIEW)
    assert isinstance(interface, ReviewInterface)
    table = data_folder(config).table(table_version)
    newest: dict[str, ReviewVerdict] = {}
    for project_id in pulled:
        found = newest_verdicts(stream_rows(table, project_id), interface)
        for reviewed, verdict in found.items():
            newer(newest, reviewed, verdict)
    return Verdicts(newest, one_project=len(config.siblings) == len(reviewing))


def newest_verdicts(
    rows: Iterable[TaskRow], interface: ReviewInterface
) -> dict[str, ReviewVerdict]:
    """The newest verdict on each task that the rows of a review project speak of."""
    newest: dict[str, ReviewVerdict] = {}
    for row in rows:
        if not finished(row.annotations):
            continue
        said = verdict_of(row.task_id, row.data_fields(), row.annotations, interface)
        if said is not None:
            newer(newest, *said)
    return newest


def pulled_id(config: Config) -> int | None:
    """The id of a project, as its last pull found it; None before that.

    Raises:
        SyncError: the data folder can't be read.
    """
    pulled = last_runs.recall(data_folder(config), "pull")
    if not pulled or pulled.get("project") != config.label_studio.project:
        return None
    return int(pulled["project_id"])
