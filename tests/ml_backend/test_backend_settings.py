"""What the backend is told: `extra_params`, the environment, and the version that follows."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.project_settings import LLMSettings, ProjectSettings, SettingsError
from label_configs import UnknownInterfaceError
from ml_backend.settings import LONGEST_DEADLINE_S, BackendSettings

# --- extra_params

GIVEN = {
    "labeltune": {
        "interface": "reasoning_steps",
        "guidelines": "Be brief.",
        "llm": {"base_url": "http://llm/v1", "model": "m", "samples": 2, "temperature": 0.0},
        "embedding": {"model": "e"},
    }
}


@pytest.mark.parametrize("extra_params", [GIVEN, json.dumps(GIVEN)], ids=["object", "text"])
def test_extra_params(extra_params: Any) -> None:
    settings = ProjectSettings.from_extra_params(extra_params)
    assert settings.interface == "reasoning_steps"
    assert settings.guidelines == "Be brief."
    assert settings.llm == LLMSettings(
        base_url="http://llm/v1", model="m", samples=2, temperature=0.0
    )
    assert settings.embedding.model == "e"


@pytest.mark.parametrize("extra_params", [None, "", "  ", "null", {}, "{}", [], {"other": 1}])
def test_nothing_of_ours(extra_params: Any) -> None:
    assert ProjectSettings.from_extra_params(extra_params) == ProjectSettings()


def test_keys_of_a_newer_push_are_passed_over() -> None:
    given = {"labeltune": {"new": 1, "llm": {"new": 2, "samples": 3}}}
    assert ProjectSettings.from_extra_params(given).llm.samples == 3


@pytest.mark.parametrize(
    ("extra_params", "said"),
    [
        ("{", "extra_params is not JSON"),
        ("rubbish", "extra_params is not JSON"),
        ({"labeltune": None}, "extra_params: labeltune: "),
        ({"labeltune": []}, "extra_params: labeltune: "),
        ({"labeltune": {"interface": 3}}, r"extra_params: labeltune\.interface: "),
        ({"labeltune": {"llm": {"samples": 0}}}, r"labeltune\.llm\.samples: .*labeltune push"),
        ({"labeltune": {"llm": {"samples": 17}}}, r"labeltune\.llm\.samples: "),
        ({"labeltune": {"llm": {"temperature": 2.5}}}, r"labeltune\.llm\.temperature: "),
        ({"labeltune": {"llm": {"max_tokens": 15}}}, r"labeltune\.llm\.max_tokens: "),
        ({"labeltune": {"llm": {"examples": -1}}}, r"labeltune\.llm\.examples: "),
        ({"labeltune": {"llm": {"examples": 11}}}, r"labeltune\.llm\.examples: "),
    ],
)
def test_unusable_extra_params(extra_params: Any, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as caught:
        ProjectSettings.from_extra_params(extra_params)
    assert "\n" not in str(caught.value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["labeltune", "llm", "samples", "model"]), inner)
    ),
    max_leaves=8,
)


@given(json_values)
def test_any_extra_params_are_read_or_refused(extra_params: Any) -> None:
    try:
        settings = ProjectSettings.from_extra_params(extra_params)
    except SettingsError as error:
        assert str(error).startswith("extra_params")
    else:
        assert ProjectSettings.model_validate(settings.model_dump()) == settings


# --- the version

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
    "embedding": {"embedding": {"model": "another"}},
    "kinds of category": {"dimensions": {"topic": {"labels": ["a", "b"]}}},
}


def changed(by: dict[str, Any]) -> ProjectSettings:
    settings = GOLDEN.model_dump()
    for name, value in by.items():
        settings[name] = {**settings[name], **value} if isinstance(value, dict) else value
    return ProjectSettings.model_validate(settings)


def test_golden_version() -> None:
    assert GOLDEN.model_version() == GOLDEN_VERSION


def test_the_version_is_the_same_in_every_process() -> None:
    """Whatever the hash seed: web and worker must agree."""
    code = (
        "from drafting.project_settings import ProjectSettings; import sys;"
        "print(ProjectSettings.model_validate_json(sys.argv[1]).model_version())"
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
    assert changed(by).model_version() != GOLDEN.model_version()


# where replies come from, and what they may cost
NOT_SHAPING = {"base_url", "prices", "budget", "daily_budget"}


def test_every_setting_is_covered() -> None:
    """A new setting must be listed above, or be known not to shape drafts."""
    covered = {name for by in CHANGES.values() for name in by}
    sampling = {name for by in CHANGES.values() for name in by.get("llm", {})}
    assert covered | {"categories"} == ProjectSettings.model_fields.keys()
    assert sampling == LLMSettings.model_fields.keys() - NOT_SHAPING


@pytest.mark.parametrize(
    ("interface", "changes"), [("chat_response", False), ("multi_intent", True)]
)
def test_categories_count_where_the_model_is_told_of_them(interface: str, changes: bool) -> None:
    before = changed({"interface": interface}).model_version()
    after = changed({"interface": interface, "categories": ["refund"]}).model_version()
    assert (before != after) is changes


TOPIC = {"labels": ["a", "b"], "assign": "model", "about": "what it is about"}


@pytest.mark.parametrize(
    "by",
    [{"labels": ["a", "c"]}, {"assign": "rules"}, {"assign": "none"}, {"about": "the matter"}],
    ids=str,
)
def test_the_version_changes_with_a_kind_of_category(by: dict[str, Any]) -> None:
    before = changed({"dimensions": {"topic": TOPIC}}).model_version()
    assert changed({"dimensions": {"topic": {**TOPIC, **by}}}).model_version() != before
    assert changed({"dimensions": {"matter": TOPIC}}).model_version() != before


def test_kinds_of_category_reach_the_interface() -> None:
    settings = changed({"dimensions": {"topic": TOPIC, "size": {"labels": ["big", "small"]}}})
    assert settings.load_interface().dimensions == {"topic": ("a", "b"), "size": ("big", "small")}
    assert list(settings.asked_of_model()) == ["topic"]


@pytest.mark.parametrize("url", [None, "http://a/v1", "http://b/v1"])
def test_the_version_does_not_change_with_the_url(url: str | None) -> None:
    assert changed({"llm": {"base_url": url}}).model_version() == GOLDEN.model_version()


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
    assert (one.model_version() == other.model_version()) == (one == other)


def test_the_version_survives_label_studio() -> None:
    """It is sent as JSON text to /setup, and as an object in the listing of backends."""
    stored = json.loads(json.dumps({"labeltune": GOLDEN.model_dump()}))
    for extra_params in (stored, json.dumps(stored)):
        assert ProjectSettings.from_extra_params(extra_params).model_version() == GOLDEN_VERSION


def test_an_unknown_interface_has_no_version() -> None:
    with pytest.raises(UnknownInterfaceError, match="did you mean 'chat_response'"):
        ProjectSettings(interface="chat_respons").model_version()


# --- the environment


def test_an_empty_environment() -> None:
    assert BackendSettings.from_environment({}) == BackendSettings()


def test_every_variable() -> None:
    env = {
        "LABEL_STUDIO_URL": "http://ls",
        "LABEL_STUDIO_API_KEY": "key",
        "OPENAI_BASE_URL": "http://llm/v1",
        "OPENAI_API_KEY": "secret",
        "LABELTUNE_QUEUE": "/var/jobs.db",
        "LABELTUNE_CONCURRENCY": "8",
        "LABELTUNE_BACKEND_URL": "http://me",
        "LABELTUNE_PREDICT_DEADLINE": "1.5",
        "LABELTUNE_LLM_TIMEOUT": "30",
    }
    assert BackendSettings.from_environment(env) == BackendSettings(
        label_studio_url="http://ls",
        label_studio_key="key",
        llm_base_url="http://llm/v1",
        llm_key="secret",
        queue="/var/jobs.db",
        concurrency=8,
        own_url="http://me",
        predict_deadline_s=1.5,
        llm_timeout_s=30.0,
    )


@pytest.mark.parametrize(
    "name", ["LABELTUNE_CONCURRENCY", "LABELTUNE_PREDICT_DEADLINE", "LABELTUNE_LLM_TIMEOUT"]
)
@pytest.mark.parametrize("value", ["four", "", "0", "-1", "nan", "inf"])
def test_a_number_that_is_none(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} must be a number above 0, found '{value}'$"):
        BackendSettings.from_environment({name: value})


@given(st.floats(min_value=91))
def test_no_deadline_is_longer_than_label_studio_waits(number: float) -> None:
    env = {"LABELTUNE_PREDICT_DEADLINE": repr(number)}
    if math.isinf(number):
        return
    assert BackendSettings.from_environment(env).predict_deadline_s == LONGEST_DEADLINE_S


@given(st.floats(min_value=1, max_value=LONGEST_DEADLINE_S))
def test_any_number_above_one_is_taken(number: float) -> None:
    taken = BackendSettings.from_environment({"LABELTUNE_PREDICT_DEADLINE": repr(number)})
    assert math.isclose(taken.predict_deadline_s, number)
