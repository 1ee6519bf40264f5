"""Categories that the project's annotations hold and `labeltune.toml` does not name any more."""

from collections.abc import Iterable

from label_configs import Interface, LabelConfigError, config_xml
from sync.common.errors import SyncError
from sync.common.wording import counted
from sync.intake.push.project import FoundProject
from sync.records.unlisted import Unlisted, unlisted_labels
from sync.settings import Config
from sync.table.snapshot import stream_rows
from sync.table.task_table import TaskTable


def renamed(
    config: Config, interface: Interface[object], found: FoundProject, table: TaskTable
) -> tuple[Unlisted, ...]:
    """What the pulled annotations of the project hold; nothing where there are none.

    Raises:
        SyncError: the table can't be read.
    """
    project = found.project
    if project is None or not project.get("total_annotations_number", 1):
        return ()
    rows = stream_rows(table, int(project["id"]))
    return unlisted_labels(rows, interface, config.categories)


def refuse_lost(
    unlisted: Iterable[Unlisted], found: FoundProject, interface: Interface[object]
) -> None:
    """Stop before anything is sent where Label Studio would refuse the label config.

    It lets labels go that annotations hold, but no control.

    Args:
        interface: of the project now; it may do without its list of categories.

    Raises:
        SyncError: a control of the project's page would go that annotations have results of.
    """
    shown = _controls(found)
    kept = {control.name for control in found.label_config.controls}
    for each in unlisted:
        if each.label is None and each.kind in shown - kept:
            if each.kind in interface.category_controls:
                raise SyncError(
                    f"{counted(each.annotations, 'annotation')} of the project chose from its list "
                    f"of categories ({each.kind!r}), and Label Studio gives up no control that "
                    "annotations have results of, so nothing was sent: remove "
                    "label_studio.categories = false, or push to a project with another title"
                )
            raise SyncError(
                f"{each.sentence()}; Label Studio gives up no control that annotations have "
                f"results of, so nothing was sent: add [categories.{each.kind}] again, its labels "
                "may be others, or delete those annotations"
            )


def _controls(found: FoundProject) -> set[str]:
    """What the project's page shows now."""
    if found.project is None:
        return set()
    try:
        parsed = config_xml.parse(found.project.get("label_config") or "<View/>")
    except LabelConfigError:
        return set()
    return {control.name for control in parsed.controls}
