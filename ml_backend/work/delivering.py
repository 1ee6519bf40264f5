"""Finished drafts go to Label Studio in batches, and what it stored is counted."""

import logging
from collections.abc import Sequence
from itertools import groupby
from typing import Any, Protocol

from huey.api import Huey

from connectors.errors import LabelStudioError
from connectors.task_pages import TaskListing, task_filter
from ml_backend.store.doubtful_drafts import DoubtfulDrafts
from ml_backend.store.draft_jobs import AGAIN, FinishedDraft
from ml_backend.store.figures import Figures, LastError
from ml_backend.store.ledger import Ledger
from ml_backend.store.queues import beside
from ml_backend.work.refining import ShownDrafts, deliver_refined

log = logging.getLogger(__name__)

BATCH = 200
REFUSED = "Label Studio did not store the draft: its label config has no place for it"


class LabelStudioPredictions(TaskListing, ShownDrafts, Protocol):
    """What delivering needs of Label Studio."""

    def import_predictions(self, project_id: int, predictions: list[dict[str, Any]]) -> int: ...
    def delete_prediction(self, prediction_id: int) -> None: ...


class Outbox:
    """Keys of finished drafts that nobody waits for, first in, first out."""

    def __init__(self, huey: Huey) -> None:
        self._queue = beside(huey, "labeltune-outbox")
        # on Redis, an empty queue would be waited for otherwise
        self._queue.storage.blocking = False

    def add(self, key: str) -> None:
        """Add a key; to add it twice does no harm, since only one caller can take its draft."""
        self._queue.storage.enqueue(key.encode())

    def take(self, most: int) -> list[str]:
        """Up to so many keys, each handed out once."""
        found: list[str] = []
        while len(found) < most:
            raw = self._queue.storage.dequeue()
            if raw is None:
                break
            found.append(bytes(raw).decode())
        return found


class Delivery:
    """Brings what is in the outbox to Label Studio."""

    def __init__(
        self,
        client: LabelStudioPredictions,
        ledger: Ledger,
        outbox: Outbox,
        figures: Figures,
        doubtful: DoubtfulDrafts,
    ) -> None:
        self._client = client
        self._ledger = ledger
        self._outbox = outbox
        self._figures = figures
        self._doubtful = doubtful
        self._is_down = False

    def run(self) -> None:
        """Deliver until the outbox is empty or Label Studio can't be reached."""
        while not self._is_down and (keys := self._outbox.take(BATCH)):
            taken = [(key, draft) for key in keys if (draft := self._ledger.take(key))]
            taken.sort(key=_urgency)
            for (again, project_id), batch in groupby(taken, key=_urgency):
                deliver = self._deliver_refined if again else self._deliver
                deliver(project_id, dict(batch))

    def _deliver(self, project_id: int, drafts: dict[str, FinishedDraft]) -> None:
        """One project's drafts of the first pass, by key."""
        together = {key: draft for key, draft in drafts.items() if not draft.one_by_one}
        single, stored = drafts, []
        if len(together) > 1:
            try:
                stored = self._import(project_id, together)
                single = _without(drafts, together)
            except LabelStudioError as error:
                if error.status != 400:  # else one of them spoils it, such as of a deleted task
                    self._put_back(together, error)
                    single = _without(drafts, together)
        stored += [draft for key, draft in single.items() if self._create(key, draft)]
        self._figures.add("delivered", project_id, len(stored))
        self._delete_stale(stored)

    def _deliver_refined(self, project_id: int, drafts: dict[str, FinishedDraft]) -> None:
        """Drafts of the second pass; each is done once Label Studio has it."""
        try:
            for key in deliver_refined(self._client, project_id, drafts):
                drafts = _without(drafts, {key: drafts[key]})
                self._doubtful.done(key.removesuffix(AGAIN))
                self._ledger.release(key)
        except LabelStudioError as error:
            self._put_back(drafts, error)

    def _import(self, project_id: int, drafts: dict[str, FinishedDraft]) -> list[FinishedDraft]:
        """Send a batch; returns the drafts that Label Studio stored."""
        sent = [{"task": d.task_id, **d.prediction()} for d in drafts.values()]
        created = self._client.import_predictions(project_id, sent)
        if created == len(sent):
            return list(drafts.values())
        log.warning(
            "project %s: %s drafts sent, %s created; looking which", project_id, len(sent), created
        )
        there = self._tasks_with(project_id, list(drafts.values()))
        for key, draft in drafts.items():
            if draft.task_id not in there:
                self._refused(key, draft, REFUSED)
        return [draft for draft in drafts.values() if draft.task_id in there]

    def _tasks_with(self, project_id: int, drafts: Sequence[FinishedDraft]) -> set[int]:
        """Ids of the tasks that hold a prediction of these drafts' version."""
        ids = [draft.task_id for draft in drafts]
        versions = sorted({draft.model_version for draft in drafts})
        filters = [
            task_filter("tasks:id", "in", {"min": min(ids), "max": max(ids)}, "Number"),
            task_filter("tasks:predictions_model_versions", "contains", versions, "List"),
        ]
        pages = self._client.task_pages(project_id, filters, ("tasks:id",), ("id",))
        return {int(task["id"]) for page in pages for task in page.tasks}

    def _create(self, key: str, draft: FinishedDraft) -> bool:
        fields = {"task": draft.task_id, "project": draft.project_id, **draft.prediction()}
        try:
            self._client.create_prediction(fields)
        except LabelStudioError as error:
            if error.status in (400, 404):
                # it would be refused again; what Label Studio says of it may quote the draft
                self._refused(key, draft, f"Label Studio refused the draft ({error.status})")
            else:
                self._put_back({key: draft}, error)
            return False
        return True

    def _refused(self, key: str, draft: FinishedDraft, reason: str) -> None:
        log.warning("task %s: draft not stored: %s", draft.task_id, reason)
        self._figures.add("refused", draft.project_id)
        self._figures.error(LastError(draft.project_id, draft.task_id, reason))
        self._ledger.mark_failed(key, draft.project_id, draft.task_id, reason)
        self._doubtful.done(key)  # there is nothing to refine

    def _put_back(self, drafts: dict[str, FinishedDraft], error: LabelStudioError) -> None:
        """Keep what could not be sent; the next sweep sees whether it arrived all the same."""
        self._is_down = True
        for key, draft in drafts.items():
            self._ledger.put(key, draft)
        first = next(iter(drafts.values()))
        what = "1 draft" if len(drafts) == 1 else f"{len(drafts)} drafts"
        said = f"{what} not delivered yet: {error.brief}"
        log.warning("project %s: %s", first.project_id, said)
        self._figures.error(LastError(first.project_id, None, said))

    def _delete_stale(self, drafts: Sequence[FinishedDraft]) -> None:
        """Remove what the new drafts replace, now that they are in place."""
        try:
            for draft in drafts:
                for prediction_id in draft.stale:
                    self._client.delete_prediction(prediction_id)
        except LabelStudioError as error:
            log.warning("old drafts stay for now: %s", error)


def _urgency(taken: tuple[str, FinishedDraft]) -> tuple[bool, int]:
    """First drafts first: those of the second pass go one by one, and their tasks have one."""
    _, draft = taken
    return draft.again, draft.project_id


def _without(
    drafts: dict[str, FinishedDraft], others: dict[str, FinishedDraft]
) -> dict[str, FinishedDraft]:
    return {key: draft for key, draft in drafts.items() if key not in others}
