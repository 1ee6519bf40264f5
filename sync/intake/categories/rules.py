"""A source task's categories: its own where it brings some, else what the rules say."""

from collections.abc import Mapping
from dataclasses import replace

from label_configs.dimensions import FIELD
from sync.common.errors import SourceError
from sync.common.source_task import SourceTask
from sync.common.wording import nearest
from sync.settings.categories import CategorySection, by_rules


def categorise(task: SourceTask, categories: Mapping[str, CategorySection]) -> SourceTask:
    """The task with `data["categories"]`: what its source says, completed by the rules.

    Args:
        categories: by name; if empty, the task comes back as it is.

    Raises:
        SourceError: the source names a category or a label that is not configured.
    """
    if not categories:
        return task
    data = {name: value for name, value in task.data.items() if name != FIELD}
    chosen = by_rules(data, categories) | _own(task, categories)
    in_order = {name: chosen[name] for name in categories if name in chosen}
    return replace(task, data={**data, FIELD: in_order} if in_order else data)


def _own(task: SourceTask, categories: Mapping[str, CategorySection]) -> dict[str, str]:
    """The categories that the source names; an empty label counts as missing."""
    found = task.data.get(FIELD) or {}
    if not isinstance(found, Mapping):
        raise SourceError(
            f"{task.where}: {FIELD!r} must be a mapping of names to labels, found "
            f"{type(found).__name__}; correct it"
        )
    own = {name: label for name, label in found.items() if label not in (None, "")}
    for name, label in own.items():
        if name not in categories:
            raise SourceError(
                f"{task.where}: no category {name!r} ({nearest(name, categories)}); correct it, "
                f"or add [categories.{name}] to labeltune.toml"
            )
        labels = categories[name].labels
        if label not in labels:
            raise SourceError(
                f"{task.where}: categories.{name}: no label {label!r} "
                f"({nearest(str(label), labels)}); correct it, or add it to "
                f"[categories.{name}] in labeltune.toml"
            )
    return own
