"""Take the picture of docs/report.md: `python -m tests.sync.quality.report.pictures`.

The project is made of PubMedQA (Jin et al., 2019, MIT), which must lie in ../shared/data, with
faults planted in some answers; four annotators, some tasks answered twice, checked four times
while it grew. Nothing of it is made up but who did what, when.
"""

import argparse
import json
import random
import re
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from label_configs.draft_meta import with_acceptance
from sync import settings as configuration
from sync.commands.report import report_of_check, written_report
from sync.quality.check import check
from sync.quality.report.last_check import last_check
from sync.settings import Config
from sync.table.data_folder import data_folder
from sync.table.task_rows import Annotation, Prediction, TaskRow
from sync.table.task_table import TaskTable
from tests.sync.builders import START, result

ROOT = Path(__file__).parents[4]
DATA = ROOT.parent / "shared" / "data" / "pubmedqa_labeled.json"
IMAGES = ROOT / "docs" / "images"
CONFIG = """
[label_studio]
project = "Medical answers"
categories = ["yes", "no", "maybe"]
overlap = 2
[categories.length]
labels = ["short", "long"]
"""
TASKS, FINISHED, TWICE = 320, 270, 0.35
PEOPLE = (3, 5, 8, 11)
ROUNDS = (0.35, 0.6, 0.8, 1.0)


def rows(rng: random.Random) -> Iterator[TaskRow]:
    """Tasks in the order of their work; the last ones wait."""
    items = list(json.loads(DATA.read_text(encoding="utf-8")).values())[:TASKS]
    for place, item in enumerate(items):
        task_id = place + 1
        yield _task(task_id, item, rng, waits=place >= FINISHED)


def _task(task_id: int, item: dict[str, Any], rng: random.Random, *, waits: bool) -> TaskRow:
    documents = [
        {"title": label.title(), "text": text}
        for label, text in zip(item["LABELS"], item["CONTEXTS"], strict=False)
    ]
    data = {"messages": [{"role": "user", "content": item["QUESTION"]}], "documents": documents}
    sure = rng.betavariate(2.2, 1.4)
    kept = rng.random() < sure
    draft = item["LONG_ANSWER"] if kept else " ".join(item["LONG_ANSWER"].split()[::2])
    prediction = Prediction(
        id=task_id,
        model_version="v1",
        score=round(sure, 3),
        created_at=START,
        result=json.dumps(with_acceptance(result(draft), sure, {})),
    )
    at = START + timedelta(hours=1.7 * task_id)
    made = []
    if not waits:
        made.append(_answer(task_id * 10, rng.choice(PEOPLE), item, at, rng, kept=kept))
        if rng.random() < TWICE:
            second = rng.choice([who for who in PEOPLE if who != made[0].completed_by])
            later = at + timedelta(hours=5)
            made.append(_answer(task_id * 10 + 1, second, item, later, rng, kept=kept, again=True))
    return TaskRow(7, task_id, json.dumps(data), tuple(made), (prediction,), START, at)


def _answer(
    number: int,
    who: int,
    item: dict[str, Any],
    at: Any,
    rng: random.Random,
    *,
    kept: bool,
    again: bool = False,
) -> Annotation:
    decision = item["reasoning_free_pred" if again else "reasoning_required_pred"]
    answer = _spoilt(item["LONG_ANSWER"], rng)
    items = result(answer, verdict="accept" if kept else "edit", category=decision)
    return Annotation(
        id=number,
        completed_by=who,
        was_cancelled=False,
        ground_truth=False,
        lead_time=round(rng.lognormvariate(4.6 if kept else 5.3, 0.5), 1),
        created_at=at,
        updated_at=at,
        parent_prediction=number // 10,
        result=json.dumps(items),
    )


def _spoilt(answer: str, rng: random.Random) -> str:
    """An answer, one in twelve with a fault that experts leave behind."""
    fate = rng.random()
    if fate < 0.012:
        return ""
    if fate < 0.03:
        return f"<think>The abstract says so.</think>{answer}"
    if fate < 0.05:
        return f"{answer} Questions: call Dr. Jane Miller, jane.miller@example.org."
    if fate < 0.08:
        return re.sub(r"\d+", lambda found: str(int(found[0]) + 7), answer)
    return answer


def project(folder: Path) -> Config:
    """The project as its annotators left it, checked as it grew."""
    (folder / "labeltune.toml").write_text(CONFIG, encoding="utf-8")
    config = configuration.load(folder / "labeltune.toml")
    every = list(rows(random.Random(17)))
    table = TaskTable(config.data_dir / "tasks")
    for share in ROUNDS:
        table.apply(7, every[: int(share * len(every))])
        report_of_check(config, asdict(check(config)), None)
    return config


def main() -> None:
    """Write the picture, and the page beside it where a folder is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="a folder for the project")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = chosen.keep or Path(temporary)
        folder.mkdir(exist_ok=True, parents=True)
        config = project(folder)
        made = written_report(config, last_check(data_folder(config)), anonymous=True)
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        shown = chromium.new_page(viewport={"width": 1280, "height": 1375}, color_scheme="light")
        shown.goto(Path(made.path).absolute().as_uri())
        shown.screenshot(path=IMAGES / "report.png")
        chromium.close()


if __name__ == "__main__":
    main()
