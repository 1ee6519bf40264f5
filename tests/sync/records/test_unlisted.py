"""Labels that annotations hold and the configuration does not list: found, counted, never lost."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_configs import items
from sync.coverage.measure import measure
from sync.dataset.release.export import export
from sync.dataset.release.export_report import ExportRequest
from sync.records import read_records
from sync.records.unlisted import Unlisted, unlisted_labels
from sync.settings import Config
from sync.table.task_rows import Prediction, TaskRow
from sync.table.task_table import TaskTable
from sync.training_files.manifest.lineage import read_lineage
from tests.sync.builders import START, annotation, config_in, result, task_row

TOPICS = ("cards", "fees")


def config_with(folder: Path, kinds: Any = None, **label_studio: Any) -> Config:
    """A project with kinds of category."""
    sections = {"topic": {"labels": list(TOPICS)}} if kinds is None else kinds
    config = config_in(folder, **label_studio)
    return Config.model_validate(
        {
            **config.model_dump(exclude={"categories"}),
            "folder": folder,
            "api_key": config.api_key,
            "categories": sections,
        },
        strict=False,
    )


def chosen(task_id: int, label: str, kind: str = "topic", **fields: Any) -> TaskRow:
    """A finished task whose annotation has this label."""
    held = [*result(verdict="accept"), items.choices(kind, "conversation", label)]
    return task_row(task_id, [annotation(task_id * 10, held)], **fields)


def found(config: Config, *rows: TaskRow) -> tuple[Unlisted, ...]:
    return unlisted_labels(rows, config.load_interface(), config.categories)


def test_a_renamed_label_is_counted_with_the_first_that_hold_it(tmp_path: Path) -> None:
    rows = [chosen(i, "cards" if i % 2 else "card payments") for i in range(1, 11)]
    (one,) = found(config_with(tmp_path), *rows)
    assert one == Unlisted(
        "topic", "card payments", "[categories.topic]", 5, ((2, 20), (4, 40), (6, 60))
    )
    assert one.sentence() == (
        "topic: 5 annotations hold the label 'card payments', which [categories.topic] of "
        "labeltune.toml does not list; add it there, or choose a listed one in Label Studio "
        "(first: tasks 2, 4, 6)"
    )


def test_a_label_of_the_interface_s_own_list_is_found(tmp_path: Path) -> None:
    config = config_with(tmp_path, {}, categories=("cards", "fees"))
    row = task_row(1, [annotation(10, result(category="lending"))])
    (one,) = found(config, row, task_row(2, [annotation(20, result(category="fees"))]))
    assert (one.kind, one.label, one.listed_in) == (
        "category",
        "lending",
        "label_studio.categories",
    )
    assert one.sentence().startswith("category: 1 annotation holds the label 'lending'")


def test_an_interface_s_own_labels_are_examples(tmp_path: Path) -> None:
    row = task_row(1, [annotation(10, result(category="listed in Label Studio"))])
    assert found(config_with(tmp_path, {}), row) == ()


def test_the_labels_of_rows_and_of_marks_are_found(tmp_path: Path) -> None:
    config = config_with(tmp_path, {}, interface="multi_intent", categories=("ask", "complain"))
    mark = {"from_name": "intent", "type": "labels", "value": {"labels": ["moan"]}}
    held = [mark, items.choices("intent_0", "row_0", "moan"), items.choices("intent_1", "r", "ask")]
    (one,) = found(config, task_row(1, [annotation(10, held)]))
    assert (one.kind, one.label, one.annotations) == ("intent", "moan", 1)


def test_a_kind_that_there_is_no_more_is_found(tmp_path: Path) -> None:
    brought = chosen(1, "cards", "theme", categories={"theme": "cards"})
    drafted = chosen(2, "cards", "theme")
    filled = json.dumps([items.choices("theme", "conversation", "cards")])
    draft = Prediction(5, "v1", 0.5, START, filled)
    (one,) = found(config_with(tmp_path), brought)
    assert (one.kind, one.label, one.ours, one.annotations) == ("theme", None, True, 1)
    with_draft = task_row(2, drafted.annotations, [draft])
    assert found(config_with(tmp_path), with_draft)[0].ours
    (own,) = found(config_with(tmp_path), drafted)
    assert not own.ours, "it may be a control of somebody's own"
    assert "neither of the interface nor in [categories]" in own.sentence()


def test_what_the_interface_knows_is_nothing_to_speak_of(tmp_path: Path) -> None:
    held = result(verdict="edit", category=None, flags=("escalate",), certainty="established")
    assert found(config_with(tmp_path), task_row(1, [annotation(10, held)])) == ()
    skipped = annotation(20, [items.choices("topic", "c", "old")], was_cancelled=True)
    assert found(config_with(tmp_path), task_row(2, [skipped]), task_row(3)) == ()


@pytest.mark.parametrize(
    "broken",
    [
        [{"from_name": "topic", "type": "choices"}],
        [{"from_name": 5, "type": "choices", "value": {"choices": ["x"]}}],
        [{"from_name": "topic", "type": "choices", "value": {"choices": "x"}}],
        [{"from_name": "topic", "type": "choices", "value": {"choices": [None, 7]}}],
        ["no object"],
        {"no": "list"},
    ],
)
def test_what_can_t_be_read_is_left_to_others(tmp_path: Path, broken: Any) -> None:
    assert found(config_with(tmp_path), task_row(1, [annotation(10, broken)])) == ()


def test_a_task_s_own_label_counts_where_nothing_else_says_one(tmp_path: Path) -> None:
    config = config_with(tmp_path)
    silent = task_row(1, [annotation(10)], categories={"topic": "old"})
    (one,) = found(config, silent, chosen(2, "fees", categories={"topic": "old"}))
    assert (one.label, one.first) == ("old", ((1, 10),))
    ruled = config_with(tmp_path, {"topic": {"labels": list(TOPICS), "otherwise": "fees"}})
    assert found(ruled, silent) == (), "the rules of now give it another"
    (record,) = read_records([silent], config.load_interface(), config.categories).records
    assert record.categories == {"topic": "old"}, "kept, not dropped"
    (record,) = read_records([silent], ruled.load_interface(), ruled.categories).records
    assert record.categories == {"topic": "fees"}


def test_an_export_keeps_counts_and_says_it(tmp_path: Path) -> None:
    config = config_with(tmp_path)
    rows = [chosen(i, "old" if i < 3 else "cards") for i in range(1, 6)]
    TaskTable(config.data_dir / "tasks").apply(7, rows)
    report = export(config, ExportRequest(["openai-chat"]))
    assert [(u.kind, u.label, u.annotations) for u in report.unlisted] == [("topic", "old", 2)]
    assert any("topic: 2 annotations hold the label 'old'" in w for w in report.warnings)
    folder = Path(report.path)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["categories"] == {"topic": {"cards": 3, "old": 2}}
    assert [(u["label"], u["annotations"]) for u in manifest["unlisted"]] == [("old", 2)]
    labels = [entry.categories["topic"] for entry in read_lineage(folder)]
    assert labels == ["old", "old", "cards", "cards", "cards"]
    assert "The label 'old' of topic stands in 2 annotations" in (folder / "README.md").read_text()


LABELS = st.sampled_from([*TOPICS, "old", "älter", "older still"])


@given(st.lists(st.none() | LABELS, max_size=12))
def test_whatever_is_not_listed_is_counted_to_the_last(
    tmp_path_factory: pytest.TempPathFactory, labels: list[str | None]
) -> None:
    config = config_with(tmp_path_factory.getbasetemp())
    rows = [
        task_row(i, [annotation(i)]) if label is None else chosen(i, label)
        for i, label in enumerate(labels, start=1)
    ]
    counted = {each.label: each.annotations for each in found(config, *rows)}
    stray = [label for label in labels if label is not None and label not in TOPICS]
    assert counted == {label: stray.count(label) for label in stray}


def test_gaps_say_why_tasks_are_in_no_cell(tmp_path: Path) -> None:
    config = config_with(tmp_path)
    rows = [chosen(i, "old" if i < 3 else "cards") for i in range(1, 6)]
    TaskTable(config.data_dir / "tasks").apply(7, rows)
    gaps = measure(config).gaps
    assert [(u.label, u.annotations) for u in gaps.unlisted] == [("old", 2)]
    assert any("topic: 2 annotations hold the label 'old'" in said for said in gaps.advice())
    assert gaps.to_json()["unlisted"][0]["annotations"] == gaps.unplaced.accepted == 2
