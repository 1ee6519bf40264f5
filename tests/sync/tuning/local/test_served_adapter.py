"""Which model `llm.model = "tuned:NAME"` is, and what is said where it can't be served."""

from dataclasses import replace
from pathlib import Path

import pytest

from sync import settings
from sync.common.errors import SyncError
from sync.settings import Config
from sync.stack.models import MODELS, TunedModel
from sync.table.data_folder import data_folder
from sync.tuning.local.base_model import file_digest
from sync.tuning.local.served_adapter import tuned_model
from sync.tuning.models.model_entry import ModelEntry, ModelPlace
from sync.tuning.models.model_folder import write_entry
from tests.sync.tuning.models.entries import ENTRY

SMALL = MODELS["smollm2-135m"]
LOCAL = replace(
    ENTRY,
    name="bank",
    base=SMALL.name,
    way="local",
    place=ModelPlace(adapter="adapter", adapter_gguf="adapter.gguf", base_gguf="/cache/base.gguf"),
    settings={"digests": {"base": SMALL.sha256}},
)


def configured(folder: Path, entry: ModelEntry, more: str = "") -> Config:
    (folder / "labeltune.toml").write_text(f'[llm]\nmodel = "tuned:bank"\n{more}')
    config = settings.load(folder / "labeltune.toml")
    first = next(iter(config.projects), None)
    write_entry(data_folder(config.for_project(first)), entry)
    return config


def test_a_known_base_is_served_with_the_adapter(tmp_path: Path) -> None:
    adapter = tmp_path / "labeltune-data" / "models" / "bank" / "adapter.gguf"
    assert tuned_model(configured(tmp_path, LOCAL)) == TunedModel("tuned:bank", SMALL, adapter)


def test_it_is_found_from_any_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(tmp_path, LOCAL)
    monkeypatch.chdir(tmp_path)
    found = tuned_model(settings.load(Path("labeltune.toml")))
    assert found is not None
    assert found.adapter == tmp_path / "labeltune-data" / "models" / "bank" / "adapter.gguf"


def test_the_models_of_every_project_are_found(tmp_path: Path) -> None:
    projects = '[projects.a]\nproject = "A project"\n[projects.b]\nproject = "B project"\n'
    found = tuned_model(configured(tmp_path, LOCAL, projects))
    assert found is not None
    assert found.adapter.parts[-4:] == ("a", "models", "bank", "adapter.gguf")


def test_a_base_of_the_users_stays_where_it_is(tmp_path: Path) -> None:
    own = tmp_path / "own.gguf"
    own.write_bytes(b"GGUF")
    place = replace(LOCAL.place, base_gguf=str(own))
    entry = replace(LOCAL, place=place, settings={"digests": {"base": file_digest(own)}})
    found = tuned_model(configured(tmp_path, entry))
    assert found is not None
    assert (found.base.own, found.base.sha256, found.base.size) == (own, file_digest(own), 4)
    own.unlink()
    with pytest.raises(SyncError, match="the base of tuned:bank is gone"):
        tuned_model(configured(tmp_path, entry))


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (ENTRY.place, "ft:gpt-4.1-mini:bank::1 at https://api.openai.com/v1"),
        (ModelPlace(adapter="adapter", merged="merged"), r"Hugging Face's form \(merged\)"),
    ],
)
def test_what_the_local_server_cant_serve_is_told(
    tmp_path: Path, place: ModelPlace, said: str
) -> None:
    with pytest.raises(SyncError, match=said):
        tuned_model(configured(tmp_path, replace(LOCAL, place=place)))


def test_another_model_is_none_of_ours(tmp_path: Path) -> None:
    (tmp_path / "labeltune.toml").write_text('[llm]\nmodel = "big"\n')
    assert tuned_model(settings.load(tmp_path / "labeltune.toml")) is None


def test_a_name_that_there_is_not_is_told(tmp_path: Path) -> None:
    configured(tmp_path, replace(LOCAL, name="other"))
    with pytest.raises(SyncError, match="no model is called 'bank'"):
        tuned_model(settings.load(tmp_path / "labeltune.toml"))
