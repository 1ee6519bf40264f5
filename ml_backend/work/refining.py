"""The second pass: which drafts get further samples next, and what becomes of the drafts then.

A page that holds a draft may be open at any time, and Label Studio does not tell: a task that is
opened leaves no trace, its locks are in no answer, and it refuses an annotation whose prediction is
gone. So a draft is never deleted or rewritten here. Where the words stay, it gets a new score and
the signals behind it; where they change, a new draft is added and the old one keeps its words under
another version, by which no page shows it any more.
"""

import functools
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Protocol

from connectors.errors import LabelStudioError
from drafting.draft_version import replaced_version
from label_configs.draft_meta import with_acceptance
from ml_backend.store.doubtful_drafts import DoubtfulDraft, DoubtfulDrafts
from ml_backend.store.draft_jobs import DraftJob, FinishedDraft, again_key
from ml_backend.store.ledger import Ledger
from ml_backend.store.marks import WorkerSeen
from ml_backend.store.projects import Projects

log = logging.getLogger(__name__)

_FIELDS = (
    "id",
    "data",
    "total_annotations",
    "cancelled_annotations",
    "draft_exists",
    "predictions",
    "model_version",
    "result",
)


class PredictionUpdates(Protocol):
    """Changes single predictions in Label Studio."""

    def update_prediction(self, prediction_id: int, fields: dict[str, Any]) -> None: ...


class ShownDrafts(PredictionUpdates, Protocol):
    """What refining needs of Label Studio."""

    def tasks_by_id(
        self, project_id: int, task_ids: Sequence[int], include: Sequence[str]
    ) -> list[dict[str, Any]]: ...
    def create_prediction(self, fields: dict[str, Any]) -> dict[str, Any]: ...


def room_beside_first_drafts(workers: Iterable[WorkerSeen]) -> int:
    """How many second passes may be under way: of two threads a slot, one slot's stay free."""
    return sum(2 * max(1, worker.concurrency - 1) for worker in workers)


def next_refinements(
    client: ShownDrafts,
    ledger: Ledger,
    doubtful: DoubtfulDrafts,
    projects: Projects,
    room: int,
    at_rest: Callable[[int], str | None],
) -> Iterator[DraftJob]:
    """Jobs for the most doubtful drafts, each claimed; drafts that need none are forgotten.

    Args:
        room: how many second passes may be under way at a time, those that are included.
        at_rest: why nothing of a project is drafted at present, or None.

    Raises:
        LabelStudioError: Label Studio can't be asked.
    """
    ahead = _wanted(doubtful, projects, at_rest)
    while room > 0:
        batch: list[DoubtfulDraft] = []
        for draft in ahead:
            again = again_key(draft.key)
            if ledger.is_claimed_again(again):
                room -= 1
            elif not ledger.is_for_later(again):
                batch.append(draft)
            if len(batch) >= room:
                break
        if not batch:
            return
        for project_id, drafts in _by_project(batch):
            for job in _jobs(client, ledger, doubtful, projects, project_id, drafts):
                room -= 1
                yield job


def _wanted(
    doubtful: DoubtfulDrafts, projects: Projects, at_rest: Callable[[int], str | None]
) -> Iterator[DoubtfulDraft]:
    """What waits for further samples of projects that are drafted at present."""
    outdated, rests = functools.cache(projects.is_outdated), functools.cache(at_rest)
    for draft in doubtful.waiting():
        if outdated(draft.project_id, draft.version):
            doubtful.done(draft.key)
        elif rests(draft.project_id) is None:
            yield draft


def _jobs(
    client: ShownDrafts,
    ledger: Ledger,
    doubtful: DoubtfulDrafts,
    projects: Projects,
    project_id: int,
    drafts: list[DoubtfulDraft],
) -> Iterator[DraftJob]:
    settings = projects.settings(project_id)
    tasks = _tasks(client, project_id, [draft.task_id for draft in drafts])
    for draft in drafts:
        task = tasks.get(draft.task_id)
        if settings is None or task is None or _is_begun(task):
            doubtful.done(draft.key)
            continue
        made = DraftJob(
            project_id, draft.task_id, task["data"], settings, draft.version, again=True
        )
        if made.first_key != draft.key:  # its data has changed, and the sweep drafts it anew
            doubtful.done(draft.key)
        elif not _current(task, draft.version):
            ledger.look_later(made.key)  # on its way, or in the hands of /predict
        elif ledger.claim_again(made.key):
            if doubtful.holds(draft.key):
                yield made
            else:  # another worker has just delivered it
                ledger.release(made.key)


def deliver_refined(
    client: ShownDrafts, project_id: int, drafts: Mapping[str, FinishedDraft]
) -> Iterator[str]:
    """Bring drafts of a second pass to Label Studio; yields the keys of those that are dealt with.

    It can be repeated after any step. A task that somebody has begun, or that has lost its draft,
    is left as it is.

    Args:
        drafts: of one project, by key.

    Raises:
        LabelStudioError: Label Studio can't be reached.
    """
    tasks = _tasks(client, project_id, [draft.task_id for draft in drafts.values()])
    for key, draft in drafts.items():
        task = tasks.get(draft.task_id)
        shown = [] if task is None or _is_begun(task) else _current(task, draft.model_version)
        if shown:
            try:
                _replace(client, draft, shown)
            except LabelStudioError as error:
                if error.status not in (400, 404):
                    raise
                # it would be refused again; the draft of the first pass stays
                log.warning("task %s: not refined: refused (%s)", draft.task_id, error.status)
        yield key


def retire(client: PredictionUpdates, prediction_id: int, version: str) -> None:
    """Have no page show a draft any more; whoever has it open can still submit."""
    client.update_prediction(prediction_id, {"model_version": replaced_version(version)})


def _replace(client: ShownDrafts, draft: FinishedDraft, shown: list[dict[str, Any]]) -> None:
    """Put a draft in the place of what is shown, the newest last."""
    newest = shown[-1]
    older = shown[:-1]
    if draft.score_only or _words(newest["result"]) == _words(draft.result):
        result = with_acceptance(newest["result"], draft.score, draft.signals)
        client.update_prediction(int(newest["id"]), {"score": draft.place, "result": result})
    else:
        fields = {"task": draft.task_id, "project": draft.project_id, **draft.prediction()}
        client.create_prediction(fields)
        older = shown
    for prediction in older:
        retire(client, int(prediction["id"]), draft.model_version)


def _tasks(
    client: ShownDrafts, project_id: int, task_ids: Sequence[int]
) -> dict[int, dict[str, Any]]:
    """Tasks by id, as far as they are still there."""
    try:
        return {int(t["id"]): t for t in client.tasks_by_id(project_id, task_ids, _FIELDS)}
    except LabelStudioError as error:
        if error.status == 404:  # the project is gone
            return {}
        raise


def _is_begun(task: Mapping[str, Any]) -> bool:
    """Whether somebody has annotated or skipped it, or has words of an annotation saved."""
    return any(
        task.get(name) for name in ("total_annotations", "cancelled_annotations", "draft_exists")
    )


def _current(task: Mapping[str, Any], version: str) -> list[dict[str, Any]]:
    """A task's drafts of this version, the oldest first."""
    found = [p for p in task.get("predictions", ()) if p["model_version"] == version]
    return sorted(found, key=lambda prediction: int(prediction["id"]))


def _words(result: Iterable[Mapping[str, Any]]) -> list[tuple[Any, Any]]:
    """What a draft says, without the ids of its items."""
    return [(item["from_name"], item["value"]) for item in result]


def _by_project(
    drafts: list[DoubtfulDraft],
) -> Iterator[tuple[int, list[DoubtfulDraft]]]:
    ordered = sorted(drafts, key=lambda draft: draft.project_id)
    for project_id, group in groupby(ordered, key=lambda draft: draft.project_id):
        yield project_id, list(group)
