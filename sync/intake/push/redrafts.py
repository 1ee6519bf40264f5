"""Which drafts will be made anew since the project's settings have changed, and what that costs."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from connectors.task_pages import TaskListing, task_filter
from sync.settings import LLMSection

_MILLION = 1_000_000
_UNANNOTATED = task_filter("tasks:total_annotations", "equal", 0, "Number")
_DRAFTED = task_filter("tasks:total_predictions", "greater", 0, "Number")

# the backend's `/status`; None where it has none, or can't be asked
AskBackend = Callable[[], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Redrafting:
    """Drafts that are made anew.

    Attributes:
        drafts: how many: those of tasks that nobody has annotated.
        because: what has changed.
        cost: about what they cost by `[llm.prices]`; None where that can't be told.
    """

    drafts: int
    because: tuple[str, ...]
    cost: float | None

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**asdict(self), "because": list(self.because)}


def redrafting(
    client: TaskListing,
    project_id: int,
    because: tuple[str, ...],
    llm: LLMSection,
    ask_backend: AskBackend,
) -> Redrafting | None:
    """Count the drafts that the backend makes anew; None where there are none.

    Args:
        because: what has changed.
        llm: the settings from now on.

    Raises:
        LabelStudioError: Label Studio can't be asked.
    """
    pages = client.task_pages(project_id, [_UNANNOTATED, _DRAFTED], include=("id",), page_size=1)
    drafts = next(iter(pages)).total
    if not drafts:
        return None
    return Redrafting(drafts, because, _cost(ask_backend(), project_id, drafts, llm))


def _cost(
    status: Mapping[str, Any] | None, project_id: int, drafts: int, llm: LLMSection
) -> float | None:
    """By the tokens that a draft of this project has taken so far, at the prices from now on."""
    if status is None or not llm.prices:
        return None
    try:
        counts = next(p["counts"] for p in status["projects"] if p["id"] == project_id)
        made = int(counts["drafted"])
        used = int(counts["prompt_tokens"]) / made, int(counts["completion_tokens"]) / made
    except (LookupError, TypeError, ValueError, StopIteration, ZeroDivisionError):
        return None
    # the samples are shared out among all models; one without a price costs nothing
    models = (llm.model, *llm.more_models)
    prices = [llm.prices[model] for model in models if model in llm.prices]
    if not prices or not any(used):
        return None
    each: float = sum(used[0] * price.input + used[1] * price.output for price in prices) / len(
        models
    )
    return round(drafts * each / _MILLION, 4)
