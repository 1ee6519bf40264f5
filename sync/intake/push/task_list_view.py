"""The project's first table of tasks: what a person wants to see of them, nothing else."""

from connectors.label_studio import LabelStudio
from label_configs import Interface

# columns of Label Studio's own that say nothing to an annotator
_INTERNAL = (
    "tasks:inner_id",
    "tasks:annotations_results",
    "tasks:annotations_ids",
    "tasks:predictions_results",
    "tasks:predictions_model_versions",
    "tasks:storage_filename",
    "tasks:file_upload",
    "tasks:draft_exists",
    "tasks:avg_lead_time",
    "tasks:updated_by",
    "tasks:created_at",
    "tasks:updated_at",
)
# fields of task data that tell one task from another
_TELLING = {"messages", "context", "documents"}


def add_view(client: LabelStudio, project_id: int, interface: Interface[object]) -> None:
    """Give a new project a table without what only its page needs, or should alone show.

    Answers to compare or to review stand in a task's data with their sources.
    """
    fields = interface.complete_task(interface.example).keys() - _TELLING
    hidden = [*_INTERNAL, *(f"tasks:data.{field}" for field in sorted(fields))]
    client.add_view(
        {
            "project": project_id,
            "data": {"title": "Tasks", "hiddenColumns": {"explore": hidden, "labeling": hidden}},
        }
    )
