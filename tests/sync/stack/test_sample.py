from pathlib import Path

import pytest

import sync.settings
from sync.stack.models import MODELS
from sync.stack.project_file import SAMPLE_CATEGORIES, SAMPLE_TITLE
from sync.stack.sample import write_sample_files
from sync.stack.settings import Settings

SMALL = MODELS["smollm2-135m"]


def settings(port: int, backend_port: int) -> Settings:
    return Settings(port, backend_port, 9192, SMALL, "http://127.0.0.1:9192/v1", SMALL.name)


@pytest.fixture(autouse=True)
def no_overrides(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LABEL_STUDIO_URL", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def test_first_start_writes_what_runs(tmp_path: Path) -> None:
    write_sample_files(tmp_path / "labeltune.toml", settings(8181, 9191))
    config = sync.settings.load(tmp_path / "labeltune.toml")
    assert config.label_studio.project == SAMPLE_TITLE
    assert config.label_studio.categories == SAMPLE_CATEGORIES
    assert config.label_studio.url == "http://127.0.0.1:8181"
    assert config.backend.url == "http://127.0.0.1:9191"
    assert (config.llm.base_url, config.llm.model) == ("http://127.0.0.1:9192/v1", SMALL.name)
    assert "Harbour & Vale" in config.guidelines_text()


def test_later_start_moves_addresses_and_keeps_edits(tmp_path: Path) -> None:
    path, guidelines = tmp_path / "labeltune.toml", tmp_path / "guidelines.md"
    write_sample_files(path, settings(8181, 9191))
    path.write_text(path.read_text().replace("samples = 4", "samples = 2  # faster"))
    guidelines.write_text("mine")
    edited = path.read_text()
    write_sample_files(path, settings(8181, 9999))
    assert path.read_text() == edited.replace("9191", "9999")
    assert guidelines.read_text() == "mine"


def test_guidelines_that_are_there_are_kept(tmp_path: Path) -> None:
    (tmp_path / "guidelines.md").write_text("mine")
    write_sample_files(tmp_path / "labeltune.toml", settings(8181, 9191))
    assert (tmp_path / "guidelines.md").read_text() == "mine"
