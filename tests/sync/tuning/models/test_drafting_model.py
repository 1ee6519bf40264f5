"""Which tuned model drafts, and which prompt its drafts are asked for with."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from drafting.plain_prompt import PlainPrompt
from sync import settings
from sync.common.errors import SyncError
from sync.intake.push.backend_params import LearntPrompt
from sync.settings import Config
from sync.settings.export import ExportSection
from sync.table.data_folder import data_folder
from sync.training_files.manifest.stored_release import StoredRelease, read_release
from sync.tuning.models.drafting_model import drafting_model, learnt_prompt
from sync.tuning.models.model_folder import write_entry
from tests.sync.dataset.release.written import SOURCE, Row, write_release
from tests.sync.tuning.models.entries import ENTRY, LEARNT, entry

BANK = PlainPrompt("You work for a bank.")
THINKS = replace(BANK, reasoning="think")


def configured(
    folder: Path, model: str, interface: str = "chat_response", more: str = ""
) -> Config:
    text = f'[label_studio]\ninterface = "{interface}"\n[llm]\nmodel = "{model}"\n{more}'
    (folder / "labeltune.toml").write_text(text)
    return settings.load(folder / "labeltune.toml")


def tuned(config: Config, name: str = "bank", prompt: PlainPrompt | None = BANK) -> None:
    write_entry(data_folder(config), entry(name, release=replace(LEARNT, prompt=prompt)))


@pytest.mark.parametrize("model", ["tuned:bank", "bank", str(ENTRY.place.model)])
def test_it_is_known_by_its_name_and_as_its_endpoint_has_it(tmp_path: Path, model: str) -> None:
    config = configured(tmp_path, model)
    tuned(config)
    found = drafting_model(config)
    assert found is not None
    assert found.entry.name == "bank"
    assert learnt_prompt(config) == LearntPrompt(BANK)


def test_of_two_at_one_endpoint_the_newer_drafts(tmp_path: Path) -> None:
    config = configured(tmp_path, str(ENTRY.place.model))
    newer = entry("newer", created="2026-12-01T09:00:00+00:00")
    for each in (newer, entry("older")):
        write_entry(data_folder(config), each)
    found = drafting_model(config)
    assert found is not None
    assert found.entry == newer


def test_any_other_model_learned_none(tmp_path: Path) -> None:
    config = configured(tmp_path, "gpt-5-mini")
    tuned(config)
    assert drafting_model(config) is None
    assert learnt_prompt(config) == LearntPrompt()


def test_a_model_that_is_known_elsewhere_is_told(tmp_path: Path) -> None:
    assert learnt_prompt(configured(tmp_path, "tuned:bank")) == LearntPrompt(
        note="tuned:bank is asked for drafts with the project's full prompt instead of the one "
        "that it learned: models/ of the data folder has no entry of it; llm.release can name one."
    )


def test_an_entry_of_an_older_version_tells_of_none(tmp_path: Path) -> None:
    config = configured(tmp_path, "tuned:bank")
    tuned(config, prompt=None)
    found = learnt_prompt(config)
    assert found.prompt is None
    assert "learned: its entry tells of none, as where it learned categories alone." in found.note


def test_an_older_entry_is_told_by_its_release(tmp_path: Path) -> None:
    config = configured(tmp_path, "tuned:bank")
    release = released(tmp_path, "v3-51213aee", system_prompt="You work for a bank.")
    learnt = replace(LEARNT, name="v3-51213aee", release=release.id, prompt=None)
    write_entry(data_folder(config), entry("bank", release=learnt))
    assert learnt_prompt(config) == LearntPrompt(BANK)
    another = replace(learnt, release="0" * 64)
    write_entry(data_folder(config), entry("bank", release=another))
    assert learnt_prompt(config).prompt is None, "a release of that name, and not that one"


def test_of_a_model_that_was_tuned_elsewhere_the_release_is_named(tmp_path: Path) -> None:
    config = configured(tmp_path, "support-70b", more='release = "latest"\n')
    with pytest.raises(SyncError, match=r"latest: .* holds 0 releases; run `labeltune export`"):
        learnt_prompt(config)
    released(tmp_path, "v3-51213aee", system_prompt="You work for a bank.")
    assert learnt_prompt(config) == LearntPrompt(BANK)
    released(tmp_path, "v4-51213aee", teach="categories")
    note = learnt_prompt(config).note
    assert note.endswith("v4-51213aee does not tell one.")


def released(folder: Path, name: str, **export: Any) -> StoredRelease:
    """A release of these settings in the data folder."""
    where = folder / "labeltune-data" / "exports" / name
    where.mkdir(parents=True)
    source = replace(SOURCE, settings={"export": ExportSection(**export).model_dump(mode="json")})
    write_release(where, [Row(1), Row(2, split="test")], source=source)
    return read_release(where)


def test_the_models_of_other_projects_of_the_file_are_found(tmp_path: Path) -> None:
    more = '[projects.a]\nproject = "A project"\n[projects.b]\nproject = "B project"\n'
    config = configured(tmp_path, "tuned:bank", more=more)
    tuned(config.for_project("a"))
    for each in ("a", "b"):
        assert learnt_prompt(config.for_project(each)) == LearntPrompt(BANK)
    tuned(config.for_project("b"), prompt=THINKS)
    assert learnt_prompt(config.for_project("b")) == LearntPrompt(THINKS), "its own comes first"
    found = drafting_model(config)
    assert found is not None
    assert found.entry.release.prompt == BANK


@pytest.mark.parametrize("model", ["tuned:bank", "bank"])
@pytest.mark.parametrize(
    "content",
    ["{", "[" * 100_000, '{"format": 9}', "null"],
    ids=["cut", "nested", "newer", "nothing"],
)
def test_an_entry_that_cant_be_read_is_said_whatever_the_model_is_called(
    tmp_path: Path, model: str, content: str
) -> None:
    config = configured(tmp_path, model)
    tuned(config)
    (tmp_path / "labeltune-data" / "models" / "bank" / "model.json").write_text(content)
    with pytest.raises(SyncError, match=r"model\.json: not the entry of a model"):
        learnt_prompt(config)


@pytest.mark.parametrize(
    "prompt", [{"context": "elsewhere"}, {"system": None}, {"learns_earlier_turns": "perhaps"}, 5]
)
def test_a_prompt_that_is_none_is_no_entry(tmp_path: Path, prompt: Any) -> None:
    config = configured(tmp_path, "tuned:bank")
    tuned(config)
    path = tmp_path / "labeltune-data" / "models" / "bank" / "model.json"
    told = json.loads(path.read_text())
    told["release"]["prompt"] = {"system": "You work for a bank.", "of_later": 1}
    path.write_text(json.dumps(told))
    assert learnt_prompt(config) == LearntPrompt(BANK)
    told["release"]["prompt"] = prompt
    path.write_text(json.dumps(told))
    with pytest.raises(SyncError, match="not the entry of a model"):
        learnt_prompt(config)


def test_the_newest_is_no_name_of_a_model(tmp_path: Path) -> None:
    config = configured(tmp_path, "tuned:latest")
    tuned(config)
    with pytest.raises(SyncError, match="another model after the next training"):
        learnt_prompt(config)


def test_a_base_is_not_taken_for_the_model_that_was_called_after_it(tmp_path: Path) -> None:
    config = configured(tmp_path, ENTRY.base)
    tuned(config, name=ENTRY.base)
    assert learnt_prompt(config) == LearntPrompt()


def test_other_models_that_draft_beside_it_never_learned_it(tmp_path: Path) -> None:
    config = configured(tmp_path, "tuned:bank", more='more_models = ["gpt-5-mini"]\n')
    tuned(config)
    assert learnt_prompt(config).note.endswith("learned: llm.more_models draft beside it.")


def test_steps_are_drafted_plainly_by_a_model_that_learned_to_reason(tmp_path: Path) -> None:
    config = configured(tmp_path, "tuned:bank", "reasoning_steps")
    tuned(config, prompt=THINKS)
    assert learnt_prompt(config) == LearntPrompt(THINKS)
    tuned(config)
    note = learnt_prompt(config).note
    assert "a draft of reasoning_steps needs more than the answers that it learned" in note
    assert note.endswith('with export.reasoning = "think" the next one learns its steps, too.')


def test_intents_are_in_no_answer(tmp_path: Path) -> None:
    config = configured(tmp_path, "tuned:bank", "multi_intent")
    tuned(config, prompt=THINKS)
    assert learnt_prompt(config).note.endswith(
        "needs more than the answers that it learned to write."
    )
