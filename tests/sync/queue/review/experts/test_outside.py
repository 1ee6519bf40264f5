"""Who finished what was not theirs, by why."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import label_configs
from label_configs.review_place import PLACE, ReviewPlace
from sync.queue.review.experts.fit import Expert
from sync.queue.review.experts.kinds import KindReader
from sync.queue.review.experts.open_tasks import SharedProject
from sync.queue.review.experts.outside import PersonsWork, work_outside
from sync.queue.review.experts.roster import Roster
from sync.settings.categories import CategorySection
from sync.table.task_rows import TaskRow
from tests.sync.builders import START, annotation, config_in, task_row

TOPICS = {"topic": CategorySection(labels=("cards", "fees"))}
ANA = Expert("ana@x.org", 1, {"topic": frozenset({"cards"})}, tiers=frozenset({"peer"}))
BO = Expert("bo@x.org", 2)
EMAILS = {1: "ana@x.org", 2: "bo@x.org", 3: "cleo@x.org"}
ROSTER = Roster((ANA, BO), emails=EMAILS)


def told(
    folder: Path, rows: Sequence[TaskRow], tier: str | None = None, roster: Roster = ROSTER
) -> dict[str, PersonsWork]:
    config = config_in(folder).model_copy(update={"categories": TOPICS})
    interface = label_configs.load("chat_response", dimensions={"topic": ["cards", "fees"]})
    project = SharedProject(7, lambda: rows, tier)
    found = work_outside([project], KindReader(config, interface), roster)
    return {each.email: each for each in found}


def done(number: int, by: Sequence[int], **data: Any) -> TaskRow:
    made = [annotation(10 * number + who, completed_by=who) for who in by]
    return task_row(number, made, **data)


def test_answers_outside_ones_queue_are_told(tmp_path: Path) -> None:
    rows = [
        done(1, [1], assigned_to="ana@x.org"),
        done(2, [2], assigned_to="ana@x.org"),
        done(3, [1, 2], assigned_to="ana@x.org"),  # a second opinion
        done(4, [1], categories={"topic": "fees"}),
        done(5, [2], categories={"topic": "fees"}),
        done(6, [3]),
        task_row(7, assigned_to="ana@x.org"),
        task_row(8, [annotation(80, completed_by=1, was_cancelled=True)]),
    ]
    found = told(tmp_path, rows)
    assert found["ana@x.org"] == PersonsWork(1, "ana@x.org", 3, {"not of their skills": 1})
    assert found["bo@x.org"] == PersonsWork(2, "bo@x.org", 3, {"meant for somebody else": 1})
    assert found["cleo@x.org"] == PersonsWork(3, "cleo@x.org", 1, {"no expert": 1})


def test_who_answered_before_it_was_meant_for_another_is_not_told(tmp_path: Path) -> None:
    for minutes, outside in ((1, {}), (-1, {"meant for somebody else": 1})):
        since = (START + timedelta(minutes=minutes)).isoformat()
        row = done(1, [2], assigned_to="ana@x.org", assigned_at=since)
        assert told(tmp_path, [row])["bo@x.org"].outside == outside


def test_reviews_that_have_no_effect_are_told(tmp_path: Path) -> None:
    place = ReviewPlace("r", 0, "peer", frozenset({2}), frozenset({1})).to_data()
    rows = [done(number, [number], **{PLACE: place}) for number in (1, 2, 3)]
    found = told(tmp_path, rows, "peer")
    assert found["ana@x.org"].outside == {}
    assert found["bo@x.org"].outside == {"own work": 1}
    assert found["cleo@x.org"].outside == {"not of this tier": 1}


def test_without_a_table_nobody_is_outside(tmp_path: Path) -> None:
    found = told(tmp_path, [done(1, [3])], roster=Roster(emails=EMAILS))
    assert found["cleo@x.org"] == PersonsWork(3, "cleo@x.org", 1, {})
