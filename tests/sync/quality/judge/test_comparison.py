"""The judge of pairs: both orders are asked, and a taste for a place is a tie."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import label_configs
from label_configs.preference import PreferenceRecord
from sync.quality.check import check
from sync.settings import Config
from sync.table.task_rows import TaskRow
from sync.table.task_table import TaskTable
from tests.connectors.chat_server import choice, completion
from tests.ml_backend.http_double import Reply, Request, http_double
from tests.sync.builders import annotation, task_row
from tests.sync.quality.judge.test_judge import project
from tests.sync.quality.test_check import FakeEncoder

PREFERENCE = label_configs.load("preference")


def compared(request: Request) -> Reply:
    """The one with `good` in it; where both have it, the first."""
    replies = re.findall(r"<reply>\n(.*?)\n</reply>", request.body["messages"][-1]["content"], re.S)
    first, second = ("good" in text for text in replies)
    better = "second" if second and not first else "first"
    return completion(choice(json.dumps({"why": "it is good", "better": better})))


def pair(task_id: int, left: str, right: str, preference: str) -> TaskRow:
    sides = {"left": {"text": left, "source": "a"}, "right": {"text": right, "source": "b"}}
    record = PreferenceRecord(left, right, preference)
    made = annotation(task_id * 10, PREFERENCE.encode(record))
    return task_row(task_id, [made], pair=sides)


@pytest.mark.parametrize("clear", [True, False])
def test_what_it_says_in_both_orders_counts(tmp_path: Path, clear: bool) -> None:
    with http_double(compared) as double:
        config: Config = project(tmp_path, double)
        section = config.label_studio.model_copy(update={"interface": "preference"})
        config = config.model_copy(update={"label_studio": section})
        rows = [pair(i, f"good {i}", f"poor {i}", "left better") for i in range(1, 11)]
        rows += [pair(i, f"poor {i}", f"good {i}", "right better") for i in range(11, 21)]
        rows.append(pair(30, "good", "poor", "right better" if clear else "right slightly better"))
        rows.append(pair(31, "good one", "good two", "right better"))
        rows.append(pair(32, "good", "bad", "both bad"))
        TaskTable(config.data_dir / "tasks").apply(7, rows)
        report = check(config, load=lambda name: FakeEncoder())
        asked = len(double.requests)
    lines = Path(report.path).read_text(encoding="utf-8").splitlines()
    found: list[dict[str, Any]] = [f for f in map(json.loads, lines) if f["kind"] == "judge"]
    assert asked == 2 * 22
    assert [f["task_id"] for f in found] == ([30] if clear else [])
    assert report.figures["judge"]["flips"] == 1
    assert report.figures["judge"]["judged"] == 22
    (note,) = [n for n in report.notes if "beside experts" in n]
    assert "on 22 pairs: the same choice in 20 of 22" in note
    assert "it changed its mind on 1 of 22" in note
    if clear:
        assert found[0]["severity"] == "warning"
        assert "the expert finds the right answer better" in found[0]["message"]
        assert found[0]["suggested"] == "left better"
