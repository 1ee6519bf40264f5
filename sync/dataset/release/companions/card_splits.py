"""What a dataset card tells of its splits: how they were made, what each holds, what was proven."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sync.training_files.manifest.contents import ReleaseSummary

_DAY = 10  # characters of an ISO date


def splits(summary: ReleaseSummary) -> Iterator[str]:
    """The section's paragraphs; sizes are those of the release, not of all that was split."""
    split = summary.split
    if split is None:
        yield (
            "The project was not split: every example stands in `train`. Nothing here says how "
            "well a model does on what it has not seen."
        )
        return
    from sync.dataset.splits.split_summary import proven, table

    together = ", ".join(split["settings"]["keep_together"])
    yield _how(split)
    yield (
        "Items that belong together stand in one split: near-duplicates, the same conversation"
        f"{f', and the same {together}' if together else ''}. {proven(split)}"
    )
    if not summary.held:
        return
    was, now = sum(split["sizes"].values()), sum(summary.held["sizes"].values())
    rows = "\n".join(table(summary.held))
    yield f"Of {was} finished tasks that were split, {now} are in this release:"
    yield f"```\n{rows}\n```"


def _how(split: Mapping[str, Any]) -> str:
    """By what items were shared out."""
    settings = split["settings"]
    if settings.get("by") == "time":
        field = settings.get("time_field")
        when = f"`{field}` of the task" if field else "when the task was created"
        return f"Split by time ({when}): train holds the oldest tasks{_from(split['time'])}."
    shares = " / ".join(f"{100 * settings[name]:g}" for name in ("train", "validation", "test"))
    return (
        f"Split by groups: chance shares out whole groups of items, {shares} % to train, "
        "validation and test."
    )


def _from(boundaries: Mapping[str, Any]) -> str:
    """From which day on a task is of the later splits."""
    days = ((name, boundaries.get(f"{name}_from")) for name in ("validation", "test"))
    return "".join(f", {name} those from {day[:_DAY]} on" for name, day in days if day)
