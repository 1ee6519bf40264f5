"""From sources to what is kept, what was dropped, and the report of both."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from label_configs import LabelConfigError
from sync.common.errors import SourceError, SyncError
from sync.common.source_task import SourceTask
from sync.compute import BatchFunction, Engine, LocalEngine
from sync.intake.cleaning.report import CleaningReport
from tests.sync.intake.cleaning.desk import KeyFake, ask, cleaned, kept, project, settings, source

ALL = settings(
    normalisation={},
    length={"most": 60},
    language={"wanted": ["en"]},
    duplicates={},
    relevance={"examples": ["my card please", "the fees"], "least": 0.3},
    near_duplicates={"threshold": 0.9},
    unusable="drop",
)
GERMAN = "Ich habe meine Karte verloren und warte auf eine neue."
MIXED = source(
    "my card please",
    "My card please",
    "my card please ",
    " ",
    "x" * 61,
    GERMAN,
    {"messages": []},
    "what weather",
    "the fees please",
    "the fees",
)


def test_every_step_in_its_place() -> None:
    with cleaned(MIXED, ALL) as done:
        assert [task.where for task in done.tasks()] == [
            "faq.jsonl, line 1",
            "faq.jsonl, line 9",
            "faq.jsonl, line 10",
        ]
        report = done.report
    assert [(s.step, s.seen, s.changed, s.dropped) for s in report.steps] == [
        ("normalisation", 10, 2, 0),
        ("length", 10, 0, 2),
        ("language", 8, 0, 1),
        ("usable", 7, 0, 1),
        ("duplicates", 6, 0, 1),
        ("relevance", 5, 0, 1),
        ("near_duplicates", 4, 0, 1),
    ]
    assert (report.read, report.kept, report.dropped, report.changed) == (10, 3, 7, 0)
    assert report.steps[3].examples[0].reason.startswith("'messages' must be a non-empty list")


def test_the_report_for_people() -> None:
    with cleaned(MIXED, ALL) as done:
        lines = done.report.lines()
    assert lines[0].split() == ["step", "seen", "changed", "dropped"]
    assert lines[1] == "normalisation      10        2        0"
    assert lines[8] == "all                10        0        7"
    assert lines[9] == "language: 7 too short to judge, kept"
    assert "length: faq.jsonl, line 4: message 1 is empty" in lines
    assert "duplicates: faq.jsonl, line 3: the same as faq.jsonl, line 1" in lines


def test_a_report_shows_the_first_of_many() -> None:
    with cleaned(source(*" " * 8), settings(length={})) as done:
        lines = done.report.lines()
        assert len(done.report.steps[0].examples) == 5
    assert lines[-1] == "length: and 3 more"


def test_the_report_for_machines() -> None:
    with cleaned(MIXED, ALL) as done:
        plain = json.loads(json.dumps(done.report.to_json()))
    assert (plain["read"], plain["kept"], plain["dropped"]) == (10, 3, 7)
    assert plain["steps"][1]["examples"][0] == {
        "where": "faq.jsonl, line 4",
        "id": None,
        "reason": "message 1 is empty",
    }


def test_the_list_of_what_was_dropped() -> None:
    with cleaned(MIXED, ALL) as done:
        first = done.dropped()
        assert done.dropped() == first
    rows = [json.loads(line) for line in first.splitlines()]
    assert sorted(int(row["where"].split()[-1]) for row in rows) == [2, 3, 4, 5, 6, 7, 8]
    assert {tuple(row) for row in rows} == {("where", "id", "step", "reason")}
    for text in ("card", "weather", "Karte"):
        assert text not in first


def test_nothing_dropped_is_an_empty_list() -> None:
    with cleaned(source("a"), ALL.model_copy(update={"relevance": settings().relevance})) as done:
        assert done.dropped() == ""


def test_tasks_are_read_as_often_as_asked_for_even_at_once() -> None:
    with cleaned(MIXED, ALL) as done:
        once = list(done.tasks())
        pairs = list(zip(done.tasks(), done.tasks(), strict=True))
        assert pairs == [(task, task) for task in once]


def test_an_unusable_task_is_refused_by_default() -> None:
    with (
        pytest.raises(LabelConfigError, match=r"^faq\.jsonl, line 2: the last message must be"),
        cleaned(source("a", {"messages": ask("a", "b")["messages"][:2]}), settings()),
    ):
        pass


def test_a_task_is_checked_as_it_was_cleaned() -> None:
    with pytest.raises(LabelConfigError), cleaned(source("\u200b"), settings(normalisation={})):
        pass
    assert kept(source("\u200b"), settings(normalisation={}, length={})) == []


def test_other_fields_and_own_ids_are_kept() -> None:
    tasks = source(x=ask("a ", topic="cards", reference=" b "))
    with cleaned(tasks, settings(normalisation={})) as done:
        assert list(done.tasks()) == [
            SourceTask("x", ask("a", topic="cards", reference=" b "), "faq.jsonl, line 1")
        ]
        assert done.report.changed == 1


def test_no_tasks_at_all() -> None:
    with cleaned([], ALL) as done:
        assert list(done.tasks()) == []
        assert done.report.read == 0
        assert done.report.lines()


def test_all_that_is_on_by_default_needs_no_model() -> None:
    def no_encoder() -> Any:
        raise AssertionError("loaded")

    section = settings(normalisation={}, length={}, duplicates={})
    assert kept(source("a"), section, load_encoder=no_encoder) == ["a"]


def test_the_project_is_asked_for_only_where_tasks_are_compared_with_it() -> None:
    class Unasked(list[SourceTask]):
        def __iter__(self) -> Iterator[SourceTask]:
            raise AssertionError("asked")

    assert kept(source("a"), settings(normalisation={}, length={}), held=Unasked()) == ["a"]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_nothing_can_be_found_on_disk_meanwhile_or_afterwards(temporary: Path) -> None:
    with cleaned(MIXED, ALL) as done:
        list(done.tasks())
        assert done.dropped()
        assert list(temporary.iterdir()) == []
    assert list(temporary.iterdir()) == []


def test_no_room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with (
        pytest.raises(SyncError, match=r"gone: can't be written \(No such file.*TMPDIR"),
        cleaned([], ALL),
    ):
        pass


def test_an_error_of_a_source_comes_through() -> None:
    def broken() -> Iterator[SourceTask]:
        yield from source("a")
        raise SourceError("faq.jsonl, line 2: not JSON")

    with pytest.raises(SourceError, match="line 2"), cleaned(broken(), ALL):
        pass


words = st.lists(st.sampled_from(["card", "fees", "the", "lost", "please"]), max_size=4)
told = words.map(" ".join)
WITHOUT_LANGUAGE = settings(
    normalisation={},
    length={},
    duplicates={},
    relevance={"examples": ["lost card"]},
    near_duplicates={"threshold": 0.8},
    unusable="drop",
)


@given(st.lists(told, max_size=12), st.lists(told, max_size=4), st.integers(1, 5))
@hypothesis_settings(deadline=None, max_examples=60)
def test_every_task_is_kept_or_dropped_in_order_whatever_the_batches(
    said: list[str], known: list[str], size: int
) -> None:
    held = project(**{f"t{i}": text for i, text in enumerate(known)})
    tasks = source(*said)

    def run(engine: Engine) -> tuple[list[SourceTask], CleaningReport]:
        with cleaned(tasks, WITHOUT_LANGUAGE, held=held, engine=engine) as done:
            return list(done.tasks()), done.report

    left, report = run(LocalEngine())
    assert (left, report) == run(SmallBatches(size))
    lines = [int(task.where.split()[-1]) for task in left]
    assert lines == sorted(lines)
    assert report.read == len(said) == report.kept + sum(s.dropped for s in report.steps)
    assert report.kept == len(left)
    # what was kept is kept again, each under its own id
    by_id = project(**{str(task.id): task.data["messages"][0]["content"] for task in left})
    with cleaned(left, WITHOUT_LANGUAGE, held=by_id) as done:
        assert list(done.tasks()) == left


class SmallBatches:
    """An engine that cuts every batch into smaller ones."""

    def __init__(self, size: int) -> None:
        self._size = size

    def map_batches(
        self, batches: Iterable[pa.Table], function: BatchFunction
    ) -> Iterator[pa.Table]:
        for batch in batches:
            for start in range(0, batch.num_rows, self._size):
                yield function(batch.slice(start, self._size))


PERSONAL = "Write to anna.keller@example.org, please."


def redacting(**more: Any) -> Any:
    return settings(redaction={"key_file": ""}, **more)


def test_what_was_redacted_is_kept_for_kept_tasks_only(tmp_path: Path) -> None:
    tasks = source(PERSONAL, PERSONAL.replace("anna", "berta"), "No data.")
    keys = KeyFake()
    with cleaned(tasks, redacting(duplicates={}), folder=tmp_path, key_file=keys) as done:
        first, other = done.tasks()
        report = done.report
    assert keys.history == [(first.id, {"<EMAIL_1>": "anna.keller@example.org"})]
    assert first.data["messages"][0]["content"] == "Write to <EMAIL_1>, please."
    assert other.data["messages"][0]["content"] == "No data."
    assert [(s.step, s.changed, s.dropped) for s in report.steps] == [
        ("redaction", 2, 0),
        ("usable", 0, 0),
        ("duplicates", 0, 1),
    ]


def test_an_id_that_is_personal_data_is_shown_nowhere(tmp_path: Path) -> None:
    email = "anna.keller@example.org"
    tasks = source(**{email: " "})
    section = redacting(length={})
    with cleaned(tasks, section, folder=tmp_path) as done:
        shown = [done.dropped(), *done.report.lines(), str(done.report.to_json())]
    assert done.report.dropped == 1
    assert email not in "".join(shown)
