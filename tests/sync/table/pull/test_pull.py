"""Pulling: the table ends up as Label Studio is, with as few requests as can be."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from connectors.errors import LabelStudioError
from connectors.task_pages import TaskPage
from sync.common.errors import SyncError
from sync.table.pull import changes, fetch, pull
from tests.sync.builders import config_in
from tests.sync.desk import Desk, tally
from tests.sync.fakes import FakeLabelStudio


def test_the_first_pull_fetches_everything(desk: Desk) -> None:
    for _ in range(5):
        desk.client.annotate(desk.client.add())
    report = desk.pull()
    assert tally(report) == (5, 0, 0, 0)
    assert (report.tasks, report.table_version) == (5, 0)
    assert desk.rows() == desk.truth()


def test_a_second_pull_fetches_nothing_and_makes_no_version(desk: Desk) -> None:
    for _ in range(5):
        desk.client.annotate(desk.client.add())
    desk.pull()
    report = desk.pull()
    assert tally(report) == (0, 0, 0, 5)
    assert report.table_version == 0
    # the project, and one short listing of the window before the cursor
    assert report.requests == len(desk.client.history) == 2


def test_an_empty_project_is_fine(desk: Desk) -> None:
    report = desk.pull()
    assert tally(report) == (0, 0, 0, 0)
    assert report.table_version is None


def test_without_the_project_it_says_to_push(desk: Desk) -> None:
    desk.client.title = "Something else"
    with pytest.raises(SyncError, match=r"no project 'Support answers'; run `labeltune push`"):
        desk.pull()


Change = Callable[[FakeLabelStudio, int], object]
CHANGES: dict[str, Change] = {
    "annotated": lambda client, task: client.annotate(task),
    "skipped": lambda client, task: client.annotate(task, was_cancelled=True),
    "drafted": lambda client, task: client.predict(task),
    "drafted in bulk": lambda client, task: client.predict(task, in_bulk=True),
    "drafted again in bulk": lambda client, task: client.draft_again(task),
    "drafts deleted in bulk": lambda client, task: client.tasks[task]["predictions"].clear(),
}


@pytest.mark.parametrize("minutes", [0, 60])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_one_changed_task_is_one_changed_row(desk: Desk, change: Change, minutes: int) -> None:
    tasks = [desk.client.add() for _ in range(4)]
    desk.client.predict(tasks[1])
    desk.client.wait(60)
    desk.client.touch(tasks[-1])
    desk.pull()
    desk.client.wait(60 * minutes)
    change(desk.client, tasks[1])
    report = desk.pull()
    assert tally(report) == (0, 1, 0, 3)
    assert desk.rows() == desk.truth()
    assert tally(desk.pull()) == (0, 0, 0, 4)


def test_an_edited_annotation_is_fetched(desk: Desk) -> None:
    task = desk.client.add()
    desk.client.annotate(task, [{"text": "before"}])
    desk.pull()
    desk.client.edit(task, [{"text": "after"}])
    assert tally(desk.pull()) == (0, 1, 0, 0)
    assert desk.rows()[0].annotations[0].items() == [{"text": "after"}]


def test_deleted_tasks_are_found_and_deleted_with_the_rest_in_one_version(desk: Desk) -> None:
    tasks = [desk.client.add() for _ in range(5)]
    desk.pull()
    desk.client.delete(tasks[0])
    desk.client.delete(tasks[3])
    desk.client.add()  # the count alone would hide one of them
    report = desk.pull()
    assert tally(report) == (1, 0, 2, 3)
    assert report.table_version == 1
    assert desk.rows() == desk.truth()


def test_a_late_commit_inside_the_window_is_fetched(desk: Desk) -> None:
    early, late = desk.client.add(), desk.client.add()
    desk.client.annotate(early, [{"text": "before"}])
    stamp = desk.client.tasks[early]["updated_at"]
    desk.client.wait(3)
    desk.client.touch(late)
    desk.pull()
    # an edit that began before the pull and was committed after it; no counter tells of it
    desk.client.edit(early, [{"text": "after"}])
    desk.client.touch(early, at=stamp.replace("12:00:00", "12:00:02"))
    assert tally(desk.pull()) == (0, 1, 0, 1)
    assert desk.rows() == desk.truth()


def test_a_row_that_is_fetched_again_but_is_the_same_is_unchanged(desk: Desk) -> None:
    first, second = desk.client.add(), desk.client.add()
    desk.pull()
    desk.client.predict(first, in_bulk=True)  # fetched from this one on, so the second one too
    assert desk.client.tasks[first]["updated_at"] < desk.client.tasks[second]["updated_at"]
    assert tally(desk.pull()) == (0, 1, 0, 1)


def test_more_tasks_at_one_time_than_fit_a_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "PAGE_SIZE", 3)
    monkeypatch.setattr(changes, "LISTING_PAGE_SIZE", 3)
    tasks = [desk.client.add() for _ in range(20)]
    desk.client.touch(*tasks)
    desk.pull()
    desk.client.touch(*tasks[4:])
    assert tally(desk.pull()) == (0, 16, 0, 4)
    assert desk.rows() == desk.truth()


def test_a_task_that_changes_between_pages_hides_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "PAGE_SIZE", 4)
    tasks = iter([desk.client.add() for _ in range(12)])
    busy = [next(tasks) for _ in range(3)]
    desk.client.meanwhile = lambda: desk.client.annotate(busy.pop()) if busy else None
    report = desk.pull()
    assert report.new == 12
    desk.client.meanwhile = lambda: None
    desk.pull()
    assert desk.rows() == desk.truth()


class FailingLabelStudio(FakeLabelStudio):
    """Goes away after some pages."""

    pages_left = 2

    def task_pages(self, *args: object, **kwargs: object) -> Iterator[TaskPage]:
        if self.pages_left == 0:
            raise LabelStudioError("gone")
        self.pages_left -= 1
        return super().task_pages(*args, **kwargs)  # type: ignore[arg-type]


def test_a_failure_in_the_middle_leaves_the_table_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "PAGE_SIZE", 4)
    desk = Desk(FailingLabelStudio(), config_in(tmp_path))
    assert isinstance(desk.client, FailingLabelStudio)
    for _ in range(12):
        desk.client.add()
    with pytest.raises(LabelStudioError):
        desk.pull()
    assert desk.rows() == []
    desk.client.pages_left = 99
    desk.pull()
    before = desk.rows()
    desk.client.pages_left = 2
    desk.client.touch(*desk.client.tasks)
    with pytest.raises(LabelStudioError):
        desk.pull()
    assert desk.rows() == before


def test_two_pulls_at_once_are_refused(desk: Desk) -> None:
    desk.config.data_dir.mkdir()
    with (
        FileLock(desk.config.data_dir / ".pull.lock"),
        pytest.raises(SyncError, match="another `labeltune pull`"),
    ):
        desk.pull()


def test_a_data_folder_that_is_a_file_is_one_sentence(desk: Desk) -> None:
    desk.config.data_dir.write_text("in the way")
    with pytest.raises(SyncError, match="can't be written"):
        desk.pull()


def test_progress_ends_at_its_total(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "PAGE_SIZE", 4)
    for _ in range(10):
        desk.client.add()
    seen: list[tuple[int, int]] = []
    pull(desk.config, desk.client, lambda done, total: seen.append((done, total)))
    assert seen[0] == (4, 10)
    assert seen[-1] == (10, 10)
