"""The field by which tasks are split by time: checked and written alike before they are pushed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from typing import Any

from sync.common.errors import SourceError
from sync.common.moments import moment
from sync.common.source_task import SourceTask


def with_moment(task: SourceTask, field: str, date_format: str | None) -> SourceTask:
    """The task with its time in ISO 8601, where the settings say how it is written; else as it is.

    Args:
        field: of task data, with dots into objects: `split.time_field`.
        date_format: as `sync.common.moments.moment` takes it.

    Raises:
        SourceError: there is no time that can be read.
    """
    path = field.split(".")
    value: Any = task.data
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    try:
        at = moment(value, date_format)
    except ValueError as error:
        expected = "ISO form" if date_format is None else f"the form {date_format!r}"
        raise SourceError(
            f"{task.where}: split.time_field = {field!r} needs a date or time in {expected} there, "
            f"found {error}; correct the row, or leave split.time_field out"
        ) from None
    if date_format is None:
        return task
    return replace(task, data=_set(task.data, path, at.astimezone(UTC).isoformat()))


def _set(data: Mapping[str, Any], path: list[str], value: str) -> dict[str, Any]:
    first, *rest = path
    return {**data, first: _set(data[first], rest, value) if rest else value}
