"""Pulled rows as finished work: neither batches nor what is known change anything."""

import pickle
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import label_configs
from label_configs import Interface
from label_configs.annotations.reviews import Verdicts
from sync.compute import LocalEngine
from sync.quality.decoded.known_tasks import DECODED_TASKS, read_known, unpickled, write_known
from sync.quality.decoded.task import DecodedTask, Decoding
from sync.quality.decoded.work import WorkAtHand, decode_rows, read_work, work_at_hand
from sync.records import Choosing, read_records
from sync.records.review_verdicts import newest_verdicts
from sync.settings import Config
from sync.settings.categories import CategorySection
from sync.table.task_rows import TaskRow
from sync.table.task_table import TaskTable
from tests.sync.builders import (
    INTERFACE,
    REVIEW,
    annotation,
    config_in,
    drafted,
    record,
    result,
    reviewed,
    task_row,
)


def tasks_of(
    rows: Sequence[TaskRow],
    choosing: Choosing | None = None,
    interface: Interface[Any] = INTERFACE,
) -> list[DecodedTask]:
    return decode_rows(rows, Decoding(interface, {}, choosing or Choosing(), None), LocalEngine())


def decode(rows: Sequence[TaskRow], choosing: Choosing | None = None) -> WorkAtHand:
    return work_at_hand(tasks_of(rows, choosing))


def every_kind(task_id: int) -> TaskRow:
    kinds = [
        [annotation(task_id, result(f"Answer {task_id}."))],
        [annotation(task_id, result(" "))],
        [annotation(task_id, [{"from_name": "response", "value": {}}])],
        [annotation(task_id, was_cancelled=True)],
        [],
    ]
    return task_row(task_id, kinds[task_id % 5])


def test_batches_together_are_what_all_rows_are() -> None:
    rows = [every_kind(i) for i in range(1100)]
    decoded = decode(rows)
    assert decoded.labelled == read_records(rows, INTERFACE)
    assert len(decoded.labelled.unreadable) == decoded.labelled.unlabeled == 220
    assert [sentence is None for sentence in decoded.missing] == [True, False] * 220


def test_no_rows_are_no_work() -> None:
    assert decode([]).labelled == read_records([], INTERFACE)


def test_what_a_reviewer_rejected_is_not_judged_again() -> None:
    rows = [task_row(i, [annotation(i)], labeltune_id=f"id-{i}") for i in (1, 2)]
    review = reviewed("id-1", "An answer.", decision="reject")
    verdicts = Verdicts(newest_verdicts([review], REVIEW))
    decoded = decode(rows, Choosing(verdicts=verdicts))
    assert [record.task_id for record in decoded.labelled.records] == [2]
    assert decoded.missing == (None,)


@pytest.mark.parametrize("name", sorted(label_configs.INTERFACES))
def test_records_of_every_interface_can_be_kept(name: str) -> None:
    interface = label_configs.load(name)
    data = dict(interface.example)
    finished = [annotation(1, interface.encode(interface.decode([])))]
    row = replace(task_row(1, finished, [drafted()]), data=task_row(**data).data)
    tasks = tasks_of([row], interface=interface)
    assert unpickled(pickle.dumps(tasks)) == tasks


def test_nothing_but_our_own_records_is_made_of_a_file() -> None:
    with pytest.raises(pickle.UnpicklingError, match=r"builtins\.print is no data class"):
        unpickled(pickle.dumps([print]))


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return config_in(tmp_path)


def store(config: Config, *rows: TaskRow) -> None:
    TaskTable(config.data_dir / "tasks").apply(7, rows)


class CountingEngine(LocalEngine):
    """Counts the rows that are decoded."""

    def __init__(self) -> None:
        self.rows = 0

    def map_batches(self, batches: Any, function: Any) -> Any:
        for batch in batches:
            self.rows += len(batch)
            yield function(batch)


def newly_decoded(config: Config, at: int | None = None) -> int:
    """How many rows are decoded, and that all say what they say without what is known."""
    engine = CountingEngine()
    tasks = read_work(config, at, engine).tasks
    path = config.data_dir / DECODED_TASKS
    aside = path.rename(path.with_name("aside")) if path.exists() else None
    assert tasks == read_work(config, at).tasks
    path.unlink(missing_ok=True)
    if aside is not None:
        aside.rename(path)
    return engine.rows


def test_only_rows_that_changed_are_decoded_again(config: Config) -> None:
    store(config, *map(every_kind, range(10)))
    assert newly_decoded(config) == 10
    assert newly_decoded(config) == 0
    store(config, task_row(3, [annotation(3, result("It changed."))]))
    assert newly_decoded(config) == 1
    store(config, every_kind(10))
    assert newly_decoded(config, at=0) == 1
    assert newly_decoded(config) == 1


def test_other_settings_decode_anew(config: Config) -> None:
    store(config, *map(every_kind, range(10)))
    assert newly_decoded(config) == 10
    tone = {"tone": CategorySection(labels=("warm", "cold"), otherwise="warm")}
    others = config.model_copy(update={"categories": tone})
    assert newly_decoded(others) == 10
    redacting = config.cleaning.redaction.model_copy(update={"on": True})
    cleaning = config.cleaning.model_copy(update={"redaction": redacting})
    assert newly_decoded(others.model_copy(update={"cleaning": cleaning})) == 10
    assert newly_decoded(config) == 10


@pytest.mark.parametrize("content", [b"", b"no table", b"ARROW1\0\0broken"])
def test_a_broken_file_costs_time_alone(config: Config, content: bytes) -> None:
    store(config, every_kind(0))
    assert newly_decoded(config) == 1
    (config.data_dir / DECODED_TASKS).write_bytes(content)
    assert newly_decoded(config) == 1
    assert newly_decoded(config) == 0


def test_a_part_that_was_lost_is_decoded_again(config: Config) -> None:
    store(config, every_kind(0))
    assert newly_decoded(config) == 1
    path = config.data_dir / DECODED_TASKS
    content = path.read_bytes()
    changed = content.replace(b"Answer 0.", b"Answer 9.")
    assert changed != content
    path.write_bytes(changed)
    assert newly_decoded(config) == 1


def test_nothing_is_kept_of_what_was_deleted(config: Config) -> None:
    path, table = config.data_dir / DECODED_TASKS, TaskTable(config.data_dir / "tasks")
    store(config, *map(every_kind, range(10)))
    assert newly_decoded(config) == 10
    assert b"Answer 5." in path.read_bytes()
    table.apply(7, [task_row(0, [annotation(3, result("It changed."))])], deleted=[5])
    assert newly_decoded(config) == 1
    assert b"Answer 5." not in path.read_bytes()
    assert b"Answer 0." not in path.read_bytes()


def test_what_another_wrote_meanwhile_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / DECODED_TASKS
    one, other = ({digest * 16: DecodedTask((record(),), "accepted")} for digest in (b"1", b"2"))
    write_known(path, one)
    write_known(path, other)
    assert read_known(path) == other
    assert [each.name for each in tmp_path.iterdir()] == [DECODED_TASKS]
