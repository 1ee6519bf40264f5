"""The version of drafts: it changes with what shapes them, and with nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.draft_version import (
    SHAPING,
    drafted_version,
    model_version,
    replaced_version,
)
from drafting.project_settings import LLMSettings, ProjectSettings
from label_configs import UnknownInterfaceError

# `extra_params` as LabelTune wrote them before formats had numbers, with the versions that it gave
PUSHED_BEFORE: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "pushed_before_formats.json").read_text(encoding="utf-8")
)

# one project, settled for good: this changes only when prompt or shape change on purpose, and
# every project's drafts are then made anew
GOLDEN = ProjectSettings(
    interface="chat_response",
    guidelines="Be brief.",
    llm=LLMSettings(model="org/tiny-model", samples=4, temperature=0.7, max_tokens=400, examples=3),
)
GOLDEN_VERSION = "chat_response-tiny-model-4d01e207"

# every field but `base_url`: the same model behind another URL drafts alike
CHANGES: dict[str, dict[str, Any]] = {
    "interface": {"interface": "reasoning_steps"},
    "guidelines": {"guidelines": "Be brief. "},
    "no guidelines": {"guidelines": ""},
    "model": {"llm": {"model": "org/tiny-model-2"}},
    "same name, other maker": {"llm": {"model": "other/tiny-model"}},
    "samples": {"llm": {"samples": 3}},
    "temperature": {"llm": {"temperature": 0.71}},
    "max_tokens": {"llm": {"max_tokens": 401}},
    "fewer examples": {"llm": {"examples": 2}},
    "more models": {"llm": {"more_models": ["another"]}},
    "no examples": {"llm": {"examples": 0}},
    "tools required": {"llm": {"tool_choice": "required"}},
    "a prompt that was learned": {"llm": {"learnt": {}}},
    "another that was learned": {"llm": {"learnt": {"system": "You work for a bank."}}},
    "one with its reasoning": {"llm": {"learnt": {"reasoning": "think"}}},
    "one call": {"llm": {"parallel_tool_calls": False}},
    "embedding": {"embedding": {"model": "another"}},
    "kinds of category": {"dimensions": {"topic": {"labels": ["a", "b"]}}},
}


def changed(by: dict[str, Any]) -> ProjectSettings:
    settings = GOLDEN.model_dump()
    for name, value in by.items():
        settings[name] = {**settings[name], **value} if isinstance(value, dict) else value
    return ProjectSettings.model_validate(settings)


def test_golden_version() -> None:
    assert model_version(GOLDEN) == GOLDEN_VERSION


def test_the_version_is_the_same_in_every_process() -> None:
    """Whatever the hash seed: web and worker must agree."""
    code = (
        "from drafting.draft_version import model_version;"
        "from drafting.project_settings import ProjectSettings; import sys;"
        "print(model_version(ProjectSettings.model_validate_json(sys.argv[1])))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, GOLDEN.model_dump_json()],
        env={**os.environ, "PYTHONHASHSEED": "77"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == GOLDEN_VERSION


@pytest.mark.parametrize("by", CHANGES.values(), ids=CHANGES)
def test_the_version_changes_with(by: dict[str, Any]) -> None:
    assert model_version(changed(by)) != model_version(GOLDEN)


# where replies come from, what they may cost, and what is asked of a draft that is made
NOT_SHAPING = {"base_url", "self_judgement", "prices", "budget", "daily_budget"}
# which finished work is shown, as examples change without a new version; and what push notes
BESIDE_DRAFTS = {"annotation", "reviews", "label_config_sha256", "views"}


def test_every_setting_is_covered() -> None:
    """A new setting must be listed above, or be known not to shape drafts."""
    covered = {name for by in CHANGES.values() for name in by}
    sampling = {name for by in CHANGES.values() for name in by.get("llm", {})}
    assert covered | {"categories"} == ProjectSettings.model_fields.keys() - BESIDE_DRAFTS
    assert sampling == LLMSettings.model_fields.keys() - NOT_SHAPING
    assert sampling == {*SHAPING, "learnt"}, "which no key sets, but the model's entry"


@pytest.mark.parametrize(
    ("interface", "changes"), [("chat_response", False), ("multi_intent", True)]
)
def test_categories_count_where_the_model_is_told_of_them(interface: str, changes: bool) -> None:
    before = model_version(changed({"interface": interface}))
    after = model_version(changed({"interface": interface, "categories": ["refund"]}))
    assert (before != after) is changes


TOPIC = {"labels": ["a", "b"], "assign": "model", "about": "what it is about"}


@pytest.mark.parametrize(
    "by",
    [{"labels": ["a", "c"]}, {"assign": "rules"}, {"assign": "none"}, {"about": "the matter"}],
    ids=str,
)
def test_the_version_changes_with_a_kind_of_category(by: dict[str, Any]) -> None:
    before = model_version(changed({"dimensions": {"topic": TOPIC}}))
    assert model_version(changed({"dimensions": {"topic": {**TOPIC, **by}}})) != before
    assert model_version(changed({"dimensions": {"matter": TOPIC}})) != before


def test_kinds_of_category_reach_the_interface() -> None:
    settings = changed({"dimensions": {"topic": TOPIC, "size": {"labels": ["big", "small"]}}})
    assert settings.load_interface().dimensions == {"topic": ("a", "b"), "size": ("big", "small")}
    assert list(settings.asked_of_model()) == ["topic"]


@pytest.mark.parametrize("url", [None, "http://a/v1", "http://b/v1"])
def test_the_version_does_not_change_with_the_url(url: str | None) -> None:
    assert model_version(changed({"llm": {"base_url": url}})) == model_version(GOLDEN)


settings = st.builds(
    ProjectSettings,
    interface=st.sampled_from(["chat_response", "reasoning_steps"]),
    guidelines=st.sampled_from(["", "s", "u", "\n\n", "Be brief."]),
    llm=st.builds(
        LLMSettings,
        model=st.sampled_from(["a", "b", "a/b"]),
        samples=st.integers(1, 3),
        temperature=st.sampled_from([0.0, 0.5]),
        max_tokens=st.sampled_from([16, 400]),
        examples=st.integers(0, 2),
    ),
)


@given(settings, settings)
def test_versions_are_equal_when_and_only_when_settings_are(
    one: ProjectSettings, other: ProjectSettings
) -> None:
    assert (model_version(one) == model_version(other)) == (one == other)


def test_the_version_survives_label_studio() -> None:
    """It is sent as JSON text to /setup, and as an object in the listing of backends."""
    stored = json.loads(json.dumps({"labeltune": GOLDEN.model_dump()}))
    for extra_params in (stored, json.dumps(stored)):
        assert model_version(ProjectSettings.from_extra_params(extra_params)) == GOLDEN_VERSION


def test_an_unknown_interface_has_no_version() -> None:
    with pytest.raises(UnknownInterfaceError, match="did you mean 'chat_response'"):
        model_version(ProjectSettings(interface="chat_respons"))


@pytest.mark.parametrize("pushed", PUSHED_BEFORE.values(), ids=PUSHED_BEFORE)
def test_drafts_of_a_project_that_was_pushed_before_formats_stay(pushed: dict[str, Any]) -> None:
    for extra_params in (pushed["extra_params"], json.dumps(pushed["extra_params"])):
        settings = ProjectSettings.from_extra_params(extra_params)
        assert model_version(settings) == pushed["model_version"]
        again = ProjectSettings.from_extra_params(settings.to_extra_params())
        assert model_version(again) == pushed["model_version"]


def test_half_a_character_has_a_version() -> None:
    """It is refused where Label Studio sends it, and must not be our failure before that."""
    assert model_version(ProjectSettings(guidelines="\ud83d"))


@given(st.sampled_from(["chat_response", "review"]), st.text(max_size=30).map(lambda t: f"o/{t}"))
def test_a_replaced_draft_has_a_version_that_no_filter_takes_for_the_current_one(
    interface: str, model: str
) -> None:
    """Label Studio looks for a part of the text."""
    version = model_version(ProjectSettings(interface=interface, llm=LLMSettings(model=model)))
    replaced = replaced_version(version)
    assert version not in replaced
    assert drafted_version(replaced) == version
    assert drafted_version(version) == version
