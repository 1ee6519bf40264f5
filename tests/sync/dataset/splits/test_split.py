"""`split` from the table to the files: what is stored, when, and the same from the same."""

import json
import random
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.common.errors import SyncError
from sync.dataset.splits.assign import assign
from sync.dataset.splits.split_items import SPLITS, items_of
from sync.dataset.splits.stored_splits import read_split
from sync.settings.categories import CategorySection
from sync.table.data_folder import LocalFolder
from tests.sync.builders import annotation, record, task_row
from tests.sync.dataset.splits.desk import Desk, asked, rejected
from tests.sync.dataset.splits.planted import settings, texts_of

ROWS = [asked(i, f"t{i % 60} n{i}") for i in range(1, 81)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_every_finished_task_is_in_one_split(desk: Desk) -> None:
    skipped = task_row(200, [annotation(2000, was_cancelled=True)])
    desk.pull([*ROWS, rejected(90, "t100"), skipped, task_row(201)])
    found = desk.split().split
    lines = {line.key: line for line in found.lines}
    assert lines.keys() == {*(f"q{i}" for i in range(1, 81)), "q90"}
    assert all(line.split in SPLITS for line in lines.values())
    sizes = found.manifest()["sizes"]
    assert sum(sizes.values()) == 81
    assert {name: sizes[name] for name in SPLITS} == {"train": 65, "validation": 8, "test": 8}
    assert all(found.split_of(f"q{i}") == found.split_of(f"q{i + 60}") for i in range(1, 21))


def test_tasks_without_a_label_have_their_share_as_well(desk: Desk) -> None:
    labels = CategorySection(labels=("a", "b"))
    desk.config = desk.config.model_copy(update={"categories": {"topic": labels}})
    rows = [asked(i, f"t{i}") for i in range(1, 21)]
    rows += [asked(i, f"t{i}", categories={"topic": "ab"[i % 2]}) for i in range(21, 101)]
    desk.pull(rows)
    percent = desk.split().split.manifest()["proportions"]["percent"]["topic"]
    assert percent["(none)"] == {"all": 20.0, "train": 20.0, "validation": 20.0, "test": 20.0}
    assert percent["b"]["test"] == 40.0


def test_a_task_of_no_source_is_known_by_its_number(desk: Desk) -> None:
    desk.pull([task_row(5, [annotation()]), task_row(6, [annotation()], labeltune_id="mine")])
    found = desk.split().split
    assert (found.split_of("task-5"), found.split_of("mine")) != (None, None)
    assert {line.key for line in found.lines} == {"task-5", "mine"}


def test_two_tasks_of_one_id_are_one_item(desk: Desk) -> None:
    desk.pull([*ROWS, asked(300, "t100", labeltune_id="q5"), asked(301, "t101", labeltune_id="q5")])
    found = desk.split().split
    lines = [line for line in found.lines if line.key == "q5"]
    assert {line.task_id for line in lines} == {5, 300, 301}
    assert {line.split for line in lines} == {found.split_of("q5")}
    assert desk.verify().failures == ()


def test_what_is_written_is_what_the_manifest_says(desk: Desk) -> None:
    desk.pull(ROWS)
    made = desk.split()
    files = desk.files()
    assert files.keys() == {
        "index.json",
        f"{made.split.name}.jsonl",
        f"{made.split.name}.manifest.json",
    }
    manifest = desk.manifest(made.split.name)
    assert manifest == made.split.manifest()
    assert manifest["sha256"] == sha256(files[manifest["file"]]).hexdigest()
    assert made.split.name.startswith("v0-")
    assert [c["comparisons"] for c in manifest["proof"]["closest"]] == [512, 512, 64]


def test_the_same_inputs_give_the_same_bytes(desk: Desk, tmp_path: Path) -> None:
    desk.pull(ROWS)
    desk.split()
    elsewhere = Desk(tmp_path / "elsewhere")
    elsewhere.pull(list(reversed(ROWS)))
    elsewhere.split()
    assert desk.files() == elsewhere.files()


@given(seed=st.integers(0, 2**32))
def test_the_order_of_records_changes_nothing(seed: int) -> None:
    rng = random.Random(1)
    records = [
        record(
            i,
            prompt=f"t{rng.randrange(30)} n{i}",
            data={"user_id": f"u{rng.randrange(60)}"},
            categories={"topic": rng.choice("abc")},
        )
        for i in range(1, 61)
    ]
    shuffled = list(records)
    random.Random(seed).shuffle(shuffled)
    first, second = (items_of(some, settings()) for some in (records, shuffled))
    assert assign(settings(), first, texts_of(first)) == assign(
        settings(), second, texts_of(second)
    )


def test_nothing_is_written_twice(desk: Desk) -> None:
    desk.pull(ROWS)
    first = desk.split()
    files = desk.files()
    embedded = len(desk.encoder.history)
    again = desk.split()
    assert (first.is_new, again.is_new) == (True, False)
    assert desk.files() == files
    assert len(desk.encoder.history) == embedded
    # a version in which no finished task changed
    desk.pull([task_row(300)])
    assert not desk.split().is_new


def test_only_new_texts_are_embedded(desk: Desk) -> None:
    desk.pull(ROWS)
    desk.split()
    del desk.encoder.history[:]
    desk.pull([asked(90, "t90 n90"), asked(1, "t1 n91")])
    desk.split()
    assert sorted(desk.encoder.history) == ["t1 n91", "t90 n90"]


def test_dry_run_writes_nothing(desk: Desk) -> None:
    desk.pull(ROWS)
    shown = desk.split(dry_run=True)
    assert desk.files() == {}
    assert desk.split().split.lines == shown.split.lines


def test_a_later_split_builds_on_the_one_before(desk: Desk) -> None:
    desk.pull(ROWS)
    first = desk.split().split
    desk.pull([asked(i, f"t{i}") for i in range(90, 110)], deleted=[1, 2, 3])
    second = desk.split().split
    assert second.manifest()["known"] == [first.name]
    assert all(second.split_of(f"q{i}") == first.split_of(f"q{i}") for i in range(4, 81))
    assert second.split_of("q1") is None
    assert second.homes()["q1"] == first.split_of("q1")
    changes = second.manifest()["changes"]
    assert (changes["new"], changes["gone"]) == (20, 3)


def test_the_split_of_a_version_is_the_newest_until_then(desk: Desk) -> None:
    folder = LocalFolder(desk.config.data_dir)
    desk.pull(ROWS)
    assert read_split(folder, 0) is None
    first = desk.split().split
    desk.pull([asked(90, "t90")])
    desk.pull([asked(91, "t91")])
    second = desk.split().split
    names = [found and found.name for found in (read_split(folder, v) for v in range(5))]
    assert names == [first.name, first.name, second.name, second.name, second.name]


def test_a_past_version_is_split_from_what_was_known_then(desk: Desk) -> None:
    desk.pull(ROWS[:40])
    first = desk.split().split
    desk.pull(ROWS[40:])
    desk.pull([asked(90, "t90")])
    past = desk.split(at=1)
    assert past.past
    assert past.split.table_version == 1
    assert past.split.split_of("q90") is None
    assert past.split.manifest()["known"] == [first.name]
    assert not desk.split(at=1).is_new
    assert not desk.split(at=0).is_new


def test_a_past_version_that_is_split_late_agrees_with_later_ones(desk: Desk) -> None:
    desk.pull(ROWS)
    desk.pull([asked(90, "t90")])
    later = desk.split().split
    past = desk.with_settings(seed=5, train=0.5, test=0.4).split(at=0).split
    assert past.table_version == 0
    assert all(past.split_of(f"q{i}") == later.split_of(f"q{i}") for i in range(1, 81))


def test_a_version_between_two_splits_agrees_with_both(desk: Desk) -> None:
    desk.pull(ROWS[:40])
    first = desk.split().split
    desk.pull(ROWS[40:])
    desk.pull([asked(90, "t90")])
    last = desk.split().split
    between = desk.with_settings(seed=5, train=0.2, test=0.7).split(at=1).split
    assert between.manifest()["known"] == [first.name, last.name]
    assert all(between.split_of(f"q{i}") == last.split_of(f"q{i}") for i in range(1, 81))


def test_another_seed_is_another_split(desk: Desk, tmp_path: Path) -> None:
    other = Desk(tmp_path / "other", seed=1)
    for one in (desk, other):
        one.pull(ROWS)
    lines = [one.split().split.lines for one in (desk, other)]
    assert lines[0] != lines[1]


def test_without_near_duplicates_no_model_is_loaded(tmp_path: Path) -> None:
    desk = Desk(tmp_path, near_duplicates=False)
    desk.pull(ROWS)
    made = desk.split()
    assert desk.encoder.history == []
    assert made.split.manifest()["proof"]["closest"] == []
    assert desk.verify().failures == ()


def test_nothing_finished(desk: Desk) -> None:
    desk.pull([task_row(1)])
    with pytest.raises(SyncError, match="no task of 'Support answers' is finished"):
        desk.split()


@pytest.mark.parametrize("damage", ["assignment", "manifest", "index", "missing"])
def test_a_split_that_was_changed_is_not_built_upon(desk: Desk, damage: str) -> None:
    desk.pull(ROWS)
    name = desk.split().split.name
    folder = desk.config.data_dir / "splits"
    path = {
        "assignment": folder / f"{name}.jsonl",
        "manifest": folder / f"{name}.manifest.json",
        "index": folder / "index.json",
        "missing": folder / f"{name}.jsonl",
    }[damage]
    if damage == "missing":
        path.unlink()
    else:
        path.write_text(path.read_text().replace('"', "'", 1))
    with pytest.raises(SyncError, match="bring it back from a copy"):
        desk.split()


def test_an_interrupted_split_was_never_there(desk: Desk) -> None:
    desk.pull(ROWS)
    name = desk.split().split.name
    folder = desk.config.data_dir / "splits"
    whole = (folder / f"{name}.jsonl").read_bytes()
    (folder / "index.json").unlink()
    (folder / f"{name}.jsonl").write_text("half of a li")
    assert desk.split().is_new
    assert (folder / f"{name}.jsonl").read_bytes() == whole
    assert json.loads((folder / "index.json").read_text()) == {"splits": [name]}
