"""The verdicts of the projects of `labeltune.toml` that review this one."""

from collections.abc import Iterable

import label_configs
from label_configs.annotations.candidates import finished
from label_configs.annotations.choose_annotation import Choosing
from label_configs.annotations.reviews import (
    NO_VERDICTS,
    ReviewVerdict,
    Verdicts,
    newer,
    verdict_of,
)
from label_configs.review import ReviewInterface
from sync.settings import Config
from sync.table import last_runs
from sync.table.data_folder import data_folder
from sync.table.snapshot import stream_rows
from sync.table.task_rows import TaskRow

REVIEW = ReviewInterface.name


def choosing_of(config: Config, table_version: int) -> Choosing:
    """Which annotation of a task counts, by the project's configuration and its reviews.

    Args:
        table_version: of the table that all projects share.

    Raises:
        SyncError: the table can't be read.
    """
    return Choosing(config.export.annotation, read_verdicts(config, table_version))


def read_verdicts(config: Config, table_version: int) -> Verdicts:
    """What the projects with the interface `review` say of a project's tasks, as pulled.

    Of several that reviewed a task the newest verdict counts. A review project that was never
    pulled says nothing yet.

    Args:
        config: of the reviewed project.
        table_version: of the table that all projects share.

    Raises:
        SyncError: the table can't be read.
    """
    reviewing = [name for name, each in config.siblings.items() if each.interface == REVIEW]
    if not reviewing:
        return NO_VERDICTS
    interface = label_configs.load(REVIEW)
    assert isinstance(interface, ReviewInterface)
    table = data_folder(config).table(table_version)
    newest: dict[str, ReviewVerdict] = {}
    for name in reviewing:
        project_id = _project_id(config, name)
        if project_id is not None:
            for reviewed, verdict in newest_verdicts(
                stream_rows(table, project_id), interface
            ).items():
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


def _project_id(config: Config, name: str) -> int | None:
    """The id of another project of the file, as its last pull found it; None before that."""
    sibling = config.siblings[name]
    own = config.model_copy(update={"label_studio": sibling, "project_name": name})
    pulled = last_runs.recall(data_folder(own), "pull")
    if not pulled or pulled.get("project") != sibling.project:
        return None
    return int(pulled["project_id"])
