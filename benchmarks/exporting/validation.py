"""How fast `labeltune validate` reads a file, beside the limit: reading and parsing it, no more.

`measure(path, form)` is for `benchmarks/export.py`. By itself, on lines of 2 KB, or on those of
each format, as `benchmarks/export.py` has them:

    python -m benchmarks.exporting.validation [--lines 100000] [--formats]
"""

import argparse
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson
import psutil

from benchmarks.exporting.loops import write
from benchmarks.exporting.work import articles
from sync.training_files.formats import FORMATS
from sync.training_files.validation.validate import Options, validate

_MB = 1_000_000


@dataclass(frozen=True)
class Speed:
    """One core's speed over one file.

    Attributes:
        validate_mb_s: rules, doubles and estimated tokens included; median of the runs.
        limit_mb_s: reading lines and `orjson.loads`; median of the runs.
        validate_vs_limit: the first by the second.
        extra_rss_mb: what the process grew by while it validated, at most.
    """

    validate_mb_s: float
    limit_mb_s: float
    validate_vs_limit: float
    extra_rss_mb: float


def measure(path: Path, form: str, runs: int = 3) -> Speed:
    """Validate a file of JSON lines, and parse it, by turns, in this process's own time.

    Args:
        path: a file without errors; it is read once before, so that it is in the page cache.
        form: the name of its format.
        runs: of each; the medians count.

    Raises:
        ValueError: the file has errors, and so would measure how they are told.
    """
    size = path.stat().st_size / _MB
    options = Options(form=form, tokenizer="estimate")
    report = validate([path], options)
    if report.errors:
        raise ValueError(f"{path}: has {report.errors} errors")
    ours, limit = [], []
    with _Growth() as growth:
        for _ in range(runs):
            ours.append(size / _seconds(lambda: validate([path], options)))
            limit.append(size / _seconds(lambda: _parse(path)))
    speed, most = statistics.median(ours), statistics.median(limit)
    return Speed(
        validate_mb_s=round(speed, 1),
        limit_mb_s=round(most, 1),
        validate_vs_limit=round(speed / most, 3),
        extra_rss_mb=round(growth.most / _MB, 1),
    )


def chat_lines(path: Path, count: int) -> None:
    """Write chat lines of 2 KB, each with texts of its own."""
    words = ("the", "card", "is", "free", "for", "a", "year", "ä", "then", "costs", "twelve", "€")
    with path.open("wb") as file:
        for number in range(count):
            turns = []
            for role, length in (("system", 30), ("user", 90), ("assistant", 250)):
                said = (words[(number * 7 + i * i) % len(words)] for i in range(length))
                turns.append({"role": role, "content": f"{number} {' '.join(said)}"})
            file.write(orjson.dumps({"messages": turns}) + b"\n")


def _parse(path: Path) -> None:
    with path.open("rb") as file:
        for line in file:
            orjson.loads(line)


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


class _Growth:
    """The most that this process's memory grew by, looked at 50 times a second."""

    def __enter__(self) -> "_Growth":
        self._process = psutil.Process()
        self._before = self._process.memory_info().rss
        self.most = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.02):
            grown = self._process.memory_info().rss - self._before
            self.most = max(self.most, grown)


def main() -> None:
    """Print the figures as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--formats", action="store_true")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if arguments.formats:
            _each_format(Path(folder), arguments.lines, arguments.runs)
            return
        path = Path(folder) / "openai-chat.jsonl"
        chat_lines(path, arguments.lines)
        mean = path.stat().st_size / arguments.lines
        print(json.dumps({"bytes_a_line": round(mean), **asdict(measure(path, "openai-chat"))}))


def _each_format(folder: Path, count: int, runs: int) -> None:
    found = articles(None)
    for name, form in FORMATS.items():
        speed = measure(write(form, found, count, folder), name, runs)
        print(json.dumps({"format": name, **asdict(speed)}))


if __name__ == "__main__":
    main()
