"""Settings of a project by which its order would not reach annotators are told."""

from typing import Any

import pytest

from sync.intake.services.task_stream import RANKED, order_faults

# as a push leaves it, two annotators a task
PUSHED = {
    "sampling": RANKED,
    "model_version": "chat_response-tiny-4d01e207",
    "show_collab_predictions": True,
    "maximum_annotations": 2,
    "overlap_cohort_percentage": 100,
    "show_overlap_first": False,
    "annotator_evaluation_enabled": False,
}


def test_a_pushed_project_has_no_fault() -> None:
    assert order_faults(PUSHED) == ()
    assert order_faults(PUSHED, "chat_response-tiny-4d01e207") == ()
    assert order_faults({"id": 7}) == (), "an older Label Studio tells less"


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"sampling": "Sequential sampling"}, "in the order of their numbers"),
        ({"sampling": "Uniform sampling"}, "by chance"),
        ({"model_version": ""}, "no model version"),
        ({"model_version": None}, "no model version"),
        ({"show_collab_predictions": False}, "shows no drafts"),
        ({"overlap_cohort_percentage": 20, "show_overlap_first": True}, "the 20 % of the tasks"),
        ({"annotator_evaluation_enabled": True}, "a ground truth"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_each_setting_that_breaks_the_order_is_named(setting: dict[str, Any], said: str) -> None:
    (fault,) = order_faults({**PUSHED, **setting})
    assert said in fault


@pytest.mark.parametrize(
    "setting",
    [
        {"overlap_cohort_percentage": 20},
        {"show_overlap_first": True},
        {"show_overlap_first": True, "overlap_cohort_percentage": 20, "maximum_annotations": 1},
    ],
    ids=str,
)
def test_what_leaves_the_order_as_it_is_is_no_fault(setting: dict[str, Any]) -> None:
    assert order_faults({**PUSHED, **setting}) == ()


def test_drafts_of_another_version_than_the_backend_s_are_told() -> None:
    (fault,) = order_faults({**PUSHED, "model_version": "old"}, "new")
    assert "'old'" in fault
    assert "'new'" in fault
