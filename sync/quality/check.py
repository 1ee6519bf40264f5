"""Run the checks over the pulled work and write what they found."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from connectors.embedding import Encoder, load_encoder
from connectors.task_pages import project_url, task_url
from sync.common.json_text import to_json
from sync.common.task_texts import user_text
from sync.common.terminal import ShowProgress
from sync.compute import Engine, LocalEngine
from sync.compute.known_neighbours import NEAREST_PROMPTS
from sync.compute.known_pairs import NEAR_PROMPTS
from sync.compute.vector_cache import VECTORS, fingerprint, text_vectors
from sync.intake.redaction.key_file import KeyFile
from sync.quality.checks import SEVERITIES, CheckResult, Finding, FindingSeverity, WorkToCheck
from sync.quality.checks.personal_data import without_known
from sync.quality.chosen_checks import chosen_checks
from sync.quality.decoded.work import DecodedWork, WorkAtHand, read_work, work_at_hand
from sync.quality.judge import connect as judge
from sync.quality.known_outcomes import TEXT_OUTCOMES
from sync.quality.production import read_production
from sync.quality.run_checks import ShowRunning, results_of, too_few, unread
from sync.records.draft_use import DraftUse
from sync.records.pulled_work import PulledWork
from sync.records.shared_tasks import shared_work
from sync.records.states import WorkCounts
from sync.records.unlisted import unlisted_labels
from sync.settings import Config
from sync.table import last_runs
from sync.table.data_folder import data_folder

# kind of category -> label -> examples
Wanted = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class CheckReport:
    """What the checks found.

    Attributes:
        records: finished tasks that were looked at: all but those that a reviewer rejected.
        by_kind: findings of each check that ran, zeros included.
        by_severity: findings of each severity, zeros included.
        skips: what was not judged, and why.
        notes: what else the checks say, a sentence each.
        figures: by check, what it counted, for reports.
        path: of the findings, one JSON object a line, lowest score first.
        work: how many tasks are in each state.
        drafts: what experts made of the drafts of all finished tasks.
    """

    records: int
    findings: int
    by_kind: dict[str, int]
    by_severity: dict[str, int]
    skips: list[str]
    path: str
    table_version: int
    work: WorkCounts
    drafts: DraftUse
    seconds: float
    notes: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    def at_least(self, severity: FindingSeverity) -> int:
        """How many findings are as severe as this, or more."""
        worst = SEVERITIES[: SEVERITIES.index(severity) + 1]
        return sum(self.by_severity[s] for s in worst)


def check(
    config: Config,
    progress: ShowProgress = lambda done, total: None,
    load: Callable[[str], Encoder] = load_encoder,
    at: int | datetime | None = None,
    engine: Engine | None = None,
    against: Sequence[Path] = (),
    wanted: Callable[[PulledWork], Wanted] = lambda work: {},
    say: Callable[[str], None] = lambda said: None,
    judging: ShowProgress = lambda done, total: None,
    running: ShowRunning = lambda name, done, total: None,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    read: Callable[[], DecodedWork] | None = None,
) -> CheckReport:
    """Check the pulled work and replace `findings.jsonl`.

    A past version's findings go to `findings-vN.jsonl`, those of some checks to
    `findings-some.jsonl`.

    Args:
        progress: called with texts embedded and texts to embed.
        load: gives the encoder of a name; not called when all texts were embedded before.
        at: a version of the table, or a time; by default the newest.
        engine: where what takes long is computed; by default here. The findings are the same.
        against: files of what users ask in production, see `sync.quality.production`.
        wanted: gives how many examples `[targets]` wants of each label, by kind of category.
        say: tells the user what a judge will cost, before it does.
        judging: called with answers that a judge has judged, and all that it is asked about.
        running: called with the check that runs now, those that are done, and how many there are.
        only: names of the checks to run, whatever the settings say; none: those of the settings.
        skip: names of checks that don't run.
        read: gives the pulled work that `at` asks for, where somebody else wants it as well.

    Raises:
        SourceError: what `against` names can't be read.
        SyncError: nothing was pulled, `[checks]` can't be used, or the findings can't be written.
        EmbeddingError: the embedding model can't be loaded.
    """
    started = time.monotonic()
    chosen = chosen_checks(config, only, skip)
    some = bool(only or skip)
    engine = engine or LocalEngine()
    pulled = read() if read is not None else read_work(config, at, engine)
    snapshot, decoded = pulled.snapshot, work_at_hand(pulled.tasks, pulled.digests)
    results: dict[str, CheckResult] = {}
    skips = [] if decoded.labelled.records else ["no task is finished yet"]
    if decoded.labelled.records or decoded.labelled.unreadable or decoded.personal:
        work = _work(pulled, decoded, engine, load, progress)
        production = read_production(against, config, load, engine, progress) if against else None
        work = replace(
            work, options=chosen.options, production=production, wanted=wanted(pulled.work)
        )
        if judge.NAME in chosen.of_work:
            options = chosen.options.of(judge.NAME, judge.JudgeOptions)
            asked = judge.connect(config, options, snapshot.project_id, say, judging)
            work = replace(work, judge=asked)
        skips += unread(work, config.embedding.model)
        known_in = None if snapshot.past else data_folder(config).on_this_machine(TEXT_OUTCOMES)
        results = results_of(work, chosen, config.label_studio.profile, known_in, running)
        skips += too_few(results, len(decoded.labelled.records))
    findings = [finding for result in results.values() for finding in result.findings]
    skips += [skip for result in results.values() for skip in result.skips]
    folder = data_folder(config)
    version = f"-v{snapshot.table_version}" if snapshot.past else ""
    name = f"findings{version}{'-some' if some else ''}.jsonl"
    report = CheckReport(
        records=len(decoded.labelled.records),
        findings=len(findings),
        by_kind={kind: sum(f.kind == kind for f in findings) for kind in chosen.names},
        by_severity={**dict.fromkeys(SEVERITIES, 0), **Counter(f.severity for f in findings)},
        skips=skips,
        path=folder.location(name),
        table_version=snapshot.table_version,
        work=decoded.work,
        drafts=decoded.drafts.use(),
        seconds=round(time.monotonic() - started, 3),
        notes=[note for result in results.values() for note in result.notes],
        figures={kind: dict(result.figures) for kind, result in results.items() if result.figures},
    )
    folder.write(name, _lines(findings))
    scores = [score for result in results.values() for score in result.scores]
    if scores and not some:
        folder.write(f"label-quality{version}.jsonl", "".join(to_json(s) + "\n" for s in scores))
    if not snapshot.past and not some:
        last_runs.note(folder, "check", asdict(report))
    return report


def _work(
    pulled: DecodedWork,
    decoded: WorkAtHand,
    engine: Engine,
    load: Callable[[str], Encoder],
    progress: ShowProgress,
) -> WorkToCheck:
    rows, finished, snapshot = pulled.rows, pulled.work, pulled.snapshot
    config, interface = finished.config, finished.interface
    records = decoded.labelled.records
    asked = [user_text(r.data).strip() for r in records]
    answered = [interface.answer(r.record) for r in records]
    shared = shared_work(rows, interface)
    read = partial(
        text_vectors,
        model=config.embedding.model,
        cache=data_folder(config).on_this_machine(VECTORS),
        load=load,
        engine=engine,
        progress=progress,
    )
    # those of a past version are not what the next check needs
    reading = read(asked + answered + shared.answers, keep_for=None if snapshot.past else "check")
    places = [len(asked), 2 * len(asked)]
    prompts, answers, of_shared = np.split(reading.vectors, places)
    unread = [frozenset(np.flatnonzero(u).tolist()) for u in np.split(reading.unread, places)]
    return WorkToCheck(
        labelled=decoded.labelled,
        missing=decoded.missing,
        interface=interface,
        prompts=prompts,
        answers=answers,
        unread_prompts=unread[0],
        unread_answers=unread[1],
        shared=shared,
        shared_answers=of_shared,
        unread_shared=unread[2],
        read_texts=partial(read, keep_for=None if snapshot.past else "claims"),
        read_once=partial(read, keep_for=None),
        model=fingerprint(config.embedding.model),
        url_of=partial(task_url, config.label_studio.url, snapshot.project_id),
        project_url=project_url(config.label_studio.url, snapshot.project_id),
        engine=engine,
        unlisted=unlisted_labels(rows, interface, config.categories),
        personal=without_known(
            decoded.personal, lambda: KeyFile.known(config.cleaning.redaction, config.folder)
        ),
        exported_as=config.export.personal_data,
        rejected=decoded.rejected,
        bad_answers=decoded.bad_answers,
        digests=decoded.digests,
        pairs_in=data_folder(config).on_this_machine(NEAR_PROMPTS),
        nearest_in=data_folder(config).on_this_machine(NEAREST_PROMPTS),
        past=snapshot.past,
    )


def _lines(findings: list[Finding]) -> str:
    ordered = sorted(findings, key=lambda f: (f.score, f.kind, f.task_id or 0, f.control or ""))
    return "".join(to_json(vars(f)) + "\n" for f in ordered)
