"""`FetchedTasks` gives back what came last, with the predictions that belong to it."""

from dataclasses import replace

from sync.table.pull.fetched_tasks import FetchedTasks
from sync.table.task_rows import Prediction
from sync.table.task_stamps import stamp_of
from tests.sync.builders import START, annotation, task_row


def draft(draft_id: int, version: str = "v1") -> Prediction:
    return Prediction(draft_id, version, 0.25, START, "[]")


def test_what_was_added_comes_back_by_id() -> None:
    rows = [task_row(2, [annotation(1)], [draft(5), draft(6)]), task_row(1)]
    with FetchedTasks() as fetched:
        fetched.add(rows)
        assert fetched.rows([1, 2, 3]) == rows[::-1]
        assert fetched.stamps == {row.task_id: stamp_of(row) for row in rows}


def test_the_last_one_added_wins_and_loses_its_old_predictions() -> None:
    with FetchedTasks() as fetched:
        fetched.add([task_row(1, [], [draft(5), draft(6)])])
        later = task_row(1, [annotation(1)], [draft(6, "v2")])
        fetched.add([later])
        assert fetched.rows([1]) == [later]
        assert fetched.model_versions() == {"v2": (1, START)}
        assert list(fetched.draft_ids()) == [(1, 6)]


def test_predictions_may_come_later_and_those_of_others_are_passed_over() -> None:
    with FetchedTasks() as fetched:
        fetched.add([task_row(1), task_row(2)])
        fetched.add_predictions([(2, draft(9)), (3, draft(10)), (2, draft(8))])
        whole = replace(task_row(2), predictions=(draft(8), draft(9)))
        assert fetched.rows([1, 2]) == [task_row(1), whole]
        assert fetched.stamps[2] == stamp_of(whole)
        fetched.add([task_row(2)])
        assert fetched.rows([2]) == [task_row(2)]
