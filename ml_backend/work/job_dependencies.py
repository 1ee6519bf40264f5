"""What the worker's jobs work with: Label Studio, and what makes drafts."""

from dataclasses import dataclass
from typing import Any, Protocol

from ml_backend.work.delivering import LabelStudioPredictions
from ml_backend.work.running import Drafting, TaskWriter
from ml_backend.work.sweeping import LabelStudioTasks


class LabelStudioCalls(LabelStudioTasks, LabelStudioPredictions, TaskWriter, Protocol):
    """What the jobs need of Label Studio; `connectors.label_studio.LabelStudio` is one."""

    def projects(self) -> list[dict[str, Any]]: ...


@dataclass(frozen=True)
class JobDependencies:
    """What the jobs work with; only the worker needs it, the web process only enqueues.

    Attributes:
        draft: a job as a finished draft, and the task data to write before it is shown.
        own_url: only projects whose backend has this URL are swept; None for all of ours.
    """

    label_studio: LabelStudioCalls
    draft: Drafting
    own_url: str | None = None
