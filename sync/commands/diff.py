"""`labeltune diff`."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from sync.commands.common import common_options, load_one, project_option, show
from sync.common.terminal import progress
from sync.common.wording import counted
from sync.dataset.release.diff import Difference, RecordChange
from sync.training_files.manifest.stored_release import StoredRelease

# of a value in a table, in characters
_SHORT = 40
_DIFFERS = 3


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    help="List at most so many changes of each kind; all are counted.",
)
@click.option("--exit-code", is_flag=True, help=f"Exit with {_DIFFERS} when they differ.")
@project_option
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    a: str,
    b: str,
    limit: int,
    exit_code: bool,
    project: str | None,
    config_file: Path,
    as_json: bool,
) -> None:
    """Show what changed from release A to release B.

    A and B are folders that `labeltune export` wrote, or names of the data folder's exports:
    `latest` is the release of the newest table version, `latest~1` the one before it.

    \b
    Examples:
      labeltune diff latest~1 latest
      labeltune diff v3-0c5c9da1 release/ --json
    """
    from sync.dataset.release.diff import diff
    from sync.table.data_folder import DataFolder, data_folder
    from sync.training_files.manifest.find_release import opened

    def folder() -> DataFolder:
        return data_folder(load_one(config_file, project))

    with opened(a, folder) as (place_a, release_a), opened(b, folder) as (place_b, release_b):
        with progress() as bars:
            bar = bars.add_task("records", total=release_a.records + release_b.records)
            found = diff(release_a, release_b, limit, lambda: bars.advance(bar))
        heads = [_head("A", place_a, release_a), _head("B", place_b, release_b)]
        result = {
            "differs": found.differs,
            "a": _facts(place_a, release_a),
            "b": _facts(place_b, release_b),
            **_as_json(found),
        }
        show(result, "\n".join(_lines(heads, found)), as_json=as_json)
    ctx.exit(_DIFFERS if exit_code and found.differs else 0)


def _facts(place: str, release: StoredRelease) -> dict[str, Any]:
    return {"path": place, "release": release.id, "table_version": release.table_version}


def _as_json(found: Difference) -> dict[str, Any]:
    moves = [{"from": a, "to": b, "records": n} for (a, b), n in sorted(found.moves.items())]
    return {**asdict(found), "moves": moves}


def _head(side: str, place: str, release: StoredRelease) -> str:
    records = counted(release.records, "record")
    return f"{side}: {place} (table version {release.table_version}, {records})"


def _lines(heads: Sequence[str], found: Difference) -> Iterator[str]:
    yield from heads
    if not found.differs:
        yield "They hold the same."
        return
    yield from _warnings(found)
    said = [f"{n} {_SAID[what]}" for what, n in found.counts.items() if n]
    yield (", ".join(said) or "No record differs") + "."
    if found.changes:
        yield from _table(
            ("change", "task", "key", "was", "is"),
            [_row(change) for change in found.changes],
        )
        more = sum(found.counts.values()) - len(found.changes)
        if more:
            yield f"{counted(more, 'change')} more; see --limit."
    for title, rows in _more_tables(found):
        if rows:
            yield from ("", *_table((title, "in A", "in B"), rows))


# what became of so many records
_SAID = {
    "added": "added",
    "removed": "removed",
    "answer": "with other lines",
    "annotator": "by another annotator or choice",
    "review": "reviewed differently",
    "split": "in another split",
    "categories": "in other categories",
    "copies": "written more or less often",
}


def _warnings(found: Difference) -> Iterator[str]:
    leaked = found.moves.get(("test", "train"), 0)
    if leaked:
        tasks = ", ".join(map(str, found.leaked))
        more = ", …" if leaked > len(found.leaked) else ""
        yield (
            f"WARNING: {counted(leaked, 'record')} moved from test to train (task {tasks}{more}): "
            "a model trained on B has seen them, so A's test set can't judge it."
        )
    if not found.formats:
        yield "They have no format in common, so their lines can't be compared."


def _row(change: RecordChange) -> tuple[str, ...]:
    was, is_ = _categories(change) if change.what == "categories" else (change.before, change.after)
    return (change.what, str(change.task_id), change.key, _short(was), _short(is_))


def _categories(change: RecordChange) -> tuple[str, str]:
    """The categories of both sides that differ, as `topic: fees`."""
    sides = []
    for side, other in ((change.before, change.after), (change.after, change.before)):
        sides.append(", ".join(f"{k}: {v}" for k, v in side.items() if other.get(k) != v))
    return sides[0], sides[1]


def _more_tables(found: Difference) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    yield (
        "setting",
        [(name, _short(a), _short(b)) for name, (a, b) in found.origin.items()],
    )
    yield (
        "label",
        [
            (f"{kind}: {label}", str(a), str(b))
            for kind, labels in found.categories.items()
            for label, (a, b) in labels.items()
        ],
    )
    yield (
        "lines of",
        [
            (name, *(str(side["lines"]) if side else "" for side in sides))
            for name, sides in found.files.items()
            if sides[0] != sides[1]
        ],
    )


def _short(value: Any) -> str:
    text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
