"""Waiting drafts with all that their order depends on, as arrays, and the order itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from label_configs.queue_fields import comes_first
from sync.coverage.measure import Measured
from sync.coverage.weights import Integers
from sync.queue.notes import PlacedDrafts
from sync.queue.priority import NONE, Lack, Waiting, before_repeats, ranked
from sync.queue.waiting_drafts import ProjectQueue, WaitingDraft

# places of drafts, the first to stay -> what each draft repeats, see `Waiting.repeats`
FindRepeats = Callable[[Integers], Integers]


@dataclass(frozen=True)
class DraftViews:
    """What is thought of waiting drafts.

    Attributes:
        own: their scores as the backend gave them.
        acceptance: probability in [0, 1] that an expert accepts each unchanged.
        audits: ids of those tasks that are audits, in the order of `choose_audits`.
        doubts: by task id, how doubtful another answer to it is, in [0, 1].
        leads: places of drafts whose category teaches most, the first to come first.
    """

    own: Sequence[float]
    acceptance: Sequence[float]
    audits: Sequence[int]
    doubts: Mapping[int, float] = field(default_factory=dict)
    leads: Sequence[int] = ()


def place_drafts(
    queue: ProjectQueue, measured: Measured, judged: DraftViews, find_repeats: FindRepeats
) -> PlacedDrafts:
    """Give each waiting draft its priority."""
    drafts = queue.drafts
    kinds, lacks, labels = _kinds(drafts, measured)
    places = {draft.task_id: place for place, draft in enumerate(drafts)}
    waiting = Waiting(
        task_ids=np.array([draft.task_id for draft in drafts], dtype=np.int64),
        acceptance=np.array(judged.acceptance, dtype=np.float64),
        doubt=np.array([judged.doubts.get(draft.task_id, 0.0) for draft in drafts]),
        kinds=np.array(kinds, dtype=np.int64),
        repeats=np.full(len(drafts), NONE, dtype=np.int64),
        audits=np.array([places[task_id] for task_id in judged.audits], dtype=np.int64),
        lacks=lacks,
        leads=judged.leads,
        failing=[place for place, draft in enumerate(drafts) if comes_first(draft.held)],
        done=queue.done,
        done_audits=queue.done_audits,
    )
    order = np.lexsort((waiting.task_ids, before_repeats(waiting)))
    repeats = find_repeats(order[~waiting.audited[order]])
    waiting = replace(waiting, repeats=repeats)
    named = [labels[kind] if kind >= 0 else None for kind in kinds]
    return PlacedDrafts(drafts, waiting, ranked(waiting), judged.own, named)


def needing_kinds(task_ids: Sequence[int], measured: Measured) -> int:
    """How many of these waiting tasks are of a kind that is missing."""
    needed = {measured.targets.cell_of(gap.labels) for gap in measured.gaps.missing}
    facts = (measured.waiting.get(task_id) for task_id in task_ids)
    return sum(measured.targets.cell_of(each.labels) in needed for each in facts if each)


def _kinds(
    drafts: Sequence[WaitingDraft], measured: Measured
) -> tuple[list[int], list[Lack], list[Mapping[str, str]]]:
    """The place of each draft's kind among those that are missing; these, and their labels."""
    targets, missing = measured.targets, measured.gaps.missing if measured.targets.wanted else []
    places = {targets.cell_of(gap.labels): place for place, gap in enumerate(missing)}
    kinds = []
    for draft in drafts:
        facts = measured.waiting.get(draft.task_id)
        cell = None if facts is None else targets.cell_of(facts.labels)
        kinds.append(-1 if cell is None else places.get(cell, -1))
    lacks = [Lack(gap.need, gap.missing or 0) for gap in missing]
    return kinds, lacks, [gap.labels for gap in missing]
