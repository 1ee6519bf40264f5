"""Whatever changes between two checks, the second finds what a first one would."""

import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.reading import Embeddings
from sync.commands.report import report_of_check
from sync.quality.check import check
from sync.quality.decoded.work import read_work
from sync.settings import Config
from sync.settings.categories import CategorySection
from sync.table.task_rows import TaskRow
from sync.table.task_table import TaskTable
from tests.sync.builders import annotation, config_in, drafted, result, task_row

TASKS = 60
SUBJECTS = ("fees", "cards", "loans")
KINDS = {"subject": CategorySection(labels=SUBJECTS)}
ANSWERS = (
    "It costs 5 euros, and 2 + 2 is 5 of them.",
    "It does not cost 7 euros.",
    "It costs 7 euros; write to ada@example.com.",
    "We can't tell you, [NAME], until 3 March 2026",
    "Yes. It costs 5 euros.",
    "",
)


class BySubject:
    """Texts of one subject lie near each other, and nearer where they begin with the same words."""

    def encode(self, texts: list[str]) -> Embeddings:
        rows = np.array([self._row(text) for text in texts])
        units: Embeddings = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        return units

    def _row(self, text: str) -> Embeddings:
        words = text.split()
        parts = [" ".join(words[:1]), " ".join(words[:2]), text]
        draws = [np.random.default_rng(list(part.encode())).normal(size=32) for part in parts]
        found: Embeddings = draws[0] + draws[1] + 0.3 * draws[2]
        return found


def row(task_id: int, version: int) -> TaskRow:
    """A task; with each version it is answered, labelled and drafted otherwise."""
    subject = SUBJECTS[task_id % 3]
    wrong = version % 5 == 4 or task_id % 11 == 0
    label = SUBJECTS[(task_id + wrong) % 3]
    answer = ANSWERS[(task_id // 3 + version) % len(ANSWERS)]
    items = [
        *result(f"{subject} {answer}" if answer else "", verdict="edit"),
        {
            "from_name": "subject",
            "to_name": "conversation",
            "type": "choices",
            "value": {"choices": [label]},
        },
    ]
    done = annotation(
        task_id * 10,
        items,
        minutes=task_id * 60 + version,
        completed_by=1 + task_id % 2,
        parent_prediction=task_id,
    )
    content = f"{subject} {task_id % 7} of what I asked in {version % 2}?"
    messages = [{"role": "user", "content": content}]
    return task_row(task_id, [done], [drafted(task_id)], messages=messages)


def found(config: Config) -> Mapping[str, Any]:
    """All that a check comes to, and its report, but for times and places."""
    work = read_work(config)
    report = check(config, load=lambda name: BySubject(), read=lambda: work)
    page = report_of_check(config, asdict(report), None, work)
    assert page.report.figures == report_of_check(config, asdict(report), None).report.figures
    said = {
        k: v for k, v in asdict(report).items() if k not in ("path", "seconds", "table_version")
    }
    written = {
        name: (config.data_dir / name).read_text(encoding="utf-8")
        for name in ("findings.jsonl", "label-quality.jsonl")
        if (config.data_dir / name).exists()
    }
    return {**said, **written, "figures of the report": page.report.figures}


def found_at_first(config: Config, folder: Path) -> Mapping[str, Any]:
    """The same, as a project finds it that was never checked."""
    fresh = config.model_copy(update={"folder": folder})
    shutil.copytree(config.data_dir / "tasks", fresh.data_dir / "tasks")
    return found(fresh)


changes = st.lists(
    st.lists(st.tuples(st.integers(1, TASKS + 3), st.integers(0, 9)), min_size=1, max_size=6),
    min_size=1,
    max_size=2,
)


@settings(max_examples=3)
@given(changes)
def test_a_second_check_finds_what_a_first_one_would(changes: list[list[tuple[int, int]]]) -> None:
    """A task that comes with version 0 is deleted."""
    with TemporaryDirectory() as name:
        config = config_in(Path(name)).model_copy(update={"categories": KINDS})
        table = TaskTable(config.data_dir / "tasks")
        table.apply(7, [row(task_id, 1) for task_id in range(1, TASKS + 1)])
        first = found(config)
        assert first["findings"] > 10
        for i, some in enumerate(changes):
            latest = dict(some)
            gone = [task_id for task_id, version in latest.items() if not version]
            rows = [row(task_id, version) for task_id, version in latest.items() if version]
            table.apply(7, rows, deleted=gone)
            assert found(config) == found_at_first(config, Path(name) / f"fresh-{i}")
