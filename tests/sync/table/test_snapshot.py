"""The configured project as it was pulled, at any version."""

from datetime import UTC
from pathlib import Path

import pytest

from sync.common.errors import SyncError
from sync.table import last_runs
from sync.table.data_folder import data_folder
from sync.table.snapshot import open_snapshot
from sync.table.task_table import TaskTable
from tests.sync.builders import config_in
from tests.sync.table.aged import age, days_ago, make


def test_a_snapshot_streams_what_its_version_holds(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    versions = make(tmp_path / "labeltune-data" / "tasks")
    for at, expected in [(None, versions[-1]), *enumerate(versions)]:
        opened = open_snapshot(config, at)
        assert list(opened.rows()) == expected
        assert list(opened.rows()) == expected  # and again
        version = len(versions) - 1 if at is None else at
        assert (opened.project_id, opened.table_version) == (7, version)
        assert opened.past == (at is not None)


def test_a_version_was_made_when_its_log_says(tmp_path: Path) -> None:
    """Whoever looks at it, and however many came after it."""
    config = config_in(tmp_path)
    table = tmp_path / "labeltune-data" / "tasks"
    make(table)
    age(table, 30, 20, 10)
    for at, days in ((0, 30), (1, 20), (2, 10), (None, 10), (days_ago(15), 20)):
        made = open_snapshot(config, at).committed_at
        assert abs((made - days_ago(days)).total_seconds()) < 3600
        assert made.tzinfo is UTC
    assert open_snapshot(config, 1).committed_at == open_snapshot(config, 1).committed_at


def test_what_is_pulled_meanwhile_is_not_seen(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    path = tmp_path / "labeltune-data" / "tasks"
    *_, newest = make(path)
    opened = open_snapshot(config)
    TaskTable(path).apply(7, [], deleted=[newest[0].task_id])
    assert list(opened.rows()) == newest
    assert list(open_snapshot(config).rows()) == newest[1:] != []
    assert open_snapshot(config, opened.table_version).committed_at == opened.committed_at


def test_the_log_s_entry_may_not_tell_the_time(tmp_path: Path) -> None:
    path = tmp_path / "labeltune-data" / "tasks"
    make(path)
    (path / "_delta_log" / f"{2:020}.json").write_text('{"commitInfo": {}}\n')
    config = config_in(tmp_path)
    with pytest.raises(SyncError, match="does not say when"):
        open_snapshot(config)


def test_before_the_first_pull_there_is_nothing_to_open(tmp_path: Path) -> None:
    with pytest.raises(SyncError, match="nothing pulled yet; run `labeltune pull`"):
        open_snapshot(config_in(tmp_path))


def test_another_project_s_pull_is_not_this_one_s(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    make(tmp_path / "labeltune-data" / "tasks")
    last_runs.note(data_folder(config), "pull", {"project": "Another", "project_id": 9})
    with pytest.raises(SyncError, match="the last pull was not of project 'Support answers'"):
        open_snapshot(config)
