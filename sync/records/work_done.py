"""How far a project's pulled tasks are, and what became of their drafts: for `labeltune status`.

Counting reads every annotation, so the numbers are kept until the table or a setting that they
depend on is another one.
"""

import contextlib
import hashlib
import json
from collections import Counter
from dataclasses import asdict
from importlib import metadata

from sync.common.errors import SyncError
from sync.records.draft_use import DraftCounts, DraftUse
from sync.records.pulled_work import PulledWork, open_pulled_work
from sync.records.record import LabelledRecord
from sync.records.review_queues import queue_configs
from sync.records.review_verdicts import pulled_id
from sync.records.states import WorkCounts, state_of
from sync.settings import Config
from sync.table import last_runs
from sync.table.data_folder import data_folder
from sync.table.snapshot import Snapshot


def work_done(config: Config) -> tuple[WorkCounts, DraftUse]:
    """The newest version of the table, counted as `labeltune check` counts it.

    Raises:
        SyncError: nothing was pulled, or the table can't be read.
    """
    folder = data_folder(config)
    finished = open_pulled_work(config)
    basis = _basis(config, finished.snapshot)
    known = last_runs.recall(folder, "status")
    if known and known.get("basis") == basis:
        with contextlib.suppress(TypeError, LookupError):  # of another version of this program
            return WorkCounts(**known["work"]), DraftUse(**known["drafts"])
    work, drafts = _count(finished)
    with contextlib.suppress(SyncError):  # it can be counted again
        told = {"basis": basis, "work": asdict(work), "drafts": asdict(drafts)}
        last_runs.note(folder, "status", told)
    return work, drafts


def _basis(config: Config, snapshot: Snapshot) -> str:
    """All that the numbers depend on, in hex."""
    parts = {
        "labeltune": metadata.version("labeltune"),
        "project": snapshot.project_id,
        "table": [snapshot.table_version, snapshot.committed_at.isoformat()],
        "settings": config.model_dump(
            mode="json",
            include={"label_studio": True, "categories": True, "export": True},
        ),
        "siblings": {name: each.model_dump(mode="json") for name, each in config.siblings.items()},
    }
    queues = {tier: pulled_id(queue) for tier, queue in queue_configs(config).items()}
    if any(each is not None for each in queues.values()):
        parts["queues"] = queues
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _count(finished: PulledWork) -> tuple[WorkCounts, DraftUse]:
    states: Counter[str] = Counter()
    drafts = DraftCounts()
    for outcome in finished.outcomes():
        if (state := state_of(outcome, finished.interface)) is not None:
            states[state] += 1
        if isinstance(outcome, LabelledRecord):
            drafts.add(outcome)
    return WorkCounts(**states), drafts.use()
