"""An evaluation as a round: what it found of each item, and what the model was made of."""

import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from hashlib import sha256

from sync.common.source_task import ID_FIELD
from sync.quality.chosen_checks import chosen_checks
from sync.settings import Config
from sync.table.snapshot import open_snapshot
from sync.tuning.evaluation.arms.arm import BASE, EvaluatedArm
from sync.tuning.evaluation.comparison import arm_means
from sync.tuning.evaluation.evaluated_work import EvaluatedWork
from sync.tuning.evaluation.measures.measure import MeasuredSeries
from sync.tuning.evaluation.measures.text_checks import OF_EXPERTS
from sync.tuning.evaluation.question_clusters import Clusters
from sync.tuning.evaluation.rounds.evaluation_round import (
    JUDGES,
    EvaluationRound,
    failing_clusters,
    round_items,
)
from sync.tuning.evaluation.statistics.intervals import group_numbers


def round_of(
    work: EvaluatedWork,
    arm: EvaluatedArm,
    against: str,
    series: Sequence[MeasuredSeries],
    clusters: Clusters,
    loss_rise: float | None,
) -> EvaluationRound | None:
    """The round of the arm that is evaluated.

    Args:
        against: the arm that it is held against.
        clusters: places of held-out items.

    Returns:
        None where nothing decides, or the arm is neither a tuned model nor the base: nobody knows
        what it learned.

    Raises:
        SyncError: the table can't be read.
    """
    decisive = next((each for each in series if each.is_main), None)
    if decisive is None or arm.name not in decisive.values:
        return None
    if arm.entry is None and arm.name != BASE:
        return None
    items = work.held.items
    keys, groups = [item.key for item in items], [item.group for item in items]
    means = arm_means(decisive, group_numbers(groups))
    if arm.name not in means:
        return None
    mean, entry = means[arm.name], arm.entry
    found = round_items(keys, groups, series, arm.name, against)
    hours = None
    if entry is not None:
        version = entry.release.table_version
        hours = annotators_hours(work.config, version, work.learnt.get(entry.name, ()))
    return EvaluationRound(
        model=arm.name if entry is not None else arm.model,
        made_of=arm.made_of if entry is not None else "",
        made="" if entry is None else entry.created,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        release=work.release_name,
        against=against,
        examples=0 if entry is None else entry.release.training.lines,
        hours=hours,
        cost=None if entry is None else entry.cost,
        checks=checks_digest(work.config),
        value=mean.value,
        low=mean.low,
        high=mean.high,
        against_value=means[against].value if against in means else None,
        loss_rise=loss_rise,
        judges=tuple(each.name for each in series if each.name in JUDGES),
        items=found,
        clusters=failing_clusters(keys, found, clusters),
    )


def checks_digest(config: Config) -> str:
    """Equal where answers are judged alike: by the same checks, settings and guidelines."""
    names = sorted(set(chosen_checks(config).of_texts) - OF_EXPERTS)
    told = [names, config.checks, config.label_studio.profile, config.guidelines_text()]
    return sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:16]


def annotators_hours(config: Config, version: int, keys: Collection[str]) -> float | None:
    """What annotators spent on the tasks of these keys, as Label Studio measured it.

    Args:
        version: of the table.

    Returns:
        None where nothing is known.
    """
    seconds = 0.0
    for row in open_snapshot(config, version).rows():
        known = row.data_fields().get(ID_FIELD)
        if (f"task-{row.task_id}" if known in (None, "") else str(known)) in keys:
            seconds += sum(each.lead_time or 0.0 for each in row.annotations)
    return seconds / 3600 if seconds else None
