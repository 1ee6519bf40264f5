"""Which tuned model drafts, and which prompt its drafts are asked for with."""

from dataclasses import replace
from pathlib import Path

import pytest

from drafting.plain_prompt import PlainPrompt
from sync import settings
from sync.settings import Config
from sync.table.data_folder import data_folder
from sync.tuning.models.drafting_model import LearntPrompt, drafting_model, learnt_prompt
from sync.tuning.models.model_folder import write_entry
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
        note="tuned:bank is asked for drafts with the project's whole prompt instead of the one "
        "that it learned: no entry of it is in models/ of this data folder."
    )


def test_an_entry_of_an_older_version_tells_of_none(tmp_path: Path) -> None:
    config = configured(tmp_path, "tuned:bank")
    tuned(config, prompt=None)
    found = learnt_prompt(config)
    assert found.prompt is None
    assert found.note.endswith("learned: its entry tells of none.")


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
