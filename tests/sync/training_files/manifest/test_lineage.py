"""Every line of a release leads back to where it comes from."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.common.errors import SyncError
from sync.training_files.manifest.lineage import (
    LineageWriter,
    Mixed,
    Traced,
    keys_of_lines,
    read_lineage,
    task_of_line,
    tasks_of_lines,
)
from tests.sync.builders import record
from tests.sync.dataset.release.written import Row, write_release

ROWS = st.lists(
    st.builds(
        Row,
        task_id=st.integers(1, 10**9),
        split=st.sampled_from(["train", "validation", "test"]),
        key=st.none() | st.text(min_size=1),
        copies=st.integers(1, 3),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda row: row.task_id,
)


@given(ROWS, st.lists(st.text(), max_size=3))
def test_every_line_traces_to_one_record_or_general_source(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row], general: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("release")
    manifest = write_release(
        folder, rows, formats=["openai-chat", "trl-preference"], general=general
    )
    for file in manifest["files"]:
        name = file["file"]
        found = tasks_of_lines(folder, name, range(1, file["lines"] + 2))
        assert sorted(found) == list(range(1, file["lines"] + 1))
        ids = keys_of_lines(folder, name)
        assert sorted(ids) == sorted(found)
        for number, origin in found.items():
            if isinstance(origin, Traced):
                (row,) = (row for row in rows if row.task_id == origin.task_id)
                assert (origin.split, origin.copies) == (row.split, row.copies)
                key = row.key or f"task-{row.task_id}"
                assert (origin.key, ids[number]) == (key, key)
            else:
                assert origin.mixed_from == "general.jsonl"
                assert ids[number] is None
    lines = [set(numbers) for e in read_lineage(folder) for numbers in e.lines.values()]
    assert sum(map(len, lines)) == sum(file["lines"] for file in manifest["files"])


def test_a_line_names_who_wrote_it_and_who_judged_it(tmp_path: Path) -> None:
    rows = [
        Row(1),
        Row(2, annotator=9, chosen_by="reviewed", approved=True, categories={"topic": "cards"}),
    ]
    write_release(tmp_path, rows, general=["from elsewhere"])
    first, second, third = (
        json.loads(line) for line in (tmp_path / "lineage.jsonl").read_text().splitlines()
    )
    assert first == {
        "task_id": 1,
        "key": "task-1",
        "source_id": None,
        "annotation_id": 1001,
        "annotator": 1,
        "chosen_by": "latest",
        "review": None,
        "draft_version": "v1",
        "outcome": "edited",
        "verdict": None,
        "changed": 0.25,
        "split": "train",
        "categories": {},
        "lines": {"openai-chat.train.jsonl": [1]},
    }
    assert (second["annotator"], second["chosen_by"]) == (9, "reviewed")
    assert second["review"] == {
        "decision": "approve",
        "reviewer": 5,
        "task_id": 90,
        "annotation_id": 91,
    }
    assert second["categories"] == {"topic": "cards"}
    assert third == {
        "mixed_from": "general.jsonl",
        "line": 1,
        "lines": {"openai-chat.train.jsonl": [3]},
    }
    found = task_of_line(tmp_path, "openai-chat.train.jsonl", 2)
    assert isinstance(found, Traced)
    assert found.task_id == 2
    assert isinstance(task_of_line(tmp_path, "openai-chat.train.jsonl", 3), Mixed)
    assert task_of_line(tmp_path, "openai-chat.train.jsonl", 4) is None
    assert task_of_line(tmp_path, "other.jsonl", 1) is None


def test_a_draft_of_the_source_is_told_from_one_of_the_model(tmp_path: Path) -> None:
    write_release(tmp_path, [Row(1), Row(2, brought=True), Row(3, called=True)])
    models, *sources = (entry for entry in read_lineage(tmp_path) if isinstance(entry, Traced))
    assert (models.draft_version, models.draft_from) == ("v1", None)
    assert len(sources) == 2
    for source in sources:
        assert (source.draft_version, source.draft_from) == ("v1", "source")


def test_it_tells_how_likely_a_draft_was_accepted_and_which_were_audits(tmp_path: Path) -> None:
    with LineageWriter(tmp_path) as lineage:
        lineage.record(record(1), {})
        lineage.record(replace(record(2), acceptance=0.34, is_audit=True), {})
    unknown, known = (entry for entry in read_lineage(tmp_path) if isinstance(entry, Traced))
    assert (unknown.acceptance, unknown.audit) == (None, False)
    assert (known.acceptance, known.audit) == (0.34, True)


@pytest.mark.parametrize("line", ["{", "[]", '{"task_id": 1}', '{"mixed_from": 1}', "3"])
def test_what_is_no_lineage_is_one_sentence(tmp_path: Path, line: str) -> None:
    write_release(tmp_path, [Row(1)])
    with (tmp_path / "lineage.jsonl").open("a") as file:
        file.write(line + "\n")
    with pytest.raises(SyncError, match=r"lineage\.jsonl, line 2: not the lineage .*export again"):
        list(read_lineage(tmp_path))


def test_without_a_lineage_it_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SyncError, match=r"lineage\.jsonl: can't be read"):
        task_of_line(tmp_path, "openai-chat.jsonl", 1)
