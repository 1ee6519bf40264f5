"""The backend of a project: told of new settings once, and of nothing where nothing is new."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from drafting.draft_version import model_version
from drafting.project_settings import OURS, ProjectSettings
from sync.intake.push.backend_of_project import connect_backend, last_push
from sync.intake.push.backend_params import backend_settings, changed_settings
from sync.settings import Config
from tests.sync.builders import config_in

DIGEST = "0" * 64


class BackendsFake:
    """The backends of one project, kept as JSON as Label Studio keeps them.

    Attributes:
        calls: names of the calls that changed something.
    """

    def __init__(self, *backends: dict[str, Any]) -> None:
        self.kept: list[dict[str, Any]] = list(backends)
        self.calls: list[str] = []

    def backends(self, project_id: int) -> list[dict[str, Any]]:
        """As listed: Label Studio then asks the backend for its version."""
        for backend in self.kept:
            settings = ProjectSettings.from_extra_params(backend["extra_params"])
            backend |= {"model_version": model_version(settings), "readable_state": "Connected"}
        return [dict(backend) for backend in self.kept]

    def add_backend(self, fields: Mapping[str, Any]) -> None:
        self.calls.append("add_backend")
        self.kept.append({"id": 3, **json.loads(json.dumps(fields))})

    def update_backend(self, backend_id: int, fields: Mapping[str, Any]) -> None:
        self.calls.append("update_backend")
        self.kept[0] |= json.loads(json.dumps(fields))

    def update_project(self, project_id: int, fields: Mapping[str, Any]) -> None:
        self.calls.append("update_project")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return config_in(tmp_path)


def connect(config: Config, client: Any, version: str) -> str:
    project = {"id": 7, "model_version": version}
    return connect_backend(config, client, project, "", DIGEST, interactive=True)


def test_the_same_push_once_more_changes_nothing(config: Config) -> None:
    client = BackendsFake()
    version = connect(config, client, "")
    assert client.calls == ["add_backend", "update_backend", "update_project"]  # title and version
    client.calls.clear()
    assert connect(config, client, version) == version
    assert client.calls == []


class OverwrittenOnce(BackendsFake):
    """Somebody lists backends while one is changed: Label Studio stores what was there before."""

    overwritten = False

    def backends(self, project_id: int) -> list[dict[str, Any]]:
        listed = super().backends(project_id)
        if "update_backend" in self.calls and not self.overwritten:
            self.overwritten = True
            self.kept[0] |= {"extra_params": self.before}
            listed = super().backends(project_id)
        return listed

    def update_backend(self, backend_id: int, fields: Mapping[str, Any]) -> None:
        self.before = self.kept[0]["extra_params"]
        super().update_backend(backend_id, fields)


def test_settings_that_another_listing_overwrote_are_sent_again(config: Config) -> None:
    client = OverwrittenOnce()
    before = connect(config, client, "")
    client.calls.clear()
    client.overwritten = False
    told = {"id": 7, "model_version": before}
    version = connect_backend(config, client, told, "Be brief.", DIGEST, interactive=True)
    assert client.overwritten
    assert version == model_version(backend_settings(config, "Be brief.")) != before
    assert client.kept[0]["extra_params"][OURS]["guidelines"] == "Be brief."


def test_what_was_pushed_before_formats_is_written_once_and_drafts_stay(config: Config) -> None:
    pushed = json.loads(json.dumps(backend_settings(config, "", DIGEST).to_extra_params()))
    for name in ("format", "annotation", "reviews"):  # what LabelTune did not write then
        del pushed[OURS][name]
    version = model_version(backend_settings(config, ""))
    client = BackendsFake(
        {
            "id": 3,
            "project": 7,
            "url": config.backend.url,
            "is_interactive": True,
            "title": version,
            "extra_params": pushed,
        }
    )
    before = last_push(client, 7)  # type: ignore[arg-type]
    assert before is not None
    assert changed_settings(before, backend_settings(config, "", DIGEST)) == ()
    assert connect(config, client, version) == version
    assert client.calls == ["update_backend"]
    assert client.kept[0]["extra_params"][OURS]["format"] == 1
    assert connect(config, client, version) == version
    assert client.calls == ["update_backend"]


@pytest.mark.parametrize("extra_params", [None, {}, "not JSON", {"other": 1}, {OURS: None}])
def test_a_backend_of_somebody_else_s_was_never_pushed(extra_params: Any) -> None:
    client = BackendsFake()
    client.backends = lambda _project: [{"extra_params": extra_params}]  # type: ignore[method-assign]
    assert last_push(client, 7) is None  # type: ignore[arg-type]


def test_a_push_is_found_in_json_text(config: Config) -> None:
    client = BackendsFake()
    text = json.dumps(backend_settings(config, "").to_extra_params())
    client.backends = lambda _project: [{"extra_params": text}]  # type: ignore[method-assign]
    pushed = last_push(client, 7)  # type: ignore[arg-type]
    assert pushed is not None
    assert pushed["format"] == 1
