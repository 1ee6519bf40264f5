"""Splits in an object store, and lines as they are written and read."""

import json
from pathlib import Path

import pytest

from sync.dataset.splits.split import split
from sync.dataset.splits.split_items import DROPPED
from sync.dataset.splits.stored_splits import Assigned, newest_of, read_split
from sync.dataset.splits.verify import verify
from sync.settings import Config, DataSection
from sync.settings.split import SplitSection
from sync.table.data_folder import data_folder
from tests.sync.dataset.splits.desk import PlantedEncoder, asked
from tests.sync.dataset.splits.planted import THRESHOLD
from tests.sync.served import object_store, store_variables


def test_an_object_store_will_do(tmp_path: Path) -> None:
    with object_store("bucket") as url:
        config = Config(
            folder=tmp_path,
            data=DataSection(dir="s3://bucket/here"),
            env=dict(store_variables(url)),
            split=SplitSection(near_duplicates=THRESHOLD),
        )
        folder = data_folder(config)
        folder.table().apply(7, [asked(i, f"t{i}") for i in range(1, 41)])
        made = split(config, load=lambda name: PlantedEncoder())
        assert made.is_new
        assert not split(config, load=lambda name: PlantedEncoder()).is_new
        stored = read_split(folder, 0)
        assert stored is not None
        assert (stored.lines, stored.manifest()) == (made.split.lines, made.split.manifest())
        assert verify(config, load=lambda name: PlantedEncoder()).failures == ()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "line",
    [
        Assigned("q1", 1, "train", "train", "q1"),
        Assigned("q1", 1, DROPPED, "validation", "q0"),
        Assigned("ключ\u2028", None, None, "test"),
    ],
)
def test_lines_go_there_and_back(line: Assigned) -> None:
    written = json.dumps(line.as_json())
    assert Assigned.from_json(json.loads(written)) == line


def test_of_several_splits_of_one_version_the_last_counts() -> None:
    names = ["v3-b", "v10-a", "v3-a"]
    found = [newest_of(names, version) for version in (2, 3, 9, 10, 11)]
    assert found == [None, "v3-a", "v3-a", "v10-a", "v10-a"]
