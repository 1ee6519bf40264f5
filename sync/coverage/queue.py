"""Missing kinds of task come first in Label Studio: the scores of their drafts are lowered.

Label Studio hands out the task whose prediction has the lowest score, among the predictions of the
project's `model_version`. So a missing kind comes forward when the scores of its drafts are
lowered: own score times (1 - need). Their own scores are kept beside the table and come back once
the gap is filled, or the task is done.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from connectors.errors import LabelStudioError
from connectors.label_studio import LabelStudio
from sync.common.errors import SyncError
from sync.common.terminal import ShowProgress
from sync.coverage.gaps import Gap
from sync.coverage.label_counts import Cell
from sync.coverage.measure import Measured, measure
from sync.coverage.targets import Targets
from sync.coverage.task_facts import TaskFacts
from sync.settings import Config
from sync.table.data_folder import DataFolder, data_folder
from sync.table.pull import pull
from sync.table.snapshot import open_snapshot
from sync.table.task_rows import TaskRow

# of the data folder: which scores are not the drafts' own
SCORES = "queue-scores.json"
# of an empty cell: drafts of a score of 0 would lose their order among each other
_MOST_NEED = 0.99


@dataclass(frozen=True)
class Score:
    """The score of a draft that was lowered.

    Attributes:
        own: as the backend gave it.
        written: what may stand in its place: one score, or two where a run was cut short.
    """

    own: float
    written: tuple[float, ...]


class ScoreWriter(Protocol):
    """What the queue needs of Label Studio."""

    def update_prediction(self, prediction_id: int, fields: Mapping[str, Any]) -> object: ...


@dataclass(frozen=True)
class QueuePlan:
    """Which scores change.

    Attributes:
        changes: prediction id -> the score that it gets.
        lowered: drafts of missing cells, those that were lowered before included.
        restored: drafts that get their own score back.
        undrafted: waiting tasks of missing cells without a draft of the project's version, which
            come after all that have one, whatever is done.
    """

    changes: Mapping[int, float]
    lowered: Mapping[int, Score]
    restored: int
    undrafted: int


def plan_queue(
    rows: Iterable[TaskRow],
    waiting: Mapping[int, TaskFacts],
    gaps: Sequence[Gap],
    targets: Targets,
    model_version: str,
    known: Mapping[int, Score],
) -> QueuePlan:
    """Lower as many drafts of a missing cell as it lacks, the least certain ones of it.

    Args:
        rows: every task as Label Studio holds it now.
        gaps: the cells that lack something, by the targets' dimensions.
        known: what was written before, by prediction id.
    """
    needs = {targets.cell_of(gap.labels): gap for gap in gaps}
    current: dict[int, float] = {}
    by_cell: dict[Cell, list[int]] = {}
    undrafted = 0
    for row in rows:
        current.update((p.id, p.score) for p in row.predictions if p.score is not None)
        cell = targets.cell_of(waiting[row.task_id].labels) if row.task_id in waiting else None
        if cell is None or cell not in needs:
            continue
        shown = [p.id for p in row.predictions if p.model_version == model_version]
        if shown and max(shown) in current:
            by_cell.setdefault(cell, []).append(max(shown))
        else:
            undrafted += 1
    own = {i: _own(score, known.get(i)) for i, score in current.items()}
    lowered = {
        i: Score(own[i], (own[i] * (1 - min(needs[cell].need, _MOST_NEED)),))
        for cell, ids in by_cell.items()
        for i in sorted(ids, key=lambda i: (own[i], i))[: needs[cell].missing]
    }
    after = {i: own[i] for i in known if i in own} | {i: s.written[0] for i, s in lowered.items()}
    changes = {i: score for i, score in sorted(after.items()) if not _same(score, current[i])}
    restored = sum(i not in lowered for i in changes)
    return QueuePlan(changes, lowered, restored, undrafted)


def write_scores(
    client: ScoreWriter, folder: DataFolder, plan: QueuePlan, progress: ShowProgress
) -> int:
    """Bring a plan to Label Studio; what was lowered is on record before it is.

    Returns:
        How many scores were written: a draft that has gone meanwhile is passed over.

    Raises:
        LabelStudioError: Label Studio can't be reached, or refuses; run again.
        SyncError: the folder can't be written.
    """
    # until all is written, a score may be what it was before or what it is to be
    before = read_scores(folder)
    _store(
        folder,
        before
        | {
            i: Score(score.own, (*score.written, *before[i].written)) if i in before else score
            for i, score in plan.lowered.items()
        },
    )
    written = 0
    for number, (prediction_id, score) in enumerate(plan.changes.items(), start=1):
        try:
            client.update_prediction(prediction_id, {"score": score})
            written += 1
        except LabelStudioError as error:
            if error.status != 404:
                raise
        progress(number, len(plan.changes))
    _store(folder, plan.lowered)
    return written


def read_scores(folder: DataFolder) -> dict[int, Score]:
    """What was written before, by prediction id; nothing of a file that can't be read."""
    try:
        found = json.loads(folder.read(SCORES) or b"{}")
        return {int(i): Score(own, tuple(written)) for i, (own, *written) in found.items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def _store(folder: DataFolder, scores: Mapping[int, Score]) -> None:
    lines = {
        str(i): [score.own, *dict.fromkeys(score.written)] for i, score in sorted(scores.items())
    }
    folder.write(SCORES, json.dumps(lines, indent=0) + "\n")


def _own(score: float, known: Score | None) -> float:
    """The draft's own score; one that is neither own nor written is the backend's new one."""
    ours = known is not None and any(_same(score, written) for written in known.written)
    return known.own if known is not None and ours else score


def _same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)


@dataclass(frozen=True)
class QueueReport:
    """What was done to the order of tasks.

    Attributes:
        first: waiting drafts of missing cells that come earlier than their own score would have
            them.
        restored: drafts that have their own score again.
        written: scores that were sent, or would have been.
        undrafted: waiting tasks of missing cells that have no draft yet, so that nothing can bring
            them forward.
    """

    first: int
    restored: int
    written: int
    undrafted: int
    dry_run: bool


def reorder(
    config: Config,
    client: LabelStudio,
    pulling: ShowProgress,
    writing: ShowProgress,
    *,
    dry_run: bool = False,
) -> tuple[Measured, QueueReport]:
    """Bring waiting tasks of missing cells forward, and others back.

    Args:
        pulling: called with tasks fetched and tasks to fetch.
        writing: called with scores written and scores to write.
        dry_run: pull and plan; write nothing to Label Studio.

    Raises:
        SyncError: nothing is wanted, or the data folder can't be used.
        LabelStudioError: Label Studio can't be used; run again to go on.
    """
    if not config.targets.wants:
        raise SyncError(
            "--queue needs to know what is wanted: set targets.total and targets.dimensions in "
            "labeltune.toml"
        )
    folder = data_folder(config)
    with folder.only_one("gaps"):
        pull(config, client, pulling)
        title = config.label_studio.project
        project = client.find_project(title, ("id", "title", "model_version"))
        if project is None:
            raise SyncError(f"Label Studio has no project {title!r} any more; `labeltune push` it")
        measured = measure(config)
        plan = plan_queue(
            open_snapshot(config).rows(),
            measured.waiting,
            measured.gaps.missing,
            measured.targets,
            str(project["model_version"] or ""),
            read_scores(folder),
        )
        written = len(plan.changes)
        if not dry_run:
            written = write_scores(client, folder, plan, writing)
    report = QueueReport(len(plan.lowered), plan.restored, written, plan.undrafted, dry_run)
    return measured, report
