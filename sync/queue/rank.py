"""`labeltune rank`: waiting drafts are judged anew and brought into their order."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from drafting.acceptance.acceptance import Acceptance
from sync.common.json_text import Json
from sync.common.terminal import ShowProgress
from sync.queue.asked_texts import TextEmbedding
from sync.queue.missing_first import QUEUE, QueueStudio, pulled_queue
from sync.queue.priority import QUEUE_REASONS, QueueReason
from sync.queue.rank_plan import RankPlan, plan_rank
from sync.queue.send import Sent, send
from sync.queue.stopping import DraftedWork
from sync.settings import Config
from sync.table.data_folder import data_folder

# of a report, what is no count
_COMPUTED = ("acceptance", "work")


@dataclass(frozen=True)
class RankReport:
    """What was done to the order of a project's tasks.

    Attributes:
        waiting: tasks with a draft that wait for an annotator; `undrafted` have none yet.
        reasons: the waiting ones by why they come when they do.
        without_signals: waiting drafts of an older LabelTune, which keep the score that they had.
        written: scores that were sent, or would have been; `noted`: tasks that were told why they
            come.
        restored: drafts that have their own score again.
        requests: to Label Studio, beside those of the pull.
        learnt: whether the probabilities come from what experts did, and `why` they do or don't.
        judged: finished drafts that could be learnt from; `accepted` of them unchanged.
        acceptance: what was learnt.
        work: finished and waiting drafts, from which it is estimated what is left.
    """

    project: str
    project_id: int
    table_version: int
    waiting: int
    undrafted: int
    reasons: Mapping[QueueReason, int]
    without_signals: int
    written: int
    noted: int
    restored: int
    requests: int
    learnt: bool
    why: str
    judged: int
    accepted: int
    seconds: float
    dry_run: bool
    acceptance: Acceptance = field(repr=False)
    work: DraftedWork = field(repr=False)

    def to_json(self) -> Json:
        """The counts, for machines."""
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in told.items() if name not in _COMPUTED}


def rank(
    config: Config,
    client: QueueStudio,
    pulling: ShowProgress,
    writing: ShowProgress,
    embedding: TextEmbedding,
    *,
    dry_run: bool = False,
) -> RankReport:
    """Pull, judge every waiting draft anew, and send what changed.

    Args:
        pulling: called with tasks fetched and tasks to fetch.
        writing: called with what is written, of how much.
        dry_run: pull and plan; write nothing to Label Studio.

    Raises:
        SyncError: the project is not there, or the data folder can't be used.
        LabelStudioError: Label Studio can't be used; run again to go on.
        EmbeddingError: the embedding model can't be loaded.
    """
    started = time.monotonic()
    folder = data_folder(config)
    with folder.only_one(QUEUE):
        made = plan_rank(config, pulled_queue(config, client, pulling), embedding)
        sent = Sent(len(made.plan.changes), len(made.plan.notes))
        if not dry_run:
            sent = send(client, made.queue.project_id, folder, made.plan, writing)
    return _report(config, made, sent, time.monotonic() - started, dry_run=dry_run)


def _report(
    config: Config, made: RankPlan, sent: Sent, seconds: float, *, dry_run: bool
) -> RankReport:
    acceptance = made.acceptance
    return RankReport(
        project=config.label_studio.project,
        project_id=made.queue.project_id,
        table_version=made.table_version,
        waiting=len(made.queue.drafts),
        undrafted=len(made.queue.undrafted),
        reasons={reason: made.plan.reasons[reason] for reason in QUEUE_REASONS},
        without_signals=made.without_signals,
        written=sent.scores,
        noted=sent.notes,
        restored=made.plan.restored,
        requests=sent.requests,
        learnt=acceptance.calibrator is not None,
        why=acceptance.why,
        judged=acceptance.judged,
        accepted=acceptance.accepted,
        seconds=round(seconds, 3),
        dry_run=dry_run,
        acceptance=acceptance,
        work=made.work,
    )
