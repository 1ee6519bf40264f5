"""Carry a plan out: raise targets, push what is new, mark what waits, order the queue.

Each step can be done again: a target is raised once for a model and a cell, a push creates nothing
twice, and what holds its mark is not asked for again. So a run that was killed is simply repeated.
"""

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.embedding import load_encoder
from connectors.label_studio import LabelStudio
from label_configs.queue_fields import QUEUE_FIRST
from sync.common.errors import SyncError
from sync.common.json_text import to_json
from sync.common.terminal import counting, progress
from sync.common.wording import counted
from sync.compute.embedding import LoadEncoder
from sync.coverage.raised_targets import raise_targets
from sync.intake.push import PickedRows, PushReport, push
from sync.intake.push.cleaned_sources import read_and_clean
from sync.intake.push.current_project import patient_pull
from sync.intake.push.project_tasks import held_tasks
from sync.quality.judge.kept_replies import KeptReplies
from sync.queue.missing_first import order_again
from sync.queue.task_fields import write_fields
from sync.settings import Config
from sync.table.snapshot import open_snapshot
from sync.tuning.evaluation.arms.arm import arms_of, chosen_arms
from sync.tuning.evaluation.arms.replies import DrawReplies
from sync.tuning.evaluation.arms.servers import ArmServers
from sync.tuning.evaluation.evaluate import REPLIES, vectors_by
from sync.tuning.evaluation.next_tasks.choose import NextTask
from sync.tuning.evaluation.next_tasks.failing_kinds import FailingWork
from sync.tuning.evaluation.next_tasks.plan import NextTasks, plan_next
from sync.tuning.evaluation.next_tasks.project_questions import (
    ProjectQuestions,
    TaskCandidate,
    file_candidates,
)
from sync.tuning.evaluation.next_tasks.written_questions import WrittenFor, written_candidates
from sync.tuning.models.drafting_model import learnt_prompt

# of the temporary folder
_WRITTEN = "written.jsonl"


@dataclass(frozen=True)
class PushedNext:
    """What became of a plan.

    Attributes:
        pushed: the push of new tasks; None where there were none, or of a dry run.
        notes: a sentence each without its full stop.
    """

    plan: NextTasks
    pushed: PushReport | None
    notes: tuple[str, ...]
    dry_run: bool


def push_next(
    failing: FailingWork,
    files: Sequence[Path],
    *,
    dry_run: bool = False,
    load: LoadEncoder = load_encoder,
) -> PushedNext:
    """Make tasks of what fails.

    Args:
        files: sources that tasks may be taken from, as `push` reads them.
        dry_run: pull and plan; change nothing.

    Raises:
        SyncError: the data folder or a source can't be used.
        LabelStudioError: Label Studio can't be used; run again to go on.
        EmbeddingError: the embedding model can't be loaded.
    """
    config, notes = failing.work.config, list[str]()
    with LabelStudio(config.label_studio.url, config.api_key) as client:
        with counting("pulling tasks") as pulling:
            patient_pull(config, client, pulling)
        with counting("embedding questions") as embedding:
            plan = plan_next(
                failing,
                vectors_by(config, load, embedding),
                lambda known: _of_files(config, files, known),
                lambda requests: _written(failing, requests, notes),
            )
        if dry_run:
            return PushedNext(plan, None, tuple(notes), dry_run=True)
        raise_targets(failing.work.folder, plan.raised)
        pushed = _push(config, files, plan.tasks)
        if pushed is not None and pushed.cleaning.dropped:
            notes.append(f"Cleaning left out {counted(pushed.cleaning.dropped, 'chosen task')}")
        waiting = {
            each.candidate.task_id: {QUEUE_FIRST: each.kind.mark}
            for each in plan.tasks
            if each.candidate.task_id is not None
        }
        with counting("marking tasks") as marking:
            write_fields(client, failing.work.project_id, waiting, marking)
        if plan.tasks:
            with counting("pulling tasks") as pulling, counting("ordering tasks") as ordering:
                order_again(config, client, pulling, ordering)
    return PushedNext(plan, pushed, tuple(notes), dry_run=False)


def _of_files(
    config: Config, files: Sequence[Path], known: ProjectQuestions
) -> list[TaskCandidate]:
    """What files hold, cleaned as a push would clean it; nothing of what is redacted is kept."""
    if not files:
        return []
    snapshot = open_snapshot(config)

    with (
        progress() as bars,
        read_and_clean(
            config,
            files,
            config.load_interface(),
            lambda: held_tasks(snapshot.table, snapshot.project_id),
            bars,
            "local",
            keep_secrets=False,
        ) as tasks,
    ):
        return list(file_candidates(tasks, known, config.split))


def _written(
    failing: FailingWork, requests: Sequence[WrittenFor], notes: list[str]
) -> list[TaskCandidate]:
    """What a model writes; where it can't, that is a note, and everything else goes on."""
    work = failing.work
    config = work.config
    if not config.evaluate.written_by:
        return []
    (arm,) = chosen_arms(arms_of(config, work.entries), [config.evaluate.written_by])
    settings = config.evaluate
    try:
        with closing(ArmServers(config)) as servers, counting("having questions written") as bar:
            servers.check(arm)
            draw = DrawReplies(
                servers,
                KeptReplies(work.folder, REPLIES, "evaluate"),
                max_tokens=settings.max_tokens or config.llm.max_tokens,
                concurrency=settings.concurrency,
                prices=config.llm.prices,
            )
            replies = draw.of_arm(arm, [each.request(config) for each in requests], bar)
    except SyncError as error:
        notes.append(f"No question was written: {error}")
        return []
    found = [
        candidate
        for asked, reply in zip(requests, replies.answers, strict=True)
        for candidate in written_candidates(asked, reply, config, work.interface, arm.model)
    ]
    notes.append(
        f"{arm.model} was asked for questions {len(requests)} times and wrote {len(found)} that "
        "can be tasks"
    )
    return found


def _push(config: Config, files: Sequence[Path], tasks: Sequence[NextTask]) -> PushReport | None:
    """Push the tasks that the project does not hold."""
    new = [each for each in tasks if each.candidate.origin != "waiting"]
    if not new:
        return None
    written = [each.candidate.row for each in new if each.candidate.row is not None]
    with tempfile.TemporaryDirectory() as folder, progress() as bars:
        own = Path(folder, _WRITTEN)
        own.write_text("".join(f"{to_json(dict(row))}\n" for row in written), encoding="utf-8")
        sources = [*(files if len(written) < len(new) else ()), *([own] if written else ())]
        places = {each.candidate.where for each in new if each.candidate.row is None}
        places |= {f"{own}, line {number}" for number in range(1, len(written) + 1)}
        fields: dict[str, Mapping[str, Any]] = {
            each.candidate.key: {QUEUE_FIRST: each.kind.mark} for each in new
        }
        learnt = learnt_prompt(config)
        return push(config, sources, bars, picked=PickedRows(places, fields), learnt=learnt)
