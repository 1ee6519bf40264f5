"""Pruning takes what only old versions need, and nothing else."""

import os
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sync.common.errors import SyncError
from sync.table.data_folder import LocalFolder
from sync.table.history import history, version_at
from sync.table.prune import prune
from sync.table.task_table import TaskTable
from tests.sync.table.aged import age, days_ago, make


@pytest.fixture
def folder(tmp_path: Path) -> LocalFolder:
    return LocalFolder(tmp_path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tasks"


def test_no_table_is_pruned_to_nothing(folder: LocalFolder) -> None:
    done = prune(folder, timedelta(days=1), dry_run=False)
    assert (done.files, done.bytes, done.versions, done.oldest) == (0, 0, 0, None)


def test_not_while_a_pull_is_running(folder: LocalFolder, path: Path) -> None:
    make(path)
    with (
        folder.only_one("pull"),
        pytest.raises(SyncError, match="another `labeltune pull` is writing here"),
    ):
        prune(folder, timedelta(days=1), dry_run=False)


def parquet(path: Path) -> dict[str, int]:
    return {file.name: file.stat().st_size for file in path.glob("*.parquet")}


def test_pruning_takes_what_only_old_versions_need(folder: LocalFolder, path: Path) -> None:
    states = make(path)
    age(path, 40, 35, 2)
    before = parquet(path)
    planned = prune(folder, timedelta(days=30), dry_run=True)
    assert parquet(path) == before
    assert TaskTable(path).version == 2
    done = prune(folder, timedelta(days=30), dry_run=False)
    assert done == replace(planned, dry_run=False)
    gone = before.keys() - parquet(path).keys()
    assert (len(gone), done.bytes) == (done.files, sum(before[name] for name in gone))
    # version 1 was the newest until two days ago
    assert (done.files, done.versions, done.oldest) == (1, 1, 1)
    for version in (1, 2):
        assert TaskTable(path, at=version_at(TaskTable(path), version)).rows(7) == states[version]
    with pytest.raises(SyncError, match=r"version 0 was pruned; there are versions 1 \(20"):
        version_at(TaskTable(path), 0)
    with pytest.raises(SyncError, match=r"version at .* was pruned"):
        version_at(TaskTable(path), days_ago(36))
    found = [(v.version, v.operation, v.readable) for v in history(TaskTable(path))]
    assert found[-3:] == [(2, "pull", True), (1, "pull", True), (0, "pull", False)]
    assert [operation for _, operation, _ in found[:-3]] == ["prune", "prune"]
    assert TaskTable(path).rows(7) == states[-1]
    again = prune(folder, timedelta(days=30), dry_run=False)
    assert (again.files, again.bytes, again.versions) == (0, 0, 0)
    assert TaskTable(path).version == 4, "with nothing to prune there is nothing to note"


def test_pruning_takes_the_leftovers_of_killed_pulls(folder: LocalFolder, path: Path) -> None:
    make(path)
    for name, days in (("part-old.parquet", 40), ("part-young.parquet", 1)):
        (path / name).write_bytes(b"half")
        then = time.time() - days * 86400
        os.utime(path / name, (then, then))
    done = prune(folder, timedelta(days=30), dry_run=False)
    assert (done.files, done.bytes, done.versions) == (1, 4, 0)
    assert "part-old.parquet" not in parquet(path)
    assert "part-young.parquet" in parquet(path)


def test_the_newest_version_stays_whatever_its_age(folder: LocalFolder, path: Path) -> None:
    states = make(path)
    age(path, 400, 399, 398)
    prune(folder, timedelta(days=1), dry_run=False)
    assert TaskTable(path).rows(7) == states[-1]
    assert version_at(TaskTable(path), 2) == 2
