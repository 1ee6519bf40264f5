"""What differs between two releases, beside a comparison of everything with everything."""

import random
import tracemalloc
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.common.errors import SyncError
from sync.dataset.release.diff import Difference, diff
from sync.training_files.manifest.stored_release import read_release
from tests.sync.dataset.release.written import SOURCE, Row, write_release

ROWS = st.lists(
    st.builds(
        Row,
        task_id=st.integers(1, 9),
        answer=st.sampled_from(["x", "y"]),
        split=st.sampled_from(["train", "validation", "test"]),
        annotator=st.integers(1, 2),
        approved=st.booleans(),
        categories=st.sampled_from([{}, {"topic": "cards"}, {"topic": "fees"}]),
        copies=st.integers(1, 2),
    ),
    min_size=1,
    unique_by=lambda row: row.task_id,
)


def between(folder: Path, a: list[Row], b: list[Row], limit: int = 100) -> Difference:
    write_release(folder / "a", a)
    write_release(folder / "b", b)
    return diff(read_release(folder / "a"), read_release(folder / "b"), limit)


@given(ROWS, ROWS, st.integers(0, 3))
def test_every_change_of_every_record_is_counted(
    tmp_path_factory: pytest.TempPathFactory, a: list[Row], b: list[Row], limit: int
) -> None:
    found = between(tmp_path_factory.mktemp("releases"), a, b, limit)
    before, after = ({row.task_id: row for row in rows} for rows in (a, b))
    both = [(before[task], after[task]) for task in before.keys() & after.keys()]
    assert found.counts == {
        "added": len(after.keys() - before.keys()),
        "removed": len(before.keys() - after.keys()),
        "answer": sum(x.answer != y.answer for x, y in both),
        "annotator": sum(x.annotator != y.annotator for x, y in both),
        "review": sum(x.approved != y.approved for x, y in both),
        "split": sum(x.split != y.split for x, y in both),
        "categories": sum(x.categories != y.categories for x, y in both),
        "copies": sum(x.copies != y.copies for x, y in both),
    }
    moves = Counter((x.split, y.split) for x, y in both if x.split != y.split)
    assert found.moves == moves
    assert len(found.leaked) == min(limit, moves["test", "train"])
    listed = Counter(change.what for change in found.changes)
    assert listed == {what: min(n, limit) for what, n in found.counts.items() if min(n, limit)}
    assert found.differs == (a != b)


def test_where_a_record_stands_makes_no_difference_to_it(tmp_path: Path) -> None:
    rows = [Row(n, f"Answer {n}.") for n in range(1, 60)]
    shuffled = random.Random(1).sample(rows, len(rows))
    found = between(tmp_path, rows, shuffled)
    assert not any(found.counts.values())
    assert found.differs, "the files do"


def test_a_record_is_known_by_its_source_even_as_another_task(tmp_path: Path) -> None:
    found = between(tmp_path, [Row(1, key="faq-7")], [Row(2, key="faq-7"), Row(3, key="task-1")])
    assert {what: n for what, n in found.counts.items() if n} == {"added": 1}
    assert [(c.what, c.key, c.task_id) for c in found.changes] == [("added", "task-1", 3)]


def test_tasks_of_the_same_source_are_told_apart_by_their_order(tmp_path: Path) -> None:
    a = [Row(1, "x", key="faq"), Row(2, "y", key="faq")]
    found = between(tmp_path, a, [*a, Row(3, "z", key="faq")])
    assert {what: n for what, n in found.counts.items() if n} == {"added": 1}


def test_changes_say_what_was_and_what_is(tmp_path: Path) -> None:
    a = Row(1, split="test", annotator=1, categories={"topic": "cards"})
    b = Row(1, "Better.", annotator=2, approved=True, categories={"topic": "fees"}, copies=2)
    found = between(tmp_path, [a], [b])
    assert [(c.what, c.before, c.after) for c in found.changes] == [
        ("split", "test", "train"),
        ("answer", None, "openai-chat"),
        ("annotator", "1 (latest)", "2 (latest)"),
        ("review", None, "approve by 5"),
        ("categories", {"topic": "cards"}, {"topic": "fees"}),
        ("copies", 1, 2),
    ]
    assert found.leaked == [1]


def test_only_formats_that_both_have_are_compared(tmp_path: Path) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    write_release(a, [Row(1), Row(2)], formats=["openai-chat", "sharegpt"])
    write_release(b, [Row(1), Row(2, "Better.")], formats=["openai-chat", "alpaca"], bom=True)
    found = diff(read_release(a), read_release(b), 9)
    assert found.formats == ("openai-chat",)
    assert {what: n for what, n in found.counts.items() if n} == {"answer": 1}
    assert found.files["sharegpt.train.jsonl"][1] is None
    assert found.files["alpaca.train.jsonl"][0] is None


def test_settings_files_and_labels_are_compared(tmp_path: Path) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    write_release(a, [Row(1)], categories={"topic": {"cards": 1, "fees": 2}})
    source = replace(SOURCE, settings={"export": {"context": "user", "system_prompt": "Be kind."}})
    write_release(b, [Row(1)], source, categories={"topic": {"cards": 1, "app": 3}}, general=["x"])
    found = diff(read_release(a), read_release(b), 9)
    assert found.origin == {
        "settings.export.context": ("system", "user"),
        "settings.export.system_prompt": (None, "Be kind."),
    }
    assert found.categories == {"topic": {"fees": (2, 0), "app": (0, 3)}}
    (sizes,) = found.files.values()
    assert [side and side["lines"] for side in sizes] == [1, 2]
    assert not any(found.counts.values())


def test_a_damaged_release_is_not_compared(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_release(tmp_path / name, [Row(1)])
    (tmp_path / "b" / "openai-chat.train.jsonl").write_text("{}\n")
    with pytest.raises(SyncError, match=r"b: damaged, 'openai-chat\.train\.jsonl' is not what"):
        diff(read_release(tmp_path / "a"), read_release(tmp_path / "b"), 9)


def test_memory_grows_with_the_differences_only(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        rows = [Row(n, f"Answer {n}. " * 20) for n in range(count)]
        a, b = tmp_path / f"a{count}", tmp_path / f"b{count}"
        write_release(a, rows)
        write_release(b, [*rows[1:50], *rows[51:], Row(count)])
        tracemalloc.start()
        try:
            found = diff(read_release(a), read_release(b), 5)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            assert (found.counts["added"], found.counts["removed"]) == (1, 2)

    assert peak(4000) < peak(400) * 1.5
