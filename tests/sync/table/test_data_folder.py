"""A data folder of this machine: files that are whole, a lock, and a place for each project."""

import io
from pathlib import Path

import pytest

from sync.common.errors import SyncError
from sync.dataset.release.places import release_place
from sync.settings import Config, DataSection
from sync.table.data_folder import LocalFolder, data_folder
from sync.table.object_store import ObjectStoreFolder, storage_options
from tests.sync.builders import config_in, task_row


def test_it_lies_where_the_configuration_says(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    folder = data_folder(config)
    folder.write("findings.jsonl", "{}\n")
    assert folder.location() == str(tmp_path / "labeltune-data")
    assert (tmp_path / "labeltune-data" / "findings.jsonl").read_text() == "{}\n"
    named = data_folder(config.model_copy(update={"project_name": "support"}))
    named.write("findings.jsonl", "")
    assert folder.read("findings.jsonl") == b"{}\n"
    assert named.location("a.json") == f"{folder.location()}/projects/support/a.json"
    assert named.location() == folder.location()


def test_projects_share_the_table(tmp_path: Path) -> None:
    LocalFolder(tmp_path, "projects/a").table().apply(7, [task_row(1)])
    table = LocalFolder(tmp_path, "projects/b").table()
    assert (table.path, table.project_ids()) == (tmp_path / "tasks", [7])


def test_what_is_not_there_is_none(tmp_path: Path) -> None:
    assert LocalFolder(tmp_path / "missing").read("a") is None
    (tmp_path / "file").touch()
    assert LocalFolder(tmp_path / "file").read("a") is None


def test_what_can_t_be_read_or_written_is_one_sentence(tmp_path: Path) -> None:
    folder = LocalFolder(tmp_path)
    (tmp_path / "a.json").mkdir()
    with pytest.raises(SyncError, match=r"a\.json: can't be read \(Is a directory\)"):
        folder.read("a.json")
    with pytest.raises(SyncError, match=r"a\.json: can't be written .* set data\.dir"):
        folder.write("a.json", "")


def test_one_writes_at_a_time(tmp_path: Path) -> None:
    one, two = LocalFolder(tmp_path, "projects/a"), LocalFolder(tmp_path, "projects/b")
    with (
        one.only_one("pull"),
        pytest.raises(SyncError, match="another `labeltune pull` is writing here"),
        two.only_one("pull"),
    ):
        pytest.fail("two at once")
    with two.only_one("pull"):
        pass


def test_sizes_are_of_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "tasks").mkdir()
    (tmp_path / "tasks" / "a.parquet").write_bytes(b"four")
    assert LocalFolder(tmp_path).table_sizes(["a.parquet", "gone.parquet"]) == {"a.parquet": 4}


def test_a_file_that_is_put_is_listed_and_comes_back(tmp_path: Path) -> None:
    folder = LocalFolder(tmp_path / "data", "projects/a")
    folder.put("exports/v1/a.jsonl", io.BytesIO(b"\xff one"))
    folder.put("exports/v1/a.jsonl", io.BytesIO(b"\xff two"))
    (_, written) = folder.written("exports")[0]
    assert folder.written("exports") == [("v1/a.jsonl", written)]
    folder.download("exports/v1/a.jsonl", tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"\xff two"
    with pytest.raises(SyncError, match="can't be read"):
        folder.download("exports/v1/gone.jsonl", tmp_path / "copy")


def test_a_file_that_goes_while_files_are_listed_is_passed_over(tmp_path: Path) -> None:
    folder = LocalFolder(tmp_path)
    folder.write("exports/v1/manifest.json", "{}")
    (tmp_path / "exports" / "going").symlink_to(tmp_path / "gone")
    assert [name for name, _ in folder.written("exports")] == ["v1/manifest.json"]
    assert folder.written("nothing") == []


# --- what an object store is told


def test_a_url_is_an_object_store(tmp_path: Path) -> None:
    config = Config(folder=tmp_path, data=DataSection(dir="s3://bucket/team"), project_name="a")
    folder = data_folder(config)
    assert isinstance(folder, ObjectStoreFolder)
    assert folder.location() == "s3://bucket/team"
    assert folder.location("exports/v1") == "s3://bucket/team/projects/a/exports/v1"
    assert folder.table().path == "s3://bucket/team/tasks"
    assert release_place(folder).path == folder.location("exports")


ENV = {
    "AWS_ACCESS_KEY_ID": "k",
    "AWS_SECRET_ACCESS_KEY": "s",
    "AWS_PROFILE": "",
    "HOME": "/root",
    "OPENAI_API_KEY": "sk",
    "LABEL_STUDIO_API_KEY": "a",
}


def test_the_environment_s_keys_are_the_store_s_alone() -> None:
    options = storage_options("s3://b", {}, ENV)
    assert {k: v for k, v in options.items() if k.isupper()} == {
        "AWS_ACCESS_KEY_ID": "k",
        "AWS_SECRET_ACCESS_KEY": "s",
    }


@pytest.mark.parametrize("key", ["region", "aws_region", "AWS_REGION"])
def test_the_environment_comes_before_the_file(key: str) -> None:
    assert storage_options("s3://b", {key: "here"}, ENV)[key] == "here"
    options = storage_options("s3://b", {key: "here"}, {**ENV, "AWS_REGION": "there"})
    assert [v for k, v in options.items() if "region" in k.lower()] == ["there"]


@pytest.mark.parametrize("key", ["endpoint", "endpoint_url", "AWS_ENDPOINT_URL"])
def test_an_endpoint_without_tls_is_taken_as_it_is_written(key: str) -> None:
    assert storage_options("s3://b", {key: "http://minio:9000"}, {})["AWS_ALLOW_HTTP"] == "true"
    for endpoint in ("https://minio:9000", "minio"):
        assert "AWS_ALLOW_HTTP" not in storage_options("s3://b", {key: endpoint}, {})
    options = storage_options("s3://b", {key: "http://x", "AWS_ALLOW_HTTP": "false"}, {})
    assert options["AWS_ALLOW_HTTP"] == "false"


def test_patience_is_the_user_s_to_set() -> None:
    assert storage_options("s3://b", {"retry_timeout": "300s"}, {})["retry_timeout"] == "300s"
    assert storage_options("s3://b", {}, {})["retry_timeout"] == "30s"
