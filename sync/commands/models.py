"""`labeltune models`."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from sync.commands.common import common_options, load_one, project_option, show
from sync.common.terminal import stderr
from sync.common.wording import counted
from sync.table.data_folder import data_folder
from sync.tuning.models.model_entry import ModelEntry
from sync.tuning.models.model_folder import KnownModels, entry_file, find_entry, known_models

_HEAD = (
    *("model", "base", "way", "method", "release"),
    *("examples", "loss", "validation", "made (UTC)"),
)
_NUMBERS = {5, 6, 7}


@click.command()
@click.argument("name", required=False)
@project_option
@common_options
def command(name: str | None, project: str | None, config_file: Path, as_json: bool) -> None:
    """List the tuned models; of one, where it is and every file that it learned.

    NAME is a model's, or latest. The release that a model learned names the task, the annotation
    and the annotator behind each line in its lineage.jsonl.

    \b
    Examples:
      labeltune models
      labeltune models support-2
      labeltune models latest --json
    """
    folder = data_folder(load_one(config_file, project))
    if name is not None:
        entry = find_entry(folder, name)
        place = folder.location(entry_file(entry.name))
        show(entry.to_json(), "\n".join(_told(entry, place)), as_json=as_json)
        return
    known = known_models(folder)
    for fault in known.faults.values():
        stderr.print(f"warning: {fault}", markup=False, soft_wrap=True)
    listed = {
        "models": [entry.to_json() for entry in known.entries],
        "unfinished": list(known.unfinished),
        "faults": list(known.faults.values()),
    }
    show(listed, "\n".join(_table(known)), as_json=as_json)


def _table(known: KnownModels) -> Iterator[str]:
    rows = [_HEAD, *map(_row, known.entries)]
    if known.entries:
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = zip(row, widths, range(len(widths)), strict=True)
            line = "  ".join(f"{t:>{w}}" if at in _NUMBERS else f"{t:<{w}}" for t, w, at in cells)
            yield line.rstrip()
    elif not known.unfinished:
        yield "No model yet; make one of a release with `labeltune finetune`."
    for name in known.unfinished:
        yield f"{name} is not done: `labeltune finetune --watch {name}` goes on with it."


def _row(entry: ModelEntry) -> tuple[str, ...]:
    training, validation = entry.last_losses
    return (
        entry.name,
        entry.base,
        entry.way,
        entry.method,
        entry.release.name,
        f"{entry.release.training.lines:,}",
        _loss(training),
        _loss(validation),
        entry.created[:16].replace("T", " "),
    )


def _loss(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _told(entry: ModelEntry, place: str) -> Iterator[str]:
    yield f"{entry.name}: {entry.base}, {entry.method}, by {entry.way}, {entry.created} ({place})"
    for key, value in asdict(entry.place).items():
        if value is not None:
            yield f"  {key}: {value}"
    release = entry.release
    yield f"  release: {release.name} of {release.project!r}, {release.release}"
    for file in release.files:
        yield f"    {file.role}: {file.file}, {counted(file.lines, 'line')}, sha256 {file.sha256}"
    yield f"    lineage.jsonl: sha256 {release.lineage_sha256}"
    said = ", ".join(f"{key} {value}" for key, value in entry.settings.items())
    yield f"  settings: {said or 'none'}; seed {'not told' if entry.seed is None else entry.seed}"
    training, validation = entry.last_losses
    if entry.losses:
        last = [_loss(value) or "none" for value in (training, validation)]
        yield (
            f"  losses: {counted(len(entry.losses), 'point')}, the last {last[0]} "
            f"in training, {last[1]} in validation"
        )
    if entry.trained_tokens is not None:
        yield f"  trained tokens: {entry.trained_tokens:,}"
    if entry.cost is not None:
        yield f"  cost by [training.prices]: {entry.cost:,.2f}"
