"""What pulling costs, beside Label Studio's own export and label-studio-sdk in the same run.

A real Label Studio on SQLite is started and filled: two annotations and a prediction a task. Every
pull is a `labeltune pull` process; its memory is looked at from outside.

- cold: the first pull of everything, in turn with the full JSON export of the same project (which
  holds no prediction bodies, while the pull fetches them) and with the SDK's `tasks.list`.
- unchanged: a pull when nothing has happened.
- 1 % changed: so many annotations were edited, spread over the project.
- one deleted: one task in the middle.

`seconds` are those of the pull itself, `command` those of the whole process.
"""

import argparse
import json
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

# before this folder, whose sync.py would hide the package
sys.path.insert(0, str(Path(__file__).parent.parent))

from rich.console import Console
from rich.table import Table

from benchmarks.pulling import commands
from benchmarks.pulling.project import Project
from benchmarks.pulling.server import Server, label_studio


@dataclass(frozen=True)
class Size:
    """One project that is measured.

    Attributes:
        rounds: of export and cold pull, in turn, and of each later kind of pull; medians are told.
        with_sdk: whether label-studio-sdk lists it, which takes minutes at 50,000 tasks.
    """

    tasks: int
    rounds: int
    with_sdk: bool


FULL = (Size(1_000, 3, with_sdk=True), Size(10_000, 5, with_sdk=True), Size(50_000, 1, False))
QUICK = (Size(300, 1, with_sdk=True), Size(1_000, 1, with_sdk=True))


def main() -> int:
    """Print the table, or one JSON object of named figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="300 and 1,000 tasks")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="labeltune-benchmark-") as folder:
        (Path(folder) / "server").mkdir()
        with label_studio(Path(folder) / "server") as server:
            rows = [
                measure(server, size, Path(folder)) for size in (QUICK if asked.quick else FULL)
            ]
    if asked.json:
        print(json.dumps(named(rows)))
    else:
        show(rows)
    return 0


def measure(server: Server, size: Size, folder: Path) -> dict[str, Any]:
    """Every figure of one project."""
    project = Project(server, size.tasks)
    exports, colds = [], []
    for number in range(size.rounds):
        started = perf_counter()
        project.export()
        exports.append(perf_counter() - started)
        place = folder / f"{size.tasks}-{number}"
        commands.prepare(place, server, project.title)
        colds.append(commands.pull(place, server))
    sdk_s = commands.sdk_listing(server, project.id, size.tasks) if size.with_sdk else None
    later: dict[str, list[commands.Pulled]] = {"unchanged": [], "changed": [], "deleted": []}
    for number in range(size.rounds):
        later["unchanged"].append(commands.pull(place, server))
        project.edit(size.tasks // 100, number)
        later["changed"].append(commands.pull(place, server))
        project.delete_a_task()
        later["deleted"].append(commands.pull(place, server))
    _expect(colds, new=size.tasks)
    _expect(later["unchanged"], new=0, changed=0, deleted=0)
    _expect(later["changed"], new=0, changed=size.tasks // 100, deleted=0)
    _expect(later["deleted"], new=0, changed=0, deleted=1)
    return {
        "tasks": size.tasks,
        "export_s": statistics.median(exports),
        "sdk_s": sdk_s,
        "cold_s": statistics.median(pulled.command_s for pulled in colds),
        "peak_rss_mb": max(p.peak_rss_mb for pulls in (colds, *later.values()) for p in pulls),
        **{name: _median(pulls) for name, pulls in later.items()},
    }


def _median(pulls: list[commands.Pulled]) -> commands.Pulled:
    return sorted(pulls, key=lambda pulled: pulled.seconds)[len(pulls) // 2]


def _expect(pulls: list[commands.Pulled], **counts: int) -> None:
    """A pull that missed something proves nothing by its speed."""
    for pulled in pulls:
        for what, number in counts.items():
            if pulled.report[what] != number:
                raise RuntimeError(f"expected {number} {what}, got {pulled.report[what]}")


def named(rows: list[dict[str, Any]]) -> dict[str, float]:
    """The figures that others read; ratios above 1 mean that ours is faster."""
    compared, largest = next(r for r in reversed(rows) if r["sdk_s"]), rows[-1]
    return {
        "cold_vs_export": compared["export_s"] / compared["cold_s"],
        "cold_vs_sdk": compared["sdk_s"] / compared["cold_s"],
        "changed_1pct_vs_export": compared["export_s"] / compared["changed"].seconds,
        "unchanged_s": largest["unchanged"].command_s,
        "unchanged_requests": largest["unchanged"].report["requests"],
        "deleted_s": largest["deleted"].command_s,
        "peak_rss_mb": max(row["peak_rss_mb"] for row in rows),
        **{f"cold_vs_export_{row['tasks']}": row["export_s"] / row["cold_s"] for row in rows},
    }


def show(rows: list[dict[str, Any]]) -> None:
    """The table for people: a column a project."""
    table = Table("", *(f"{row['tasks']:,} tasks" for row in rows))
    cells = {
        "full JSON export, s": lambda r: f"{r['export_s']:.2f}",
        "label-studio-sdk tasks.list, s": lambda r: f"{r['sdk_s']:.2f}" if r["sdk_s"] else "-",
        "cold pull, command s": lambda r: f"{r['cold_s']:.2f}",
        "  times the export's speed": lambda r: f"{r['export_s'] / r['cold_s']:.2f}",
        "  times the SDK's": lambda r: f"{r['sdk_s'] / r['cold_s']:.2f}" if r["sdk_s"] else "-",
        **{
            f"{title}, s (command s, requests)": (lambda r, name=name: _cell(r[name]))
            for title, name in (
                ("unchanged", "unchanged"),
                ("1 % changed", "changed"),
                ("one deleted", "deleted"),
            )
        },
        "  1 % times the export's speed": lambda r: f"{r['export_s'] / r['changed'].seconds:.0f}",
        "peak memory, MB": lambda r: f"{r['peak_rss_mb']:.0f}",
    }
    for title, cell in cells.items():
        table.add_row(title, *(cell(row) for row in rows))
    Console().print(table)


def _cell(pulled: commands.Pulled) -> str:
    return f"{pulled.seconds:.2f} ({pulled.command_s:.2f}, {pulled.report['requests']})"


if __name__ == "__main__":
    sys.exit(main())
