"""What fails, by what is asked and by cell, and how many new tasks that is worth."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sync.common.errors import SyncError
from sync.coverage.raised_targets import RaisedTarget
from sync.coverage.task_facts import Labeller, measured
from sync.coverage.weights import apportioned
from sync.settings import Config
from sync.settings.evaluate import EvaluateSection
from sync.settings.targets import LENGTH
from sync.tuning.evaluation.evaluated_work import EvaluatedWork
from sync.tuning.evaluation.held_out import HeldOutItem
from sync.tuning.evaluation.question_clusters import MOST_CLUSTERED
from sync.tuning.evaluation.rounds.evaluation_round import EvaluationRound


@dataclass(frozen=True)
class FailingKind:
    """Failing items of one cluster and one cell.

    Attributes:
        model: that fails, as marks name it.
        cluster: the words that tell it from others; `asked`: how many of its items there are.
        labels: of the cell, by kind; what an item lacks is absent.
        items: that fail.
        wanted: new tasks.
    """

    model: str
    cluster: str
    asked: int
    labels: Mapping[str, str]
    items: tuple[HeldOutItem, ...]
    wanted: int = 0

    @property
    def mark(self) -> str:
        """What a task of this kind holds as `queue_first`."""
        cell = ", ".join(self.labels.values())
        return f"{self.model}: {self.cluster}{f' ({cell})' if cell else ''}"

    @property
    def categories(self) -> dict[str, str]:
        """The labels that a task can have before it is answered."""
        return {kind: label for kind, label in self.labels.items() if kind != LENGTH}

    def fits(self, labels: Mapping[str, str]) -> bool:
        """Whether a task with these labels can be of the kind; what is not known fits."""
        return all(labels.get(kind, label) == label for kind, label in self.categories.items())


@dataclass(frozen=True)
class FailingWork:
    """What is needed of an evaluation to make tasks of its failures.

    Attributes:
        now: its round.
    """

    work: EvaluatedWork
    now: EvaluationRound


def name_of(now: EvaluationRound) -> str:
    """The model of a round, told from an earlier one of its name by when it was made."""
    return f"{now.model} of {now.made[:16]}" if now.made else now.model


def dimensions_of(config: Config) -> tuple[str, ...]:
    """The kinds of category that a cell combines: as `[targets]` has them, else the first two."""
    targets = config.targets
    return targets.cell_dimensions if targets.wants else tuple(config.categories)[:2]


def failing_kinds(failing: FailingWork) -> tuple[FailingKind, ...]:
    """All kinds, those with most failures first, with how many tasks each is worth.

    Raises:
        SyncError: something fails, but there are no clusters.
    """
    work, now = failing.work, failing.now
    if now.failed and not now.clusters:
        raise SyncError(
            f"{now.model} fails {now.failed} held-out items that can't be told by what they ask: "
            f"there are more than {MOST_CLUSTERED}, or nothing is asked in words; set "
            "evaluate.items"
        )
    config, labeller = work.config, Labeller(work.config)
    dimensions = dimensions_of(config)
    by_key = {item.key: item for item in work.held.items}
    grouped: dict[tuple[str, int, tuple[tuple[str, str], ...]], list[HeldOutItem]] = defaultdict(
        list
    )
    for cluster in now.clusters:
        for key in now.failing(cluster):
            record = by_key[key].record
            length = measured(record, work.interface, config.targets.length)
            labels = labeller.labels(record.categories, length)
            cell = tuple((kind, labels[kind]) for kind in dimensions if kind in labels)
            grouped[cluster.name, len(cluster.keys), cell].append(by_key[key])
    kinds = [
        FailingKind(name_of(now), cluster, asked, dict(cell), tuple(items))
        for (cluster, asked, cell), items in grouped.items()
    ]
    ordered = sorted(kinds, key=lambda kind: -len(kind.items))
    return tuple(_with_wanted(ordered, config.evaluate))


def _with_wanted(kinds: Sequence[FailingKind], settings: EvaluateSection) -> Iterator[FailingKind]:
    """So many tasks for each failing item, and no more in all than an evaluation may ask for."""
    if not kinds:
        return
    each = np.array([settings.new_tasks * len(kind.items) for kind in kinds], dtype=np.float64)
    total = min(int(each.sum()), settings.most_new_tasks)
    for kind, number in zip(kinds, apportioned(total, each).tolist(), strict=True):
        yield replace(kind, wanted=int(number))


def raised_by(
    kinds: Sequence[FailingKind],
    now: EvaluationRound,
    dimensions: Sequence[str],
    wanted: Mapping[tuple[str, ...], int],
    table_version: int,
) -> Iterator[RaisedTarget]:
    """One raised target a cell; kinds that lack a label have no cell.

    Args:
        wanted: or there, by cell, whichever is more.
    """
    cells: dict[tuple[str, ...], list[FailingKind]] = defaultdict(list)
    for kind in kinds:
        if dimensions and all(name in kind.labels for name in dimensions):
            cells[tuple(kind.labels[name] for name in dimensions)].append(kind)
    for cell, those in cells.items():
        by = sum(kind.wanted for kind in those)
        failed = sum(len(kind.items) for kind in those)
        about = ", ".join(f"“{kind.cluster}”" for kind in those[:3])
        items = "item" if failed == 1 else "items"
        if by:
            yield RaisedTarget(
                dict(zip(dimensions, cell, strict=True)),
                wanted.get(cell, 0) + by,
                by,
                now.model,
                now.made_of,
                f"{now.model} fails {failed} held-out {items} of this kind (about {about})",
                table_version,
            )
