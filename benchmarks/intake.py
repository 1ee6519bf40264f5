"""What reading and cleaning cost: `labeltune push --dry-run` beside the tree before, in one run.

50,000 rows of 140 characters, with the configuration that `labeltune init` writes, against a
stand-in for Label Studio that holds no project of that name, so that every task is read, cleaned,
compared and checked against the page. Each push is a process of its own, taken by turns:

- `push_vs_before`: its CPU time over that of the same command in another tree, which is a folder
  or a commit (`--before`); by default the last commit in which each step of cleaning parsed and
  wrote the task anew.
- `vs_parse`: its speed over parsing the same lines with orjson, which is the least that any reader
  must do.
- `peak_rss_mb`, `peak_rss_before_mb`: the most memory that each held.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import process_time
from typing import Any

# before this folder, whose sync.py would hide the package
sys.path.insert(0, str(Path(__file__).parent.parent))

import orjson
from rich.console import Console
from rich.table import Table

from benchmarks.standin.label_studio import label_studio_running

ROOT = Path(__file__).parent.parent
BEFORE = "b2ababb"
CHARACTERS = 140
WORDS = (
    "card account transfer refund payment fee limit branch app login phone currency balance "
    "statement charge pending declined exchange rate travel abroad order replace lost stolen"
)

Figures = dict[str, Any]


@dataclass(frozen=True)
class Push:
    """One `labeltune push --dry-run`.

    Attributes:
        cpu_s: of the whole process, from its start to its end.
        peak_rss_mb: the most memory that it held.
    """

    cpu_s: float
    peak_rss_mb: float


def main() -> int:
    """Print the table, or one JSON object of named figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--before", default=BEFORE, help="a folder with the tree to compare with, or a commit"
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="1,000 rows, one round")
    asked = parser.parse_args()
    rows, rounds = (1_000, 1) if asked.quick else (50_000, 5)
    with (
        tempfile.TemporaryDirectory(prefix="labeltune-benchmark-") as folder,
        _tree(asked.before, Path(folder)) as before,
        label_studio_running() as url,
    ):
        figures = measured(rows, rounds, before, url, Path(folder))
    if asked.json:
        sys.stdout.write(json.dumps(figures) + "\n")
    else:
        show(figures)
    return 0


def measured(rows: int, rounds: int, before: Path, url: str, folder: Path) -> Figures:
    """Everything, by name; medians over the rounds."""
    source = folder / "rows.jsonl"
    write_rows(source, rows)
    trees = {"now": ROOT, "before": before}
    for name, tree in trees.items():
        # each by its own `init`: a later configuration may hold keys that an earlier tree refuses
        _run(tree, folder, "init", name)
    pushes: dict[str, list[Push]] = {name: [] for name in trees}
    parses = []
    for _ in range(rounds):
        parses.append(parse_s(source))
        for name, tree in trees.items():
            pushes[name].append(push(tree, folder / name, source, rows, url))
    cpu = {name: statistics.median(p.cpu_s for p in many) for name, many in pushes.items()}
    peak = {name: max(p.peak_rss_mb for p in many) for name, many in pushes.items()}
    parse = statistics.median(parses)
    return {
        "push_vs_before": round(cpu["now"] / cpu["before"], 3),
        "vs_parse": round(parse / cpu["now"], 4),
        "cpu_s": round(cpu["now"], 3),
        "cpu_before_s": round(cpu["before"], 3),
        "parse_s": round(parse, 4),
        "peak_rss_mb": round(peak["now"], 1),
        "peak_rss_before_mb": round(peak["before"], 1),
        "rows": rows,
    }


def write_rows(path: Path, count: int) -> None:
    """Different questions of so many characters each."""
    draw, words = Random(1), WORDS.split()
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            said = f"{number}: {' '.join(draw.choices(words, k=CHARACTERS // 3))}"
            file.write(json.dumps({"prompt": f"{said[: CHARACTERS - 1]}?"}) + "\n")


def parse_s(path: Path) -> float:
    """CPU seconds of parsing each line with orjson."""
    started = process_time()
    with path.open("rb") as file:
        for line in file:
            orjson.loads(line)
    return process_time() - started


def push(tree: Path, project: Path, source: Path, rows: int, url: str) -> Push:
    """One rehearsed push of a tree.

    Raises:
        RuntimeError: it failed, or it did not find every row to be new.
    """
    said = project / "said.json"
    with said.open("w+b") as output, (project / "stderr.txt").open("w+b") as complaint:
        process = subprocess.Popen(
            [sys.executable, "-m", "sync", "push", "--dry-run", "--json", str(source)],
            cwd=project,
            env=_environment(tree) | {"LABEL_STUDIO_URL": url, "LABEL_STUDIO_API_KEY": "0" * 40},
            stdout=output,
            stderr=complaint,
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        complaint.seek(0)
        if process.returncode:
            raise RuntimeError(f"{tree}: push failed: {complaint.read()[-500:].decode()}")
    report = json.loads(said.read_bytes())
    if (report["created"], report["not_compared"]) != (rows, None):
        raise RuntimeError(f"{tree}: {report['created']} of {rows} tasks would be created")
    return Push(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


@contextmanager
def _tree(before: str, folder: Path) -> Iterator[Path]:
    """The tree to compare with; a commit is checked out for as long as this is open."""
    if Path(before).is_dir():
        yield Path(before).resolve()
        return
    place = folder / "before-tree"
    git = ["git", "-C", str(ROOT), "worktree"]
    subprocess.run([*git, "add", "--quiet", "--detach", str(place), before], check=True)
    try:
        yield place
    finally:
        subprocess.run([*git, "remove", "--force", str(place)], check=True)


def _run(tree: Path, folder: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "sync", *arguments]
    subprocess.run(command, cwd=folder, env=_environment(tree), check=True, capture_output=True)


def _environment(tree: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(tree), "HF_HUB_OFFLINE": "1"}


def show(figures: Figures) -> None:
    """The table for people."""
    table = Table("labeltune push --dry-run", "now", "before", "ratio")
    cpu = f"CPU of {figures['rows']:,} rows, s"
    table.add_row(
        cpu, str(figures["cpu_s"]), str(figures["cpu_before_s"]), str(figures["push_vs_before"])
    )
    ratio = figures["peak_rss_mb"] / figures["peak_rss_before_mb"]
    table.add_row(
        "peak memory, MB",
        str(figures["peak_rss_mb"]),
        str(figures["peak_rss_before_mb"]),
        f"{ratio:.2f}",
    )
    table.add_row("orjson alone, s", str(figures["parse_s"]), "", str(figures["vs_parse"]))
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())
