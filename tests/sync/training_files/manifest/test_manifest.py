"""What a manifest says, and what it must not."""

import json
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from sync.common.errors import SyncError
from sync.settings import Config, LabelStudioSection
from sync.training_files.manifest.manifest import (
    SETTINGS,
    read_manifest,
    release_id,
    release_name,
    settings_of,
)
from sync.training_files.manifest.stored_release import read_release
from tests.sync.dataset.release.written import SOURCE, Row, write_release

# of labeltune.toml: nothing that an export holds depends on them, or the manifest says what was
# done instead
ELSEWHERE = {
    *("backend", "llm", "embedding", "data", "sources", "cleaning", "training"),
    *("split", "targets", "mix", "projects", "queue", "checks"),
    *("review", "experts", "finetune", "evaluate"),
    *("project_name", "siblings", "folder", "api_key", "env"),
}


def test_every_setting_is_either_told_or_known_not_to_matter() -> None:
    assert set(Config.model_fields) - SETTINGS.keys() <= ELSEWHERE
    assert not SETTINGS.keys() & ELSEWHERE
    assert SETTINGS["label_studio"] <= LabelStudioSection.model_fields.keys()


def test_settings_hold_nothing_of_the_machine_and_no_secret(tmp_path: Path) -> None:
    config = Config(
        folder=tmp_path,
        api_key="k" * 40,
        env={"OPENAI_API_KEY": "s3cret"},
        label_studio=LabelStudioSection(url="http://u:s3cret@127.0.0.1:8080"),
    )
    said = json.dumps(settings_of(config))
    assert not any(word in said for word in (str(tmp_path), "kkkk", "s3cret", "127.0.0.1"))
    assert settings_of(config)["label_studio"] == {"interface": "chat_response", "categories": []}


def test_it_names_every_file_with_its_hash(tmp_path: Path) -> None:
    manifest = write_release(
        tmp_path / "r", [Row(1), Row(2, split="test")], companions={"README.md": "é\n"}
    )
    assert json.loads((tmp_path / "r" / "manifest.json").read_bytes()) == manifest
    release = read_release(tmp_path / "r")
    assert release.intact
    assert [file["file"] for file in manifest["files"]] == [
        "openai-chat.train.jsonl",
        "openai-chat.test.jsonl",
    ]
    assert (release.records, release.table_version) == (2, 0)
    for name in ("openai-chat.test.jsonl", "lineage.jsonl", "README.md"):
        path = tmp_path / "r" / name
        content = path.read_bytes()
        path.write_bytes(content + b" ")
        assert release.damage() == [name]
        path.unlink()
        assert release.damage() == [name]
        path.write_bytes(content)
    assert release.intact
    path = tmp_path / "r" / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"project": "S', b'"project": "T'))
    assert read_release(tmp_path / "r").damage() == ["manifest.json"]


def test_the_same_release_has_the_same_bytes_wherever_it_is_written(tmp_path: Path) -> None:
    zone = timezone(timedelta(hours=9))
    elsewhere = replace(SOURCE, committed_at=SOURCE.committed_at.astimezone(zone))
    first = write_release(tmp_path / "a", [Row(1)])
    second = write_release(tmp_path / "b" / "c", [Row(1)], elsewhere)
    assert first == second
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b/c" / name).read_bytes()
    said = (tmp_path / "a" / "manifest.json").read_text()
    assert str(tmp_path) not in said


def test_its_id_is_of_all_that_it_says(tmp_path: Path) -> None:
    manifests = [
        write_release(tmp_path / "a", [Row(1)]),
        write_release(tmp_path / "b", [Row(1, "Another answer.")]),
        write_release(tmp_path / "c", [Row(1, annotator=2)]),
        write_release(tmp_path / "d", [Row(1)], replace(SOURCE, settings={})),
        write_release(tmp_path / "e", [Row(1)], companions={"README.md": ""}),
        write_release(tmp_path / "f", [Row(1)], counts={"exported": 1}),
        write_release(tmp_path / "g", [Row(1)], replace(SOURCE, table_version=1)),
    ]
    assert len({manifest["release"] for manifest in manifests}) == len(manifests)
    for manifest in manifests:
        assert manifest["release"] == release_id(manifest)
    assert release_name(manifests[6]) == f"v1-{manifests[6]['release'][:8]}"


def test_credentials_of_a_url_are_left_out(tmp_path: Path) -> None:
    source = replace(SOURCE, label_studio="https://user:s3cret@labels.example:8443/ls?x=1")
    manifest = write_release(tmp_path, [Row(1)], source)
    assert manifest["label_studio"] == "https://labels.example:8443/ls?x=1"


def test_half_of_a_surrogate_pair_is_written_as_json_has_it(tmp_path: Path) -> None:
    manifest = write_release(tmp_path, [Row(1)], categories={"\ud800": {"a": 1}})
    content = (tmp_path / "manifest.json").read_bytes()
    assert read_manifest(content) == manifest
    assert read_release(tmp_path).intact


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"files": [{"file": "index.html"}]}',
        b'{"labeltune": "1", "files": [{"name": "index.html"}]}',
        b'{"labeltune": "1", "files": 3}',
    ],
)
def test_other_manifests_are_not_ours(tmp_path: Path, content: bytes) -> None:
    assert read_manifest(content) is None
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(SyncError, match="not the manifest of an export"):
        read_release(tmp_path)


def test_an_export_of_an_earlier_version_has_no_lineage(tmp_path: Path) -> None:
    old = {"labeltune": "0.0.9", "created_at": "2026-01-01", "table_version": 3, "files": []}
    (tmp_path / "manifest.json").write_text(json.dumps(old))
    with pytest.raises(SyncError, match=r"earlier version, which kept no lineage; .*--at"):
        read_release(tmp_path)


def test_a_folder_without_a_manifest_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(SyncError, match="not a release"):
        read_release(tmp_path)
