"""Finished work that is to be looked at again, since the guidelines of then have changed."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from connectors.extras import MissingExtraError
from sync.common.json_text import Json
from sync.common.task_texts import user_text
from sync.queue.review.guidelines.changed_rules import ChangedRule, changed_rules
from sync.queue.review.guidelines.concerned import (
    ConcernedWhy,
    GuidelineConcern,
    OlderWork,
    concerned,
)
from sync.queue.review.items import FinishedItem, answer_text, records_of
from sync.queue.review.people.compared_answers import Embed
from sync.records.pulled_work import PulledWork
from sync.table.guideline_versions import GuidelineVersion, in_force


@dataclass(frozen=True, slots=True)
class RuleReach:
    """A changed sentence and the finished tasks that it concerns more than any other.

    Attributes:
        why: tasks by what the sentence finds them by.
    """

    rule: ChangedRule
    why: Mapping[ConcernedWhy, int] = field(default_factory=dict)

    @property
    def tasks(self) -> int:
        return sum(self.why.values())

    def to_json(self) -> Json:
        """For machines."""
        rule = self.rule
        return {
            "now": rule.now,
            "before": rule.before,
            "headings": list(rule.headings),
            "tasks": self.tasks,
            "why": dict(self.why),
        }


@dataclass(frozen=True)
class AnotherLook:
    """What a change of guidelines asks for.

    Attributes:
        concerns: by id, tasks that go to review for it, the surest first; `concerned`: tasks in
            all, of which no more than `review.guidelines` go.
        reach: every changed sentence, that which concerns most tasks first.
        without_meaning: why sentences were not compared by meaning; empty: they were.
    """

    concerns: Mapping[int, GuidelineConcern] = field(default_factory=dict)
    concerned: int = 0
    reach: tuple[RuleReach, ...] = ()
    without_meaning: str = ""


def another_look(
    work: PulledWork,
    items: Sequence[FinishedItem],
    versions: Sequence[GuidelineVersion],
    embed: Embed,
    share: float,
) -> AnotherLook:
    """Find what was done under older guidelines and is concerned by what has changed since.

    Args:
        items: every finished task that a reviewer can be shown.
        versions: of the guidelines, that of now last.
        share: of the items, that go to review for it at most; 0: nothing is looked for.

    Raises:
        SyncError: the table can't be read.
        EmbeddingError: the embedding model can't be loaded.
    """
    if len(versions) < 2 or not share:
        return AnotherLook()
    changes = {each.text: changed_rules(each.text, versions[-1].text) for each in versions}
    rules = {
        item.task_id: changes[in_force(versions, looked_at(item)).text]
        for item in items
        if not (item.review is not None and item.review.rejects)
    }
    older = _older_work(work, {each: own for each, own in rules.items() if own})
    if not older:
        return AnotherLook()
    without_meaning = ""
    try:
        found = concerned(older, embed)
    except MissingExtraError as error:
        found, without_meaning = concerned(older, None), str(error)
    first = sorted(found, key=lambda task_id: (found[task_id].order, task_id))
    kept = first[: math.ceil(share * len(items))]
    return AnotherLook(
        {task_id: found[task_id] for task_id in kept},
        len(found),
        _reach(older, found),
        without_meaning,
    )


def looked_at(item: FinishedItem) -> datetime:
    """When somebody last held an answer against the guidelines: reviewer, else annotator."""
    return item.answered_at if item.review is None else item.review.updated_at


def _older_work(work: PulledWork, rules: Mapping[int, Sequence[ChangedRule]]) -> list[OlderWork]:
    return [
        OlderWork(
            row.task_id,
            user_text(record.data),
            answer_text(record, work.interface),
            record.categories,
            rules[row.task_id],
        )
        for row, record in (records_of(work, rules) if rules else ())
    ]


def _reach(
    older: Sequence[OlderWork], found: Mapping[int, GuidelineConcern]
) -> tuple[RuleReach, ...]:
    why: dict[ChangedRule, Counter[ConcernedWhy]] = {}
    for task in older:
        for rule in task.rules:
            why.setdefault(rule, Counter())
    for concern in found.values():
        why[concern.rule][concern.why] += 1
    reach = [RuleReach(rule, dict(counts)) for rule, counts in why.items()]
    return tuple(sorted(reach, key=lambda each: -each.tasks))
