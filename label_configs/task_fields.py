"""What a label config shows of a task must be in the task: the page fails on what is missing."""

from collections.abc import Mapping
from typing import Any

from label_configs.config_xml import ControlTag, LabelConfig, ObjectTag
from label_configs.errors import LabelConfigError


def check_fields(config: LabelConfig, data: Mapping[str, Any], where: str = "task") -> None:
    """Check that a task holds every field that a label config's tags and Repeaters read.

    Args:
        data: of the task, completed.
        where: what to call the task in an error.

    Raises:
        LabelConfigError: the first field that is missing, the tag that reads it, what to do.
    """
    tags: list[ObjectTag | ControlTag] = [*config.objects, *config.controls]
    needed = {tag.repeat for tag in config.objects}
    for tag in tags:
        if tag.repeat is not None:
            if tag.repeat not in needed and data.get(tag.repeat.field) is None:
                continue  # rows of controls alone: the page shows none
            _check_rows(config, tag, data, where)
        elif isinstance(tag, ObjectTag) and tag.field is not None and tag.field not in data:
            raise LabelConfigError(
                f"{where}: {config.source}, line {tag.line}: <{tag.tag} name={tag.name!r}> shows "
                f"'{tag.field}', which the task does not hold (it holds {_some(data)}); add it to "
                "the task or take the tag out"
            )


def _check_rows(
    config: LabelConfig, tag: ObjectTag | ControlTag, data: Mapping[str, Any], where: str
) -> None:
    assert tag.repeat is not None
    rows = data.get(tag.repeat.field)
    if not isinstance(rows, list):
        found = "nothing" if rows is None else type(rows).__name__
        raise LabelConfigError(
            f"{where}: {config.source}, line {tag.line}: the Repeater around {tag.name!r} runs "
            f"over '{tag.repeat.field}', which must be a list in the task, found {found}; "
            "add the list, empty if need be, or take the Repeater out"
        )


def _some(data: Mapping[str, Any]) -> str:
    return ", ".join(sorted(data)) or "nothing"
