"""The pulled work measured against the targets: what `labeltune gaps` starts from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sync.coverage.gaps import Gaps, gaps_of
from sync.coverage.label_counts import LabelCounts
from sync.coverage.targets import Targets, raised_of, targets_of
from sync.coverage.task_facts import Labeller, TaskFacts, read_facts
from sync.records.pulled_work import open_pulled_work
from sync.records.unlisted import UnlistedLabels
from sync.settings import Config


@dataclass(frozen=True)
class Measured:
    """A project's work, counted.

    Attributes:
        waiting: the tasks that nobody has finished or skipped, by id.
    """

    gaps: Gaps
    targets: Targets
    waiting: dict[int, TaskFacts]


def measure(config: Config, by: Sequence[str] = (), at: int | datetime | None = None) -> Measured:
    """Count the pulled tasks by their labels, beside what is wanted.

    Args:
        by: kinds to combine; by default the targets' dimensions.
        at: a version of the table, or a time; by default the newest.

    Raises:
        SyncError: nothing was pulled, there is no such version, or no such kind.
    """
    finished = open_pulled_work(config, at)
    labeller = Labeller(config)
    counted = LabelCounts(labeller.kinds)
    waiting: dict[int, TaskFacts] = {}
    unlisted = UnlistedLabels(finished.interface, config.categories)
    for facts in read_facts(finished, unlisted.watch(finished.snapshot.rows())):
        counted.add(facts)
        if facts.stage == "waiting":
            waiting[facts.task_id] = facts
    targets = targets_of(config, labeller, counted, raised_of(finished))
    gaps = gaps_of(
        counted,
        targets,
        by,
        project=config.label_studio.project,
        table_version=finished.snapshot.table_version,
    )
    return Measured(replace(gaps, unlisted=unlisted.found()), targets, waiting)
