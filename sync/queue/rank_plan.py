"""The order of waiting tasks as `labeltune rank` finds it; nothing is written, nobody is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from drafting.acceptance.acceptance import Acceptance
from drafting.acceptance.fit import LEAST_JUDGED, MOST_JUDGED, fit_acceptance
from drafting.acceptance.prior import NoSignalError
from drafting.signals import Signals
from sync.coverage.measure import measure
from sync.queue.asked_texts import AskedTexts, TextEmbedding
from sync.queue.audit import choose_audits, overdue_audits
from sync.queue.finished_neighbours import of_finished, of_waiting
from sync.queue.notes import PlacedDrafts
from sync.queue.outcomes import Doubts, JudgedTask, Outcomes
from sync.queue.place_drafts import DraftViews, place_drafts
from sync.queue.plan import TOLERANCE, QueuePlan, own_score, plan_queue
from sync.queue.priority import NONE
from sync.queue.stopping import DraftedWork
from sync.queue.stored_scores import StoredScore, read_scores
from sync.queue.waiting_drafts import ProjectQueue, WaitingDraft
from sync.records.pulled_work import open_pulled_work
from sync.settings import Config
from sync.table.data_folder import data_folder


@dataclass(frozen=True)
class RankPlan:
    """An order, before anything of it is written.

    Attributes:
        acceptance: how likely drafts are accepted, as finished ones teach it.
        without_signals: waiting drafts of an older LabelTune, which keep the score that they had.
        work: finished and waiting drafts, from which it is estimated what is left.
    """

    queue: ProjectQueue
    acceptance: Acceptance
    plan: QueuePlan
    table_version: int
    without_signals: int
    work: DraftedWork


def plan_rank(config: Config, queue: ProjectQueue, embedding: TextEmbedding) -> RankPlan:
    """Judge every waiting draft anew, by the table and by what lies beside it.

    Args:
        queue: of the project; its rows are read here.

    Raises:
        SyncError: nothing was pulled, or the data folder can't be read.
        EmbeddingError: the embedding model can't be loaded.
    """
    folder = data_folder(config)
    known = read_scores(folder)
    finished = open_pulled_work(config)
    outcomes = Outcomes(finished, Doubts.read(folder))
    for row in queue.watch(finished.snapshot.rows()):
        outcomes.look(row)
    done = outcomes.finished_drafts
    texts = AskedTexts(
        config,
        queue.drafts,
        outcomes.answered,
        outcomes.categories,
        embedding,
        [task.asked for task in done[-MOST_JUDGED:]],
    )
    if len(done) >= LEAST_JUDGED:
        done, waiting = _beside_neighbours(done, queue.drafts, texts)
        queue = replace(queue, drafts=waiting)
    acceptance = fit_acceptance([task.draft for task in done])
    judged, without_signals = _judged(queue, acceptance, known, outcomes.doubts, config.queue.audit)
    judged = replace(judged, leads=texts.leads(judged.audits))
    placed = place_drafts(queue, measure(config), judged, texts.repeats)
    plan = plan_queue(placed, queue.scores, known, notes=config.queue.notes, tolerance=TOLERANCE)
    return RankPlan(
        queue,
        acceptance,
        plan,
        finished.snapshot.table_version,
        without_signals,
        _work(queue.project_id, done, placed, acceptance),
    )


def _beside_neighbours(
    done: Sequence[JudgedTask], waiting: Sequence[WaitingDraft], texts: AskedTexts
) -> tuple[list[JudgedTask], list[WaitingDraft]]:
    """Finished and waiting drafts with what became of tasks like theirs among their signals.

    Args:
        done: the oldest first; of the newest, those of `texts.judged`, it is told.
    """
    older, newest = done[: -len(texts.judged)], done[-len(texts.judged) :]
    accepted = [task.draft.accepted for task in newest]
    told = of_finished(texts.of_judged, accepted)
    learnt = [
        replace(task, draft=replace(task.draft, signals={**task.draft.signals, **near}))
        for task, near in zip(newest, told, strict=True)
    ]
    places = {task.task_id: place for place, task in enumerate(newest)}
    own = [places.get(draft.task_id, NONE) for draft in waiting]
    told = of_waiting(texts.of_waiting, texts.of_judged, accepted, own)
    judged = [
        replace(draft, told=draft.told and draft.told.beside(near))
        for draft, near in zip(waiting, told, strict=True)
    ]
    return [*older, *learnt], judged


def _judged(
    queue: ProjectQueue,
    acceptance: Acceptance,
    known: Mapping[int, StoredScore],
    doubts: Mapping[int, float],
    share: float,
) -> tuple[DraftViews, int]:
    """What is thought of each draft, and how many keep the score that they had."""
    own = [own_score(draft, known) for draft in queue.drafts]
    likely: list[float] = []
    without_signals = 0
    for draft, score in zip(queue.drafts, own, strict=True):
        found = None if draft.told is None else _probability(draft.told.signals, acceptance)
        without_signals += found is None
        likely.append(score if found is None else found)
    audits = choose_audits(queue.project_id, (draft.task_id for draft in queue.drafts), share)
    return DraftViews(own, likely, audits, doubts), without_signals


def _probability(signals: Signals, acceptance: Acceptance) -> float | None:
    """How likely a draft is accepted by its signals; None where they tell nothing."""
    try:
        return acceptance.probability(signals)
    except NoSignalError:
        return None


def _work(
    project_id: int,
    finished: Sequence[JudgedTask],
    placed: PlacedDrafts,
    acceptance: Acceptance,
) -> DraftedWork:
    """Finished drafts as they were finished, and open ones as they come.

    A task that lacks a second answer is finished here: an expert has seen its draft.
    """
    seen = np.isin(placed.waiting.task_ids, [each.task_id for each in finished])
    order = placed.ranked.order
    audits = placed.waiting.task_ids[placed.waiting.audited & ~seen].tolist()
    return DraftedWork(
        acceptance=np.array(
            [_probability(each.draft.signals, acceptance) for each in finished], dtype=np.float64
        ),
        changed=np.array([not each.draft.accepted for each in finished], dtype=bool),
        audited=np.array([each.is_audit for each in finished], dtype=bool),
        open_acceptance=placed.waiting.acceptance[order[~seen[order]]],
        overdue_audits=overdue_audits(
            project_id, (each.task_id for each in finished if each.is_audit), audits
        ),
    )
