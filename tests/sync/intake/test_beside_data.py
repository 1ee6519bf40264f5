"""Annotations and predictions that a source brings along, carried from a row to an import."""

import json
from typing import Any

import pytest

from sync.common.source_task import ID_FIELD, SourceTask
from sync.compute import LocalEngine
from sync.intake.push.exactly_once import WrittenTask
from tests.sync.intake.cleaning.desk import ask, cleaned, settings
from tests.sync.intake.cleaning.test_pipeline import SmallBatches

ANNOTATION = {"result": [{"from_name": "response", "value": {"text": ["Here."]}}]}
PREDICTION = {"result": [], "score": 0.5, "model_version": "other"}
TASKS = [
    SourceTask("a", ask("Where? "), "a.jsonl, line 1", (ANNOTATION,), (PREDICTION, PREDICTION)),
    SourceTask(None, ask("When?"), "a.jsonl, line 2"),
    SourceTask(None, ask("Half \ud800?"), "a.jsonl, line 3", (ANNOTATION,)),
]


@pytest.mark.parametrize("engine", [LocalEngine(), SmallBatches(1)], ids=["here", "elsewhere"])
def test_they_come_through_every_step(engine: Any) -> None:
    section = settings(normalisation={}, length={}, duplicates={}, near_duplicates={})
    with cleaned(TASKS, section, engine=engine) as done:
        kept = list(done.tasks())
    assert [(t.annotations, t.predictions) for t in kept] == [
        ((ANNOTATION,), (PREDICTION, PREDICTION)),
        ((), ()),
        ((ANNOTATION,), ()),
    ]
    assert kept[0].data["messages"][0]["content"] == "Where?"


def test_they_are_sent_beside_the_data() -> None:
    data = {ID_FIELD: "a"}
    assert json.loads(WrittenTask.of(data, TASKS[0].beside).line) == {
        "data": data,
        "annotations": [ANNOTATION],
        "predictions": [PREDICTION, PREDICTION],
    }
    assert json.loads(WrittenTask.of(data, TASKS[1].beside).line) == {"data": data}


def test_what_redaction_can_t_look_through_is_never_sent() -> None:
    with cleaned(TASKS, settings(redaction={"key_file": ""})) as done:
        assert [task.where for task in done.tasks()] == ["a.jsonl, line 2"]
        assert "brings annotations or predictions" in done.report.lines()[-1]
