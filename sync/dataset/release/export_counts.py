"""What is counted while a release is written: each task by its fate, and what the release holds."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sync.dataset.splits.split_items import SPLITS, UNLABELLED
from sync.records import LabelledRecord
from sync.records.draft_use import DraftCounts

_SplitCounts = Counter[tuple[str, str]]


@dataclass
class ExportCounter:
    """What became of the project's tasks.

    Attributes:
        tasks: by fate, see `sync.dataset.release.export_report.FateCounts`.
        drafts: of the exported tasks.
        untold_reasoning: turns of the exported tasks whose reasoning, which their source gave, no
            line holds.
    """

    tasks: Counter[str] = field(default_factory=Counter)
    drafts: DraftCounts = field(default_factory=DraftCounts)
    untold_reasoning: int = 0
    _splits: Counter[str] = field(default_factory=Counter)
    _labels: defaultdict[str, _SplitCounts] = field(default_factory=lambda: defaultdict(Counter))

    def exported(self, record: LabelledRecord, split: str | None) -> None:
        """Count a task that the release holds."""
        self.drafts.add(record)
        where = split or SPLITS[0]
        self._splits[where] += 1
        for kind, label in record.categories.items():
            self._labels[kind][label, where] += 1

    def labels(self) -> dict[str, dict[str, int]]:
        """How many exported tasks have each label, by kind of category, in one order."""
        found: dict[str, dict[str, int]] = {}
        for kind, counted in sorted(self._labels.items()):
            totals: Counter[str] = Counter()
            for (label, _), number in counted.items():
                totals[label] += number
            found[kind] = dict(sorted(totals.items()))
        return found

    def held(self) -> dict[str, Any]:
        """How many exported tasks each split has, and what percent of them each label has.

        In the shape that `sync.dataset.splits.split_summary.table` reads.
        """
        sizes = {name: self._splits[name] for name in SPLITS}
        percent = {
            kind: _percent(self._labels[kind], labels, sizes)
            for kind, labels in self.labels().items()
        }
        return {"sizes": sizes, "proportions": {"percent": percent}}


def _percent(
    counted: _SplitCounts, labels: Mapping[str, int], sizes: Mapping[str, int]
) -> dict[str, dict[str, float]]:
    """Of each label over all and in each split; tasks without one have a row of their own."""
    total = sum(sizes.values())
    rows = {label: {name: counted[label, name] for name in SPLITS} for label in labels}
    if sum(labels.values()) < total:
        rows[UNLABELLED] = {
            name: sizes[name] - sum(counted[label, name] for label in labels) for name in SPLITS
        }
    return {
        label: {
            "all": _share(sum(row.values()), total),
            **{name: _share(row[name], sizes[name]) for name in SPLITS},
        }
        for label, row in rows.items()
    }


def _share(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0
