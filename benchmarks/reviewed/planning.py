"""How long a plan takes, and in what memory: many finished tasks, some with findings or verdicts.

Everything that `labeltune review` does between the pull and the first request that changes
something: tasks, verdicts and findings are read, the plan is made, and every review with its texts.
It runs in a process of its own, so that its memory can be told; a bare pass over the same table,
which decodes nothing, is its limit.
"""

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Any

import label_configs
from benchmarks.ranked.made_up import CharacterEncoder
from label_configs.chat_response import ChatResponse
from label_configs.review import Review
from label_configs.review_place import ReviewPlace, round_of
from label_configs.review_task import review_task
from sync.queue.asked_texts import TextEmbedding
from sync.queue.review.plan import review_id
from sync.queue.review.planned import planned
from sync.records.review_queues import queue_configs
from sync.settings import Config
from sync.table import last_runs
from sync.table.data_folder import data_folder
from sync.table.task_rows import Annotation, TaskRow

TASKS, FEW = 50_000, 400
PROJECT, QUEUE = 7, 8
FOUND, REVIEWED = 0.05, 0.1  # of the tasks, how many have a finding, and how many a verdict
_ANNOTATORS, _REVIEWERS = 12, 3
_START = datetime(2026, 11, 1, tzinfo=UTC)
_WORDS = (
    "account branch card charge country date fee form letter limit month number online order "
    "payment plan rate reply request rule service sheet sum support term time transfer week year"
)
_ROOT = Path(__file__).parent.parent.parent


def measured(quick: bool) -> dict[str, Any]:
    """Seconds and memory of a plan."""
    number = FEW if quick else TASKS
    with tempfile.TemporaryDirectory() as name:
        store(Path(name), number)
        command = [sys.executable, "-m", "benchmarks.reviewed.planning", name]
        done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"review: a plan failed: {done.stderr[-2000:]}")
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {"plan_50k_s": said["seconds"], "plan": {"tasks": number, **said}}


def store(folder: Path, number: int) -> Config:
    """Finished work as it was pulled and checked, some of it reviewed."""
    config = Config(folder=folder)
    draws = Random(19)
    table = data_folder(config).table()
    table.apply(PROJECT, _rows(draws, number))
    answers = {row.task_id: row for row in _rows(Random(19), number)}
    reviewed = sorted(Random(20).sample(sorted(answers), round(number * REVIEWED)))
    data_folder(config).table().apply(QUEUE, [_review(answers[task_id]) for task_id in reviewed])
    (queue,) = queue_configs(config).values()
    for each, project_id in ((config, PROJECT), (queue, QUEUE)):
        said = {"project": each.label_studio.project, "project_id": project_id}
        last_runs.note(data_folder(each), "pull", said)
    _note_check(config, Random(21).sample(sorted(answers), round(number * FOUND)))
    return config


def _rows(draws: Random, number: int) -> Iterator[TaskRow]:
    interface = label_configs.load("chat_response")
    for task_id in range(1, number + 1):
        asked, said = (" ".join(draws.choices(_WORDS.split(), k=k)) for k in (30, 90))
        data = {
            "labeltune_id": f"source-{task_id}",
            "messages": [{"role": "user", "content": f"{asked}?"}],
            "context": {"plan": draws.choice(("Basic", "Plus"))},
        }
        items = interface.encode(ChatResponse(f"{said}.", verdict="edit"))
        yield _row(PROJECT, task_id, data, items, 1 + draws.randrange(_ANNOTATORS), task_id)


def _review(row: TaskRow) -> TaskRow:
    """A verdict on a task: four of five are approved."""
    data = row.data_fields()
    (own,) = row.annotations
    text = label_configs.load("chat_response").decode(own.items()).response
    round = round_of([text])
    place = ReviewPlace(round, 0, "peer", frozenset({own.completed_by or 0}))
    answer = {"text": text, "annotator": str(own.completed_by)}
    shown = review_task(data, [answer], [], "a routine look", True, place)
    shown["labeltune_id"] = review_id(data["labeltune_id"], round, 0)
    approves = row.task_id % 5
    said = Review("approve", best=0) if approves else Review("reject", reason="It is wrong.")
    items = label_configs.load("review").encode(said)
    reviewer = 100 + row.task_id % _REVIEWERS
    return _row(QUEUE, 10**6 + row.task_id, shown, items, reviewer, 10**6 + row.task_id)


def _row(
    project_id: int, task_id: int, data: Any, items: Any, annotator: int, minutes: int
) -> TaskRow:
    at = _START + timedelta(minutes=minutes)
    made = Annotation(
        10**7 + task_id, annotator, False, False, 60.0, at, at, None, json.dumps(items)
    )
    return TaskRow(project_id, task_id, json.dumps(data), (made,), (), at, at)


def _note_check(config: Config, task_ids: list[int]) -> None:
    lines = [
        {
            "kind": "contradiction",
            "severity": "warning",
            "annotation_id": 10**7 + task_id,
            "message": "Another answer says otherwise.",
            "score": 0.2,
        }
        for task_id in task_ids
    ]
    folder = data_folder(config)
    folder.write("findings.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
    last_runs.note(folder, "check", {"table_version": 0})


def _plan(folder: Path) -> dict[str, float]:
    config = Config(folder=folder)
    started, began = perf_counter(), process_time()
    made = planned(config, TextEmbedding(load=lambda name: CharacterEncoder()))
    seconds, cpu = perf_counter() - started, process_time() - began
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = perf_counter()
    plan = made.plan
    rows = sum(1 for _ in made.work.snapshot.rows())
    bare = perf_counter() - started
    if rows != plan.finished:
        raise SystemExit(f"{rows} tasks, of which {plan.finished} were planned")
    return {
        "seconds": round(seconds, 2),
        "cpu_s": round(cpu, 2),
        "bare_pass_s": round(bare, 2),
        "peak_rss_mb": round(peak_kb / 1024, 1),
        "reviews": sum(map(len, made.tasks.values())),
        "passed": plan.passed,
        "rejected": plan.rejected,
    }


if __name__ == "__main__":
    print(json.dumps(_plan(Path(sys.argv[1]))))
