"""The contract between push and the backend: what is written is read, whoever wrote it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.plain_prompt import PlainPrompt
from drafting.project_settings import FORMAT, OURS, LLMSettings, ProjectSettings, SettingsError

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


def test_what_is_written_is_read() -> None:
    settings = ProjectSettings.from_extra_params(GIVEN)
    written = json.loads(json.dumps(settings.to_extra_params()))
    assert written[OURS]["format"] == 1
    assert ProjectSettings.from_extra_params(written) == settings


def test_a_backend_that_would_not_know_of_a_learned_prompt_is_told() -> None:
    """It would draft with the full one, and nobody would see why drafts are worse."""
    given = {OURS: {"llm": {"model": "tuned:bank", "learnt": {"system": "Be kind.", "new": 1}}}}
    settings = ProjectSettings.from_extra_params(given)
    assert settings.llm.learnt == PlainPrompt("Be kind."), "what a later version adds is left"
    written = json.loads(json.dumps(settings.to_extra_params()))
    assert written[OURS]["format"] == FORMAT == 2
    assert ProjectSettings.from_extra_params(written) == settings


def test_a_newer_format_is_told_apart() -> None:
    given = {"labeltune": {"format": FORMAT + 1, "llm": "of another shape"}}
    with pytest.raises(SettingsError) as caught:
        ProjectSettings.from_extra_params(given)
    assert str(caught.value) == (
        f"extra_params: labeltune.format is {FORMAT + 1}, and this backend reads {FORMAT} and "
        "older: a newer LabelTune has pushed; upgrade the backend to the same version"
    )


@pytest.mark.parametrize("number", ["1", 1.5, True, [1]])
def test_a_format_that_is_no_number(number: Any) -> None:
    with pytest.raises(
        SettingsError, match=r"labeltune\.format: expected a number.*labeltune push"
    ):
        ProjectSettings.from_extra_params({"labeltune": {"format": number}})


@pytest.mark.parametrize("order", [[], ["newest"], "latest"])
def test_an_order_that_is_none(order: Any) -> None:
    with pytest.raises(SettingsError, match=r"labeltune\.annotation"):
        ProjectSettings.from_extra_params({"labeltune": {"annotation": order}})
