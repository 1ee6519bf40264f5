"""What /setup, /predict and /webhook do, under our own server and under the official package's."""

import time
from collections.abc import Iterator
from typing import Any

from drafting.draft_version import model_version
from drafting.project_settings import ProjectSettings
from drafting.rewrite_request import read_context
from label_configs import LabelConfigError
from ml_backend.service.wire import TRAINING, PredictRequest, SetupRequest, WebhookEvent
from ml_backend.settings import BackendSettings
from ml_backend.store.draft_jobs import DraftJob, FinishedDraft
from ml_backend.work.jobs import Jobs

# events after which a project may hold tasks without a draft, or by which somebody asks for drafts
NEW_WORK = frozenset({"TASKS_CREATED", "PROJECT_UPDATED", "ANNOTATIONS_DELETED", TRAINING})

# events that make a draft needless
DONE = frozenset({"ANNOTATION_CREATED"})
# events after which there may be more to learn from, or by which somebody asks to learn
FINISHED_WORK = frozenset(
    {
        "ANNOTATION_CREATED",
        "ANNOTATIONS_CREATED",
        "ANNOTATION_UPDATED",
        "ANNOTATIONS_DELETED",
        TRAINING,
    }
)
# how often /predict looks whether a draft is finished
POLL_S = 0.1


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
    if event.action in FINISHED_WORK and event.project is not None:
        jobs.learning.ask(event.project, now=event.action == TRAINING)


def deadline_s(body: PredictRequest, settings: BackendSettings) -> float:
    """How many seconds a call of /predict may wait for drafts.

    Label Studio asks for a single task when somebody opens it, and shows the page only then. Of an
    instruction the page is there already, and its annotator waits for the answer.
    """
    is_opened = len(body.tasks) == 1 and body.context is None
    longest = settings.predict_deadline_s
    return min(settings.open_deadline_s, longest) if is_opened else longest


def predict(
    jobs: Jobs, body: PredictRequest, project: ProjectSettings, deadline_s: float
) -> list[Any]:
    """One slot a task, in order: a prediction, or `[]` where no draft came in time.

    Drafts that come later are pushed by the worker. A task that can't be drafted at all, for
    lack of a conversation, gets `[]` at once; so does the rest where nothing is drafted at
    present, because no worker runs or the budget is spent. A call from the page with an
    instruction asks for the answer in the editor, changed; one without asks for nothing.

    Args:
        deadline_s: seconds from now; Label Studio itself waits 100.
    """
    until = time.monotonic() + deadline_s
    slots: list[Any] = [[] for _ in body.tasks]
    # a task that stands twice among them is one draft, and has two places
    asked: dict[str, tuple[DraftJob, list[int]]] = {}
    for place, job in _jobs(body, project):
        asked.setdefault(job.key, (job, []))[1].append(place)
    waiting: dict[str, list[int]] = {}
    for key, (job, places) in asked.items():
        ready = jobs.ledger.take(key)
        if ready is not None:
            _fill(slots, places, ready)
        elif not jobs.ledger.has_failed(key):
            waiting[key] = places
            jobs.ledger.want([key], deadline_s)
            jobs.draft(job, asked=True)
    if waiting and jobs.at_rest(body.project_id) is None and jobs.marks.workers():
        _wait(jobs, waiting, slots, until)
    jobs.ledger.unwant(waiting)
    return slots


def _jobs(body: PredictRequest, project: ProjectSettings) -> Iterator[tuple[int, DraftJob]]:
    """The tasks that can be drafted, with their places."""
    interface, version = project.load_interface(), model_version(project)
    rewrite = read_context(interface, body.context)
    if body.context is not None and rewrite is None:
        return
    for place, task in enumerate(body.tasks):
        try:
            interface.check_task(task.data)
        except LabelConfigError:
            continue
        job = DraftJob(body.project_id, task.id, task.data, project, version, rewrite=rewrite)
        yield place, job


def _fill(slots: list[Any], places: list[int], draft: FinishedDraft) -> None:
    for place in places:
        slots[place] = draft.prediction()


def _wait(jobs: Jobs, waiting: dict[str, list[int]], slots: list[Any], until: float) -> None:
    """Fill the slots as drafts are finished, and leave in `waiting` what is not finished in time.

    A draft that is neither finished nor under way is waited for no longer: it was put off, has
    failed, or another call has handed it out.
    """
    while waiting:
        under_way = jobs.ledger.queued_among(waiting)
        settled = jobs.ledger.settled(waiting)
        for key in waiting.keys() - (under_way - settled):
            places, draft = waiting.pop(key), jobs.ledger.take(key)
            if draft is not None:
                _fill(slots, places, draft)
        remaining = until - time.monotonic()
        if not waiting or remaining <= 0:
            return
        time.sleep(min(POLL_S, remaining))
