"""What of a task decides who may do it, as its data, its draft and its annotation tell it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from label_configs import Interface, LabelConfigError
from label_configs.review_place import place_of
from sync.common.languages import language_of
from sync.common.task_texts import user_text
from sync.queue.review.experts.fit import COMPLEXITY, TaskKind
from sync.settings import Config
from sync.settings.categories import by_rules
from sync.table.task_rows import Annotation, Prediction, TaskRow

Labels = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class KindReader:
    """Says what kinds tasks of a project and its queues are.

    Attributes:
        config: of the project, and `interface` of its page.
        known: labels by kind of category of finished tasks, by their ids from the source.
        languages: whether they matter; telling one takes a millisecond.
    """

    config: Config
    interface: Interface[Any]
    known: Mapping[str, Labels] = field(default_factory=dict)
    languages: bool = False

    @property
    def complexities(self) -> Sequence[str]:
        """The labels of `complexity`, the easiest first."""
        kind = self.config.categories.get(COMPLEXITY)
        return () if kind is None else kind.labels

    def of_open(self, row: TaskRow, data: Mapping[str, Any], tier: str | None) -> TaskKind:
        """The kind of a task that waits, by its draft as well.

        Args:
            tier: whose queue it is in; None: in the project itself.
        """
        if tier is not None:
            return self._of_review(row, data, tier)
        draft = newest_draft(row)
        return TaskKind.of(
            self._labels(data, draft),
            self.complexities,
            language=self._language(data),
            barred=_had_by(row),
        )

    def of_done(self, data: Mapping[str, Any], annotation: Annotation) -> TaskKind:
        """The kind of a task of the project itself that somebody has finished."""
        return TaskKind.of(
            self._labels(data, annotation), self.complexities, language=self._language(data)
        )

    def _of_review(self, row: TaskRow, data: Mapping[str, Any], tier: str) -> TaskKind:
        own = by_rules(data, self.config.categories) | self.interface.task_categories(data)
        known = self.known.get(str(data.get("reviewed_id")), {})
        try:
            authors = place_of(data).authors
        except LabelConfigError:
            authors = frozenset()
        return TaskKind.of(
            {**own, **known},
            self.complexities,
            language=self._language(data),
            tier=tier,
            barred=authors | _had_by(row, skipped_only=True),
        )

    def _labels(self, data: Mapping[str, Any], made: Prediction | Annotation | None) -> Labels:
        found = by_rules(data, self.config.categories) | self.interface.task_categories(data)
        return found if made is None else {**found, **self._labels_of(made)}

    def _labels_of(self, made: Prediction | Annotation) -> Labels:
        """What a draft or an annotation says; nothing of one that the interface can't read."""
        try:
            items = made.items()
            own = self.interface.task_labels(self.interface.decode(items))
            return {**self.interface.decode_categories(items), **own}
        except (LabelConfigError, AttributeError, TypeError):
            return {}

    def _language(self, data: Mapping[str, Any]) -> str | None:
        return language_of(user_text(data)) if self.languages else None


def newest_draft(row: TaskRow) -> Prediction | None:
    """The draft that came last."""
    return max(row.predictions, key=lambda each: each.id, default=None)


def _had_by(row: TaskRow, *, skipped_only: bool = False) -> frozenset[int]:
    """Who gets a task no more: who finished it, or passed it over, in person or by LabelTune."""
    had = (each for each in row.annotations if each.was_cancelled or not skipped_only)
    return frozenset(each.completed_by for each in had if each.completed_by is not None)
