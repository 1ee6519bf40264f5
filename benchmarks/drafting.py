"""How fast tasks are drafted, beside what nothing on this machine can be faster than.

A stand-in model server answers after 200 ms. Measured in one run:

- ours: the real worker process with its queue in an SQLite file. It finds its tasks by a sweep and
  stores drafts in a stand-in Label Studio; from the first request to the last draft stored.
- the limit: a bare asyncio client that sends the same requests and reads the replies; before and
  after ours. And a serial loop: one call after the other.
- four samples a task: first drafts by one of them, then the second pass, which the real embedding
  model compares, beside that model alone.
- memory of the worker over 10,000 tasks.
- drafts that are ready: /predict of the real gunicorn service, 16 calls under way at all times,
  beside a Flask service that does nothing.
"""

import argparse
import json
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))  # for `python benchmarks/drafting.py`

from rich.console import Console
from rich.table import Table

from benchmarks.load import limits, ready, work, worker
from benchmarks.standin import StandIn, replies, running

LATENCY_MS = 200
COMPARED_AT = 32
SAMPLES = 4
LOOKS = (1000, 5000)


@dataclass(frozen=True)
class Size:
    """How much is measured.

    Attributes:
        concurrencies: of the worker.
        seconds: that each takes at best.
        repeats: of the one that is compared.
        memory_tasks: 0: memory is taken from the compared runs.
    """

    concurrencies: tuple[int, ...]
    seconds: float
    repeats: int
    serial_tasks: int
    compared_tasks: int
    memory_tasks: int
    ready_drafts: int


FULL = Size((1, 8, 32, 64), 12.0, 3, 50, 400, 10_000, 3000)
QUICK = Size((COMPARED_AT,), 2.0, 1, 10, 40, 0, 300)


def main() -> int:
    """Print the tables, or one JSON object of named figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="one concurrency, few tasks")
    asked = parser.parse_args()
    figures = measure(QUICK if asked.quick else FULL)
    if asked.json:
        print(json.dumps(figures))
    else:
        show(figures)
    return 0


def measure(size: Size) -> dict[str, Any]:
    """Every figure, by name."""
    with running(latency_ms=LATENCY_MS) as model:
        serial = limits.serial_loop(model, work.requests(work.project(1), size.serial_tasks))
        rows = {c: throughput(model, c, size) for c in size.concurrencies}
        compared = rows[COMPARED_AT]
        memory = compared["runs"]
        if size.memory_tasks:
            memory = [worker.draft(model, COMPARED_AT, size.memory_tasks, look_at=LOOKS)]
        samples, doubted = several_samples(model, size)
    runs = [run for row in rows.values() for run in row.pop("runs")] + memory + [doubted]
    handed_out = {
        f"{name}_{workers}": ready.ready_drafts(app, workers, size.ready_drafts).figures()
        for workers in (1, 2)
        for name, app in (("bare", ready.BARE), ("ours", ready.OURS))
    }
    return {
        "vs_limit": compared["vs_limit"],
        "vs_serial": round(compared["tasks_per_s"] / serial, 1),
        "ready_p50_ms": handed_out["ours_2"]["p50_ms"],
        "ready_p99_ms": handed_out["ours_2"]["p99_ms"],
        "peak_rss_mb": round(max(run.peak_rss_mb for run in memory), 1),
        "rss_mb": {str(tasks): round(mb, 1) for tasks, mb in memory[-1].rss_mb.items()},
        "serial_tasks_per_s": round(serial, 2),
        "by_concurrency": {str(c): row for c, row in rows.items()},
        "samples": samples,
        "ready": handed_out,
        "tasks": sum(run.tasks for run in runs),
        "tasks_without_a_draft": sum(run.missing for run in runs),
        "tasks_with_several": sum(run.doubled for run in runs),
        "most_requests_at_a_time": max(run.most_at_a_time for run in memory),
        "latency_ms": LATENCY_MS,
    }


def throughput(model: StandIn, concurrency: int, size: Size) -> dict[str, Any]:
    """Ours between two runs of the limit; of several, the median."""
    count = max(20, int(concurrency * size.seconds * 1000 / LATENCY_MS))
    bodies = work.requests(work.project(1), count)
    runs, ratios, best = [], [], []
    for _ in range(size.repeats if concurrency == COMPARED_AT else 1):
        before = limits.bare_generator(model, bodies, concurrency)
        runs.append(worker.draft(model, concurrency, count))
        best.append((before + limits.bare_generator(model, bodies, concurrency)) / 2)
        ratios.append(runs[-1].per_second / best[-1])
    return {
        "tasks_per_s": round(statistics.median(run.per_second for run in runs), 1),
        "limit_per_s": round(statistics.median(best), 1),
        "vs_limit": round(statistics.median(ratios), 3),
        "vs_limit_each": [round(ratio, 3) for ratio in ratios],
        "cpu_ms": round(statistics.median(run.cpu_ms for run in runs), 2),
        "batches": [run.batches for run in runs],
        "tasks": count,
        "runs": runs,
    }


def several_samples(model: StandIn, size: Size) -> tuple[dict[str, Any], worker.Drafted]:
    """Tasks with several samples, beside the embedding model that has to compare them."""
    count = size.compared_tasks
    texts = [
        choice["message"]["content"]
        for body in work.requests(work.project(SAMPLES), count)
        for choice in replies.choices(body, SAMPLES, None, False)
    ]
    before = limits.encoder_alone(texts, at_once=SAMPLES)
    run = worker.draft(model, COMPARED_AT, count, SAMPLES)
    encoded = (before + limits.encoder_alone(texts, at_once=SAMPLES)) / 2
    return {
        "samples": SAMPLES,
        "tasks_per_s": round(run.per_second, 1),
        "refined_per_s": round(run.refined_per_second, 1),
        "encoder_texts_per_s": round(encoded, 1),
        "encoder_tasks_per_s": round(encoded / SAMPLES, 1),
        "vs_encoder": round(run.refined_per_second * SAMPLES / encoded, 3),
        "peak_rss_mb": round(run.peak_rss_mb, 1),
        "tasks": count,
    }, run


def show(figures: dict[str, Any]) -> None:
    """The same as tables."""
    console = Console()
    drafts = Table("at a time", "tasks/s", "limit", "of the limit", "CPU ms a task")
    for concurrency, row in figures["by_concurrency"].items():
        drafts.add_row(
            concurrency,
            f"{row['tasks_per_s']:.1f}",
            f"{row['limit_per_s']:.1f}",
            f"{row['vs_limit']:.2f}",
            f"{row['cpu_ms']:.1f}",
        )
    console.print(drafts)
    samples = figures["samples"]
    memory = ", ".join(f"{mb:.0f} MB after {tasks}" for tasks, mb in figures["rss_mb"].items())
    console.print(
        f"a serial loop: {figures['serial_tasks_per_s']:.1f} tasks/s; ours with {COMPARED_AT} at "
        f"a time is {figures['vs_serial']:.1f} times as fast\n"
        f"{samples['samples']} samples a task: {samples['tasks_per_s']:.1f} first drafts/s, then "
        f"{samples['refined_per_s']:.1f} tasks/s refined; the embedding model alone: "
        f"{samples['encoder_tasks_per_s']:.1f} "
        f"({samples['encoder_texts_per_s']:.0f} texts/s)\n"
        f"worker's memory: {memory}; at most {figures['peak_rss_mb']:.0f} MB\n"
        f"{figures['tasks']} tasks, {figures['tasks_without_a_draft']} without a draft, "
        f"{figures['tasks_with_several']} with several"
    )
    served = Table("/predict of a ready draft", "p50 ms", "p99 ms", "a second", "/health p99 ms")
    for name, row in figures["ready"].items():
        service, workers = name.split("_")
        served.add_row(
            f"{service}, {workers} processes",
            f"{row['p50_ms']:.1f}",
            f"{row['p99_ms']:.1f}",
            f"{row['per_second']:.0f}",
            f"{row['health_p99_ms']:.1f}",
        )
    console.print(served)


if __name__ == "__main__":
    sys.exit(main())
