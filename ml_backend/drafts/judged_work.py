"""What experts did with a project's drafts, read from Label Studio again as work is finished."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from drafting.acceptance.fit import MOST_JUDGED
from drafting.acceptance.judged_draft import JudgedDraft, judged_draft, kept_signals
from drafting.finished_example import embedded_text
from label_configs import Interface, LabelConfigError
from label_configs.annotations import Rule
from label_configs.annotations.candidates import ListedAnnotation
from label_configs.annotations.choose_annotation import Choosing, Winner, choose_annotation
from label_configs.provenance import Provenance, compared, provenance
from ml_backend.drafts.finished_tasks import FINISHED, INCLUDE, FinishedListing
from ml_backend.drafts.live_review_verdicts import KnownProjects
from ml_backend.drafts.reviewed_tasks import ReviewedTasks

# beside those of finished tasks: what their drafts said, and which one was opened
FIELDS = (*INCLUDE, "parent_prediction", "created_at", "predictions")


class JudgedWork:
    """The finished drafts of one project; for one thread at a time."""

    def __init__(
        self,
        client: FinishedListing,
        project_id: int,
        interface: Interface[Any],
        order: Sequence[Rule],
        known: KnownProjects,
    ) -> None:
        """Nothing is read yet.

        Args:
            order: of the rules by which one annotation of a task counts.
            known: the projects of the backend, of which some may review this one.
        """
        make = functools.partial(_judged, interface)
        self._tasks = ReviewedTasks(client, project_id, make, order, known, MOST_JUDGED, FIELDS)

    def finished(self) -> int:
        """How many tasks are finished, asked of Label Studio; it costs one request.

        Raises:
            LabelStudioError: Label Studio can't be asked.
        """
        return self._tasks.count(FINISHED)

    def judged(self) -> list[JudgedDraft]:
        """What there is to learn from, the newest last; what has changed is read first.

        Raises:
            LabelStudioError: Label Studio can't be asked.
        """
        self._tasks.read_verdicts()
        self._tasks.read_tasks()
        newest_first = [draft for draft in self._tasks.made() if draft is not None]
        return newest_first[::-1]


def _judged(
    interface: Interface[Any], task: Mapping[str, Any], choosing: Choosing
) -> JudgedDraft | None:
    """A listed task's draft; None where it has none with signals, or can't be read."""
    try:
        data, listed = task["data"], task["annotations"]
        interface.check_task(data)
        annotations = [ListedAnnotation.of(each) for each in listed]
        chosen = choose_annotation(int(task["id"]), data, annotations, interface, choosing)
        if (winner := chosen.winner) is None:
            return None
        counts = next(a for a in listed if int(a["id"]) == winner.candidate.annotation.id)
        opened, shown = _drafts(counts, task.get("predictions") or ())
        items, record = winner.candidate.items, winner.record(interface)
        return judged_draft(
            kept_signals(opened, items, None if opened is not None else shown),
            interface.draft_verdict(record, data),
            _made(interface, winner, record, opened),
            rejected=winner.rejected,
            text=embedded_text(interface, data),
        )
    except (LabelConfigError, LookupError, TypeError, ValueError, AttributeError):
        return None  # somebody changed it by hand


def _drafts(
    annotation: Mapping[str, Any], predictions: Sequence[Mapping[str, Any]]
) -> tuple[list[Any] | None, list[Any] | None]:
    """The result items of the draft that was opened, and of the newest one of then."""
    opened = [p for p in predictions if p["id"] == annotation.get("parent_prediction")]
    before = [p for p in predictions if p["created_at"] <= annotation["created_at"]]
    newest = sorted(before, key=lambda prediction: int(prediction["id"]))[-1:]
    return _result(opened), _result(newest)


def _result(predictions: Sequence[Mapping[str, Any]]) -> list[Any] | None:
    return list(predictions[0]["result"]) if predictions else None


def _made(
    interface: Interface[Any], winner: Winner, record: Any, opened: list[Any] | None
) -> Provenance:
    """How the answer that counts differs from its draft."""
    if opened is not None:
        return compared(interface, record, interface.decode(opened))
    told = provenance(interface, winner.candidate.items, None)
    is_amended = winner.amended is not None and told.change == "unchanged"
    return replace(told, change="edited") if is_amended else told
