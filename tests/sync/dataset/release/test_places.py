"""A release appears whole or not at all, is left alone when it is there, and mended if damaged."""

from pathlib import Path

import pytest

from sync.common.errors import ExportError, SyncError
from sync.dataset.release.places import FolderRelease, ReleasePlace, release_place
from sync.settings import Config
from sync.table.data_folder import DataFolder, data_folder
from sync.training_files.manifest.find_release import release_names
from sync.training_files.manifest.stored_release import read_release
from tests.sync.dataset.release.written import Row, write_release


def published(place: ReleasePlace, *rows: Row) -> bool:
    with place.building() as draft:
        write_release(draft, rows)
        return place.publish(draft)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return data_folder(Config(folder=tmp_path))


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    return tmp_path / "labeltune-data" / "exports"


def test_it_is_named_by_what_it_holds(folder: DataFolder, exports: Path) -> None:
    place = release_place(folder)
    assert place.path == str(exports)
    assert published(place, Row(1))
    release = read_release(Path(place.path))
    assert Path(place.path) == exports / f"v0-{release.id[:8]}"
    assert release.intact
    before = {path: path.stat().st_mtime_ns for path in Path(place.path).iterdir()}
    again = release_place(folder)
    assert not published(again, Row(1))
    assert again.path == place.path
    assert {path: path.stat().st_mtime_ns for path in Path(place.path).iterdir()} == before
    other = release_place(folder)
    assert published(other, Row(2))
    assert names(exports) == sorted(Path(p.path).name for p in (place, other))


@pytest.mark.parametrize("name", ["openai-chat.train.jsonl", "lineage.jsonl", "manifest.json"])
@pytest.mark.parametrize("gone", [False, True])
def test_a_damaged_one_is_written_again(folder: DataFolder, name: str, gone: bool) -> None:
    place = release_place(folder)
    published(place, Row(1))
    damaged = Path(place.path) / name
    content = damaged.read_bytes()
    if gone:
        damaged.unlink()
    else:
        damaged.write_bytes(b"{}")
    assert published(release_place(folder), Row(1))
    assert damaged.read_bytes() == content


def test_a_foreign_file_in_a_damaged_one_is_not_lost(folder: DataFolder) -> None:
    place = release_place(folder)
    published(place, Row(1))
    thesis = Path(place.path) / "thesis.tex"
    thesis.write_text("years of work")
    (Path(place.path) / "lineage.jsonl").write_text("")
    with pytest.raises(ExportError, match=r"holds 'thesis\.tex', which no export put there"):
        published(release_place(folder), Row(1))
    assert thesis.read_text() == "years of work"


def test_nothing_stays_of_one_that_fails(folder: DataFolder, exports: Path) -> None:
    with pytest.raises(SyncError, match="no line"), release_place(folder).building() as draft:
        write_release(draft, [Row(1)])
        raise SyncError("no line")
    assert not exports.exists()


def test_an_empty_folder_of_ones_own_stays(tmp_path: Path) -> None:
    with pytest.raises(SyncError), FolderRelease(tmp_path / "mine").building():
        (tmp_path / "mine").mkdir()
        raise SyncError("no line")
    assert (tmp_path / "mine").is_dir()


def test_a_folder_of_ones_own_is_replaced(tmp_path: Path) -> None:
    out = tmp_path / "release"
    for rows in ([Row(1)], [Row(1), Row(2, split="test")], [Row(3)]):
        assert published(FolderRelease(out), *rows)
        assert not published(FolderRelease(out), *rows)
    assert names(out) == ["lineage.jsonl", "manifest.json", "openai-chat.train.jsonl"]
    assert names(tmp_path) == ["release"]


def test_the_newest_table_version_is_the_last(folder: DataFolder, exports: Path) -> None:
    assert release_names(folder) == []
    for name in ("v10-ab", "v9-ab", "v2-cd", "mine", "v3-draft"):
        (exports / name).mkdir(parents=True)
        (exports / name / "manifest.json").write_text("{}")
    (exports / "v11-ab").mkdir()
    assert release_names(folder) == ["v2-cd", "v9-ab", "v10-ab"]
