"""A task is parsed once: steps hand on the object that its row became, and change a copy."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

import label_configs
from sync.intake.cleaning.arrow_form import from_arrow, over_arrow, to_arrow
from sync.intake.cleaning.chain import Situation
from sync.intake.cleaning.steps import planned
from sync.intake.cleaning.task_batches import to_batch
from sync.intake.cleaning.task_identity import circumstances_digest, inputs_digest, made_id
from sync.intake.sources import SourceReader
from sync.settings.cleaning import CleaningSection
from sync.settings.sources import SourcesSection
from tests.sync.intake.cleaning.desk import ask, settings, source

TIDY = ask("Where is it?", "And now?", context={"tier": ["a", {"b": "c"}]}, documents=[
    {"title": "Fees", "text": "Low."}
])  # fmt: skip
UNTIDY = ask("Where  is it? ", context={"tier": "a\u200b"}, own={"kept": "as it is "})


def chain(section: CleaningSection) -> Any:
    situation = Situation(Path(), dry_run=True, load_encoder=lambda: 1 / 0)  # type: ignore[arg-type,return-value]
    return planned(section, situation).rows


def test_a_task_that_no_step_changes_stays_the_same_object() -> None:
    (task,) = source(TIDY)
    (done,) = chain(CleaningSection())(to_batch([task])).tasks
    assert done is task
    for digest in (inputs_digest, made_id):
        digest(task.data)
    assert task.data == TIDY


def test_a_step_changes_a_copy_and_shares_the_rest() -> None:
    data = copy.deepcopy(UNTIDY)
    (task,) = source(data)
    (done,) = chain(CleaningSection())(to_batch([task])).tasks
    assert data == UNTIDY, "others may hold it"
    assert done.data["messages"][0]["content"] == "Where  is it?"
    assert done.data["context"] == {"tier": "a"}
    assert done.data["own"] is data["own"]


def test_digests_leave_a_task_as_it_is() -> None:
    data = copy.deepcopy(UNTIDY)
    inputs_digest(data)
    circumstances_digest(data, context=True)
    made_id(data)
    assert data == UNTIDY


def test_a_row_is_parsed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"prompt": f"Question {n} ({'x' * 20})?"} for n in range(5)]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    tasks = list(SourceReader([path], SourcesSection(), label_configs.load("chat_response")))

    def refused(*given: Any, **named: Any) -> Any:
        raise AssertionError("parsed or written between two steps")

    monkeypatch.setattr(json, "loads", refused)
    monkeypatch.setattr(json, "dumps", refused)
    monkeypatch.setattr("sync.common.json_text._COMPACT", None)
    assert len(chain(CleaningSection())(to_batch(tasks)).tasks) == 5


@pytest.mark.parametrize("data", [TIDY, UNTIDY], ids=["tidy", "untidy"])
def test_steps_do_the_same_over_arrow(data: dict[str, Any]) -> None:
    steps = chain(settings(normalisation={}, length={"most": 60}, redaction={"key_file": ""}))
    batch = to_batch(source(data, "x" * 61, "I am joe@example.com.", "ok"))
    here = steps(batch)
    there = from_arrow(over_arrow(steps)(to_arrow(batch)))
    assert (there.tasks, there.dropped) == (here.tasks, here.dropped)
    assert there.columns.keys() == here.columns.keys()
    for name in here.columns:
        assert json.dumps(there.column(name)) == json.dumps(here.column(name))
