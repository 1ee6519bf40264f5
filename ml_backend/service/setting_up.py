"""What /setup and /webhook do, under our own server and under the official package's."""

from drafting.draft_version import model_version
from drafting.project_settings import ProjectSettings
from ml_backend.service.wire import TRAINING, SetupRequest, WebhookEvent
from ml_backend.work.jobs import Jobs

# events after which a project may hold tasks without a draft, or by which somebody asks for drafts
NEW_WORK = frozenset({"TASKS_CREATED", "PROJECT_UPDATED", "ANNOTATIONS_DELETED", TRAINING})

# events that make a draft needless
DONE = frozenset({"ANNOTATION_CREATED"})


def set_up(jobs: Jobs, body: SetupRequest) -> str:
    """Remember what a project's drafts are to be made with.

    Returns:
        The version of its drafts.

    Raises:
        SettingsError: `extra_params` can't be used.
        LabelConfigError: the project's label config does not fit its interface.
    """
    # a change of the backend's title alone comes without extra_params
    known = None if body.extra_params else jobs.projects.settings(body.project_id)
    project = known or ProjectSettings.from_extra_params(body.extra_params)
    project.load_interface().check_config(body.label_config, "the project's label config")
    jobs.projects.remember(body.project_id, project)
    return model_version(project)


def known_settings(jobs: Jobs, project_id: int) -> ProjectSettings:
    """The settings of a project's last /setup; the defaults where there was none."""
    known = jobs.projects.settings(project_id)
    if known is None:
        known = ProjectSettings()
        jobs.projects.remember(project_id, known)
    return known


def note_event(jobs: Jobs, event: WebhookEvent) -> None:
    """Look through the project soon where an event may have brought work; note what is done.

    Every event is counted, for whoever keeps pulling the project.
    """
    if event.project is not None:
        jobs.figures.heard(event.project)
    if event.action in DONE and event.task is not None:
        jobs.ledger.annotated(event.task)
    if event.action in NEW_WORK and event.project is not None:
        jobs.sweep(event.project)
