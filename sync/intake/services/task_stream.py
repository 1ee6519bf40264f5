"""Whether Label Studio hands out a project's tasks by their scores: what of its settings decides.

Read in `projects/functions/next_task.py` of Label Studio 1.23.2. A push sets what is needed, but
everybody who may edit the project may set it otherwise.
"""

from collections.abc import Iterator, Mapping
from typing import Any

RANKED = "Uncertainty sampling"
# how the page of the project's settings calls the others
_SHOWN_AS = {
    "Sequential sampling": "in the order of their numbers",
    "Uniform sampling": "by chance",
}
_NEXT_PUSH = "the next `labeltune push` sets it right"


# what is asked of a project, with its name
ORDER_SETTINGS = (
    "id",
    "title",
    "sampling",
    "model_version",
    "show_collab_predictions",
    "maximum_annotations",
    "overlap_cohort_percentage",
    "show_overlap_first",
    "annotator_evaluation_enabled",
)


def order_faults(project: Mapping[str, Any], version: str | None = None) -> tuple[str, ...]:
    """What keeps annotators from getting the task with the lowest score next, a sentence each.

    Args:
        project: as Label Studio lists it; what it does not tell counts as right.
        version: of the backend's drafts; None where it is not known.
    """
    return tuple(_faults(project, version))


def _faults(project: Mapping[str, Any], version: str | None) -> Iterator[str]:
    sampling = project.get("sampling", RANKED)
    if sampling != RANKED:
        how = _SHOWN_AS.get(str(sampling), "otherwise")
        yield (
            f"Label Studio hands out tasks {how}, not by their scores (sampling is {sampling!r}); "
            f"{_NEXT_PUSH}"
        )
    held = project.get("model_version", version)
    if "model_version" in project and not held:
        yield (
            "the project has no model version, so that Label Studio hands out tasks by chance and "
            f"shows no draft; {_NEXT_PUSH}"
        )
    elif version is not None and held != version:
        yield (
            f"the project shows drafts of {held!r}, and the backend makes those of {version!r}, "
            f"which therefore have no say in the order; {_NEXT_PUSH}"
        )
    if project.get("show_collab_predictions") is False:
        yield f"Label Studio shows no drafts (prelabeling is off); {_NEXT_PUSH}"
    several = (project.get("maximum_annotations") or 1) > 1
    share = project.get("overlap_cohort_percentage", 100)
    if several and share < 100 and project.get("show_overlap_first"):
        yield (
            f"the {share} % of the tasks that several annotators share come before all others, "
            f"whatever their scores (show_overlap_first); {_NEXT_PUSH}"
        )
    if project.get("annotator_evaluation_enabled"):
        yield (
            "tasks with a ground truth come before all others (annotator_evaluation_enabled); "
            "switch that off in the project's settings"
        )
