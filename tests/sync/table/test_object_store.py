"""A data folder in an object store: a local S3, every verb, two writers at once, wrong keys."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from sync.common.errors import SyncError
from sync.dataset.release.export import export
from sync.dataset.release.export_report import ExportRequest
from sync.dataset.release.places import release_place
from sync.settings import Config, DataSection
from sync.table.data_folder import data_folder
from sync.table.history import history
from sync.table.object_store import ObjectStoreFolder
from sync.table.object_store_errors import store_error
from sync.table.task_table import TableError
from sync.training_files.manifest.find_release import opened, release_names
from tests.running import clean_environment, labeltune
from tests.sync.builders import annotation, result, task_row
from tests.sync.dataset.release.written import SOURCE, Row, write_release
from tests.sync.fakes import FakeLabelStudio
from tests.sync.served import configure, object_store, served, store_variables


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    with object_store("bucket") as url:
        yield url


@pytest.fixture
def config(store: str, tmp_path: Path) -> Config:
    data = DataSection(dir=f"s3://bucket/{tmp_path.name}")
    return Config(folder=tmp_path, data=data, env=dict(store_variables(store)))


@pytest.fixture
def folder(config: Config) -> ObjectStoreFolder:
    found = data_folder(config)
    assert isinstance(found, ObjectStoreFolder)
    return found


# --- files


def test_files_go_there_and_back(folder: ObjectStoreFolder) -> None:
    assert folder.read("a/b.json") is None
    for text in ("", "Zażółć\n", "x" * 10_000_000):
        folder.write("a/b.json", text)
        assert folder.read("a/b.json") == text.encode()


def test_the_table_goes_there_and_back(folder: ObjectStoreFolder) -> None:
    states = [[task_row(1)], [task_row(1, [annotation()]), task_row(2)]]
    for rows in states:
        folder.table().apply(7, rows)
    assert folder.table().rows(7) == states[1]
    assert folder.table(at=0).rows(7) == states[0]
    assert [v.tasks for v in history(folder.table())] == [2, 1]
    name = "_delta_log/00000000000000000000.json"
    assert folder.table_sizes([name, "gone"]).keys() == {name}
    assert folder.table_sizes([]) == {}


def test_an_export_s_manifest_comes_last(config: Config, folder: ObjectStoreFolder) -> None:
    folder.table().apply(7, [task_row(1, [annotation(1, result("An answer."))])])
    done = export(config, ExportRequest(["openai-chat"]))
    name = f"exports/{done.path.rpartition('/')[2]}"
    manifest = folder.read(f"{name}/manifest.json")
    assert manifest is not None
    content = folder.read(f"{name}/openai-chat.jsonl")
    assert content is not None
    assert json.loads(content)["messages"][-1]["content"] == "An answer."
    assert not export(config, ExportRequest(["openai-chat"])).written
    # as an upload leaves it that was interrupted
    folder.write(f"{name}/manifest.json", "")
    folder.write(f"{name}/openai-chat.jsonl", "half")
    assert export(config, ExportRequest(["openai-chat"])).written
    assert folder.read(f"{name}/openai-chat.jsonl") == content


def test_releases_are_listed_and_brought_here(folder: ObjectStoreFolder) -> None:
    assert release_names(folder) == []
    for version in (9, 10):
        place = release_place(folder)
        with place.building() as draft:
            write_release(draft, [Row(version)], replace(SOURCE, table_version=version))
            assert place.publish(draft)
    assert [name.partition("-")[0] for name in release_names(folder)] == ["v9", "v10"]
    with opened("latest", lambda: folder) as (path, release):
        assert path == place.path
        assert release.intact
        assert release.table_version == 10
    assert not release.folder.exists()


# --- two writers

WRITE = """
import sys
from pathlib import Path
from sync import settings as configuration
from sync.common.errors import SyncError
from sync.table.data_folder import data_folder
from tests.sync.builders import annotation, task_row
folder = data_folder(configuration.load(Path("labeltune.toml")))
first = int(sys.argv[1])
for number in range(10):
    row = task_row(first + number, [annotation()])
    while True:
        try:
            folder.table().apply(7, [row])
            break
        except SyncError as error:
            assert "another process wrote the table meanwhile" in str(error), error
"""


@pytest.mark.thorough
def test_two_who_write_at_once_lose_nothing(
    config: Config, folder: ObjectStoreFolder, store: str
) -> None:
    configure(config.folder, "", f'[data]\ndir = "{config.data.dir}"\n', **store_variables(store))
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE, first],
            cwd=config.folder,
            env=clean_environment(),
        )
        for first in ("100", "200")
    ]
    assert [writer.wait(120) for writer in writers] == [0, 0]
    stored = [row.task_id for row in folder.table().rows(7)]
    assert stored == [*range(100, 110), *range(200, 210)]
    assert len(history(folder.table())) == 20, "a refused writer has written nothing"


def test_the_later_of_two_is_told_and_has_written_nothing(folder: ObjectStoreFolder) -> None:
    folder.table().apply(7, [task_row(1)])
    slow = folder.table()
    assert slow.version == 0
    folder.table().apply(7, [task_row(1, [annotation()])])
    with pytest.raises(TableError, match=r"another process wrote .* run the same command again"):
        slow.apply(7, [task_row(1, n=2)])
    assert folder.table().rows(7) == [task_row(1, [annotation()])]


# --- every verb


def test_every_verb_end_to_end(store: str, tmp_path: Path) -> None:
    project = FakeLabelStudio()
    first = project.add()
    project.annotate(first, result("The first answer."))
    with served(project) as url:
        configure(tmp_path, url, '[data]\ndir = "s3://bucket/verbs"\n', **store_variables(store))

        def run(*arguments: str) -> dict[str, object]:
            done = labeltune(tmp_path, *arguments, "--json")
            assert done.returncode == 0, done.stderr
            found: dict[str, object] = json.loads(done.stdout)
            return found

        assert run("pull")["new"] == 1
        project.annotate(project.add(), result("The second answer."))
        project.delete(first)
        assert (run("pull")["deleted"], run("pull")["unchanged"]) == (1, 1)
        assert run("check")["path"] == "s3://bucket/verbs/findings.jsonl"
        now = run("export", "--format", "openai-chat")
        past = run("export", "--format", "openai-chat", "--at", "0")
        assert str(past["path"]).startswith("s3://bucket/verbs/exports/v0-")
        assert now["path"] != past["path"]
        versions = run("versions")["versions"]
        assert isinstance(versions, list)
        assert [v["tasks"] for v in versions] == [1, 1]
        assert run("versions", "--prune", "1")["files"] == 0
        status = run("status")
        assert status["findings"] == 0
        assert isinstance(status["table"], dict)
        assert status["table"]["rows"] == 1
    assert not (tmp_path / "labeltune-data").exists()
    assert {p.name for p in tmp_path.iterdir()} == {"labeltune.toml", ".env"}


# --- refusals


@pytest.fixture
def locked(store: str) -> Iterator[None]:
    """The store asks for a key that it knows; it knows none."""
    httpx.post(f"{store}/moto-api/reset-auth", content=b"0").raise_for_status()
    yield
    httpx.post(f"{store}/moto-api/reset-auth", content=b"inf").raise_for_status()


def use(folder: ObjectStoreFolder) -> Iterator[str]:
    """What each way of using the store is refused with."""
    for way in (
        lambda: folder.read("a"),
        lambda: folder.write("a", "text"),
        lambda: folder.table().version,
        lambda: folder.table().apply(7, [task_row(1)]),
        lambda: folder.table_sizes(["a"]),
    ):
        with pytest.raises(SyncError) as caught:
            way()
        said = str(caught.value)
        assert "\n" not in said
        assert "\x1b" not in said
        assert "-of-a-user" not in said
        yield said


@pytest.mark.usefixtures("locked")
def test_a_wrong_key_is_one_sentence(folder: ObjectStoreFolder) -> None:
    for said in use(folder):
        assert said.startswith("s3://bucket/")
        assert "the object store refuses the key" in said


def test_a_store_that_is_away_is_one_sentence(config: Config) -> None:
    env = config.env | {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    section = config.data.model_copy(update={"storage_options": {"max_retries": "0"}})
    found = data_folder(config.model_copy(update={"env": env, "data": section}))
    assert isinstance(found, ObjectStoreFolder)
    for said in use(found):
        assert "the object store can't be used (Connection refused" in said


def test_a_bucket_that_is_missing_is_one_sentence(config: Config) -> None:
    section = config.data.model_copy(update={"dir": "s3://nobody/a"})
    found = data_folder(config.model_copy(update={"data": section}))
    with pytest.raises(SyncError, match=r"s3://nobody/a.*: there is no such bucket"):
        found.table().apply(7, [task_row(1)])
    with pytest.raises(SyncError, match="s3://nobody/a/x: there is no such bucket"):
        found.write("x", "")


def test_a_wrong_key_as_a_user_sees_it(locked: None, store: str, tmp_path: Path) -> None:
    configure(tmp_path, "", '[data]\ndir = "s3://bucket/verbs"\n', **store_variables(store))
    done = labeltune(tmp_path, "check")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "s3://bucket/verbs/tasks: the object store refuses the key" in done.stderr


SAID = {
    "Error performing PUT http://169.254.169.254/latest/api/token in 1ms": "no key for this",
    "Server returned non-2xx status code\n \x1b[31m↳\x1b[0m 403 Forbidden": "refuses the key (403)",
    "<Code>SignatureDoesNotMatch</Code>": "refuses the key (SignatureDoesNotMatch)",
    "<Code>NoSuchBucket</Code>": "there is no such bucket",
    "<Code>SlowDown</Code> with key AKIA123": "can't be used (SlowDown)",
    "Generic S3 error\n  \x1b[31m↳\x1b[0m deep\n   \x1b[31m↳\x1b[0m deeper\n": "used (deeper)",
    "": "can't be used (no reason given)",
}


@pytest.mark.parametrize(("said", "shown"), SAID.items(), ids=SAID.values())
def test_what_a_store_says_is_cut_to_its_cause(said: str, shown: str) -> None:
    sentence = str(store_error("s3://b/a", OSError(said)))
    assert sentence.startswith("s3://b/a: ")
    assert shown in sentence
    assert "AKIA" not in sentence
