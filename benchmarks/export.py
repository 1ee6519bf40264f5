"""What exporting costs, beside the least that any writer must do, in the same run.

- together: 100,000 records of about 2 KB to each format in one pass, as `export --format all` does
  it: from labelled records through making examples, encoding, JSON, hash and lineage to closed
  files. Beside it the limit, which is `file.write(orjson.dumps(…))` over dicts that are ready, of
  the same bytes. `export_vs_limit` is their ratio.
- formats: each of them alone, with examples and a lineage of its own, from records
  (`from_records_vs_limit` is the least over formats) and from examples that are made already
  (`one_format_vs_limit`), beside its limit, and `datasets`' own writer of JSON lines from a table
  in memory.
- command: all of `labeltune export --format openai-chat`, from a table of 100,000 tasks to a
  release that was checked; its memory beside that of 10,000 tasks.
- validate: `labeltune validate`'s speed over each format's file, beside parsing it with orjson.
- leaks: pairs across splits above the threshold, found by comparing all with all.

Texts are PubMedQA's with --data, else words drawn from a hat. Speeds are medians over rounds, taken
by turns in pieces of 5,000 records.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

# before this folder, whose sync.py would hide the package
sys.path.insert(0, str(Path(__file__).parent.parent))

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks.exporting import leaks, validation
from benchmarks.exporting.command import export, fill
from benchmarks.exporting.loops import PIECE, write
from benchmarks.exporting.speeds import speeds
from benchmarks.exporting.together import together
from benchmarks.exporting.work import Article, articles
from sync.training_files.formats import FORMATS

Figures = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """How much is measured.

    Attributes:
        records: of each format, and tasks of the larger table.
        fewer: tasks of the smaller table.
        validated: records whose lines are validated.
        questions: that are split, and compared with each other.
    """

    records: int
    fewer: int
    validated: int
    questions: int
    rounds: int


FULL = Size(100_000, 10_000, 20_000, 5_000, 3)
QUICK = Size(1_000, 300, 200, 100, 1)


def main() -> int:
    """Print the tables, or one JSON object of named figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="data/ori_pqal.json of github.com/pubmedqa")
    parser.add_argument(
        "--questions",
        type=Path,
        nargs="*",
        default=[],
        help="what is split: CSV files with a column text, JSONL with question",
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="1,000 records, one round")
    asked = parser.parse_args()
    if asked.data is not None and not asked.data.is_file():
        parser.error(
            f"{asked.data}: no such file; get data/ori_pqal.json of github.com/pubmedqa/pubmedqa"
        )
    size = QUICK if asked.quick else FULL
    found = articles(asked.data)
    with tempfile.TemporaryDirectory(prefix="labeltune-benchmark-") as folder:
        figures = measured(found, asked.questions, size, Path(folder))
    if asked.json:
        sys.stdout.write(json.dumps(figures) + "\n")
    else:
        show(figures)
    return 0


def measured(
    found: Sequence[Article], questions: Sequence[Path], size: Size, folder: Path
) -> Figures:
    """Everything, by name."""
    all_of_them = _together(found, size, folder / "together")
    formats = _formats(found, size, folder / "formats")
    validate = _validate(found, size, folder / "validate")
    command = _command(found, size, folder / "command")
    splits = leaks.measure(questions, size.questions)
    return {
        "export_vs_limit": all_of_them["vs_limit"],
        "one_format_vs_limit": min(f["vs_limit"] for f in formats.values()),
        "from_records_vs_limit": min(f["from_records_vs_limit"] for f in formats.values()),
        "validate_mb_s": min(f["validate_mb_s"] for f in validate.values()),
        "validate_vs_limit": min(f["validate_vs_limit"] for f in validate.values()),
        "peak_rss_mb": command["peak_rss_mb"],
        "leaks": splits["leaks"],
        "records": size.records,
        "together": all_of_them,
        "formats": formats,
        "validate": validate,
        "command": command,
        "splits": splits,
    }


def _together(found: Sequence[Article], size: Size, folder: Path) -> Figures:
    folder.mkdir()
    pieces = -(-size.records // PIECE) * size.rounds
    with Progress(transient=True, disable=not sys.stderr.isatty()) as bars:
        bar = bars.add_task("all formats together", total=pieces)
        done = partial(bars.advance, bar)
        return dict(together(found, size.records, size.rounds, folder, done))


def _formats(found: Sequence[Article], size: Size, folder: Path) -> Figures:
    folder.mkdir()
    pieces = -(-size.records // PIECE) * size.rounds * len(FORMATS)
    with Progress(transient=True, disable=not sys.stderr.isatty()) as bars:
        bar = bars.add_task("formats", total=pieces)
        return dict(speeds(found, size.records, size.rounds, folder, lambda: bars.advance(bar)))


def _validate(found: Sequence[Article], size: Size, folder: Path) -> Figures:
    figures: Figures = {}
    folder.mkdir()
    for name, form in FORMATS.items():
        path = write(form, found, size.validated, folder)
        figures[name] = asdict(validation.measure(path, name, size.rounds))
    return figures


def _command(found: Sequence[Article], size: Size, folder: Path) -> Figures:
    fill(folder / "fewer", found, size.fewer)
    fill(folder / "all", found, size.records)
    few, whole = export(folder / "fewer", "openai-chat"), export(folder / "all", "openai-chat")
    return {
        "tasks": size.records,
        "seconds": round(whole.seconds, 1),
        "rows_s": round(size.records / whole.seconds),
        "peak_rss_mb": round(whole.peak_rss_mb),
        "fewer_tasks": size.fewer,
        "fewer_peak_rss_mb": round(few.peak_rss_mb),
    }


def show(figures: Figures) -> None:
    """Tables for people."""
    console = Console()
    whole = figures["together"]
    console.print(
        f"{figures['records']:,} records to each of {whole['formats']} formats in one pass: "
        f"{whole['mb_s']:,} MB/s, the limit {whole['limit_mb_s']:,}: {whole['vs_limit']:.2f} of it"
    )
    table = Table("MB/s", "ours", "limit", "of it", "from records", "of it", "datasets", "validate")
    table.columns[0].no_wrap = True
    for name, f in figures["formats"].items():
        table.add_row(
            name,
            *(f"{f['mb_s']:,.0f}", f"{f['limit_mb_s']:,.0f}", f"{f['vs_limit']:.2f}"),
            *(f"{f['from_records_mb_s']:,.0f}", f"{f['from_records_vs_limit']:.2f}"),
            f"{f['datasets_mb_s']:,.0f}",
            f"{figures['validate'][name]['validate_mb_s']:,.0f}",
        )
    console.print(table)
    command = figures["command"]
    console.print(
        f"labeltune export of {command['tasks']:,} tasks: {command['seconds']} s "
        f"({command['rows_s']:,} a second), {command['peak_rss_mb']} MB; "
        f"of {command['fewer_tasks']:,}: {command['fewer_peak_rss_mb']} MB"
    )
    console.print(f"splits: {json.dumps(figures['splits'])}")


if __name__ == "__main__":
    sys.exit(main())
