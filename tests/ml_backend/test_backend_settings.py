"""What the environment tells a backend."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.project_settings import SettingsError
from ml_backend.settings import LONGEST_DEADLINE_S, BackendSettings


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
        "LABELTUNE_FIRST_ALONE": "3",
        "LABELTUNE_BACKEND_URL": "http://me",
        "LABELTUNE_PREDICT_DEADLINE": "1.5",
        "LABELTUNE_OPEN_DEADLINE": "0.5",
        "LABELTUNE_LLM_TIMEOUT": "30",
    }
    assert BackendSettings.from_environment(env) == BackendSettings(
        label_studio_url="http://ls",
        label_studio_key="key",
        llm_base_url="http://llm/v1",
        llm_key="secret",
        queue="/var/jobs.db",
        concurrency=8,
        first_alone=3,
        own_url="http://me",
        predict_deadline_s=1.5,
        open_deadline_s=0.5,
        llm_timeout_s=30.0,
    )


@pytest.mark.parametrize(
    "name",
    [
        "LABELTUNE_CONCURRENCY",
        "LABELTUNE_PREDICT_DEADLINE",
        "LABELTUNE_OPEN_DEADLINE",
        "LABELTUNE_LLM_TIMEOUT",
    ],
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


@pytest.mark.parametrize("value", ["on", "-1", "1.5"])
def test_a_number_of_requests_must_be_whole(value: str) -> None:
    with pytest.raises(SettingsError, match=f"^LABELTUNE_FIRST_ALONE must be .*, found '{value}'$"):
        BackendSettings.from_environment({"LABELTUNE_FIRST_ALONE": value})
