"""A task's data as the page and the table of tasks need it: the fields that no source holds."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from label_configs import rendering, task_listing
from label_configs.configured import Configured
from label_configs.task_tools import tools_of


class ShownTask(Configured):
    """What a task holds for those who look at it.

    Attributes:
        drafted_fields: task data that the drafter writes; never an input of a draft.
        page_fields: task data that `shown_fields` makes for some tasks only; the page does
            without it.
    """

    drafted_fields: ClassVar[Mapping[str, Any]] = {}
    page_fields: ClassVar[Sequence[str]] = ()

    def complete_task(self, data: Mapping[str, Any], guidelines: str = "") -> dict[str, Any]:
        """Task data with every field that the XML shows, and those that list the task.

        The page fails on a missing one.

        Args:
            guidelines: the project's; they replace a task's own.
        """
        completed = {
            **self.drafted_fields,
            **data,
            "context": data.get("context") or {},
            "documents": data.get("documents") or [],
            "guidelines": guidelines or data.get("guidelines") or "",
        }
        shown = self.shown_fields(completed)
        for name in self.page_fields:
            completed.pop(name, None)
        return {**completed, **shown, **self.listed_fields(completed)}

    def shown_fields(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Fields that only the page needs, made of the others; never an input of a draft.

        Args:
            data: a completed task.
        """
        return {
            "conversation_html": rendering.conversation_html(data["messages"], tools_of(data)),
            "context_html": rendering.context_html(data["context"], data["documents"]),
        }

    def listed_fields(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Fields for the eyes of who looks through a project's tasks; read by nothing else.

        Args:
            data: a task, completed or not.
        """
        listed = {task_listing.LAST_QUESTION: task_listing.last_question(data["messages"])}
        if self.dimensions:
            labels = self.task_categories(data)
            chosen = (labels[name] for name in self.dimensions if name in labels)
            listed[task_listing.CATEGORISED_AS] = ", ".join(chosen)
        return listed
