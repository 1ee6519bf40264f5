"""The verdicts of the projects of `labeltune.toml` that review this one."""

import label_configs
from label_configs.review import ReviewInterface
from sync.records.choose_annotation import Choosing
from sync.records.reviews import NO_VERDICTS, Verdict, Verdicts, newer, newest_verdicts
from sync.settings import Config
from sync.table import last_runs
from sync.table.data_folder import data_folder
from sync.table.streaming import stream_rows

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
    newest: dict[str, Verdict] = {}
    for name in reviewing:
        project_id = _project_id(config, name)
        if project_id is not None:
            for reviewed, verdict in newest_verdicts(
                stream_rows(table, project_id), interface
            ).items():
                newer(newest, reviewed, verdict)
    return Verdicts(newest, one_project=len(config.siblings) == len(reviewing))


def _project_id(config: Config, name: str) -> int | None:
    """The id of another project of the file, as its last pull found it; None before that."""
    sibling = config.siblings[name]
    own = config.model_copy(update={"label_studio": sibling, "project_name": name})
    pulled = last_runs.recall(data_folder(own), "pull")
    if not pulled or pulled.get("project") != sibling.project:
        return None
    return int(pulled["project_id"])
