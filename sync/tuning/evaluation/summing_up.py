"""From replies and measures to what an evaluation found."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from connectors.task_pages import task_url
from sync.tuning.evaluation.arms.arm import BASE, EvaluatedArm
from sync.tuning.evaluation.arms.replies import ArmReplies
from sync.tuning.evaluation.comparison import arm_means, compared
from sync.tuning.evaluation.evaluated_work import EvaluatedWork
from sync.tuning.evaluation.general_questions import (
    LOSS,
    GeneralAnswers,
    general_series,
    loss_rise,
)
from sync.tuning.evaluation.held_out import told_left_out
from sync.tuning.evaluation.measures.measure import AnsweredItems, MeasuredSeries
from sync.tuning.evaluation.measures.text_checks import ALL
from sync.tuning.evaluation.parts import parts_compared, parts_of
from sync.tuning.evaluation.question_clusters import question_clusters
from sync.tuning.evaluation.results import ArmSummary, Evaluation, FailedItem, MeasuredRow
from sync.tuning.evaluation.rounds.evaluation_round import JUDGES, read_rounds
from sync.tuning.evaluation.rounds.round_changes import rounds_compared
from sync.tuning.evaluation.rounds.round_of import round_of
from sync.tuning.evaluation.statistics.intervals import GroupNumbers, group_numbers

# below so many groups a difference must be large to be shown
FEW_GROUPS = 30


def summed_up(
    work: EvaluatedWork,
    arms: Sequence[EvaluatedArm],
    replies: Mapping[str, ArmReplies],
    answered: AnsweredItems,
    series: Sequence[MeasuredSeries],
    against: str,
    general: GeneralAnswers | None,
) -> Evaluation:
    """Means, pairs and parts of everything that was measured."""
    groups = group_numbers([item.group for item in work.held.items])
    main = main_arm(arms, against)
    pairs = [compared(series, groups, arm, other) for arm, other in _pairs(arms, main, against)]
    decisive = next((each for each in series if each.is_main), None)
    asked = [] if general is None else [*general_series(general.answers, general.losses)]
    of_questions = np.arange(len(next(iter(asked[0].values.values()))) if asked else 0)
    models = [] if general is None else list(general.answers)
    in_general = [
        compared(asked, of_questions, arm, BASE)
        for arm in sorted(models, key=lambda name: name != main)
        if arm != BASE and BASE in models
    ]
    rises = {
        arm: rise
        for each in asked
        for arm in each.values
        if each.name == LOSS and arm != BASE
        if (rise := loss_rise(each, arm, BASE)) is not None
    }
    clusters = question_clusters(work.held.items, answered.vectors_of)
    arm = next((each for each in arms if each.name == main), None)
    now = None
    if arm is not None:
        now = round_of(work, arm, against, series, clusters, rises.get(arm.name))
    return Evaluation(
        project=work.config.label_studio.project,
        project_id=work.project_id,
        release=work.release_name,
        release_id=work.release.id,
        where=work.where,
        proof=work.proof.said,
        items=len(work.held.items),
        groups=len(np.unique(groups)),
        arms=tuple(_summary(arm, replies[arm.name]) for arm in arms),
        rows=tuple(_row(each, groups) for each in series),
        compared=tuple(pairs),
        main=main,
        against=against,
        general=tuple(_row(each, of_questions) for each in asked),
        general_compared=tuple(in_general),
        loss_rises=rises,
        parts=()
        if decisive is None
        else parts_compared(decisive, groups, parts_of(work.held.items, clusters), main, against),
        failed=tuple(_failed(work, series, main, against)),
        notes=tuple(_notes(work, arms, replies, answered, general)),
        progress=None if now is None else rounds_compared(read_rounds(work.folder), now),
    )


def main_arm(arms: Sequence[EvaluatedArm], against: str) -> str | None:
    """The arm that is evaluated: the last tuned one, else the last that nothing is held against."""
    names = [arm.name for arm in arms if arm.name != against]
    tuned = [arm.name for arm in arms if arm.entry is not None and arm.name != against]
    return next(reversed([*names, *tuned]), None)


def _pairs(
    arms: Sequence[EvaluatedArm], main: str | None, against: str
) -> Iterator[tuple[str, str]]:
    """The main pair first, then every other arm beside `against`, then the main one beside base."""
    names = [arm.name for arm in arms]
    if main is None or against not in names:
        return
    yield main, against
    yield from ((name, against) for name in names if name not in (main, against))
    if BASE in names and BASE not in (main, against):
        yield main, BASE


def _summary(arm: EvaluatedArm, replies: ArmReplies) -> ArmSummary:
    tokens = replies.prompt_tokens + replies.completion_tokens
    return ArmSummary(
        arm.name, arm.model, arm.prompt, replies.unfit, replies.cut_off, tokens, replies.cost
    )


def _row(series: MeasuredSeries, groups: GroupNumbers) -> MeasuredRow:
    expert = series.expert
    known = expert is not None and not np.isnan(expert).all()
    return MeasuredRow(
        series.name,
        series.told,
        series.unit,
        series.higher_is_better,
        arm_means(series, groups),
        float(np.nanmean(expert)) if known and expert is not None else None,
    )


def _failed(
    work: EvaluatedWork, series: Sequence[MeasuredSeries], main: str | None, against: str
) -> Iterator[FailedItem]:
    """The items whose answer by the main arm fails a check or loses, in the order of their keys."""
    checks = [s for s in series if s.name.startswith(f"{ALL}.") and main in s.values]
    pairs = [s for s in series if s.name in JUDGES and against in s.values]
    url, project = work.config.label_studio.url, work.project_id
    for place, item in enumerate(work.held.items):
        names = [s.name.partition(".")[2] for s in checks if s.values[main or ""][place] == 0]
        lost = tuple(each.name for each in pairs if each.values[against][place] == 1)
        if names or lost:
            task_id = item.record.task_id
            where = task_url(url, project, task_id)
            yield FailedItem(item.key, task_id, where, tuple(names), lost)


def _notes(
    work: EvaluatedWork,
    arms: Sequence[EvaluatedArm],
    replies: Mapping[str, ArmReplies],
    answered: AnsweredItems,
    general: GeneralAnswers | None,
) -> Iterator[str]:
    yield from told_left_out(work.held.left_out)
    for arm in arms:
        said = replies[arm.name]
        if said.unfit:
            why = f", {said.too_long} of them since the prompt is too long" if said.too_long else ""
            yield f"{arm.name}: {said.unfit} replies hold no answer{why}; they count as failures"
        if said.cut_off:
            yield f"{arm.name}: {said.cut_off} replies end at the limit of tokens"
    silent = [arm.name for arm in arms if arm.name not in answered.losses]
    if work.config.evaluate.loss and silent:
        yield (
            f"The loss on experts' answers is not measured of {', '.join(silent)}: the endpoint "
            "does not tell what a given text is worth, or its replies are no plain text"
        )
    if general is None:
        yield "What was forgotten is not measured: evaluate.general is off"
    learnt = [arm.entry.name for arm in arms if arm.entry is not None]
    unknown = [a.name for a in arms if a.entry is None and a.name not in (BASE, "base+prompt")]
    if learnt:
        yield f"No test item is among what {', '.join(learnt)} learned, by key and by question"
    if unknown:
        yield f"Nobody can say what {', '.join(unknown)} learned"
