"""The task that a model is tuned on: what is learned and what is reported share nothing."""

from collections import Counter
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest

from benchmarks.tuned.front_desk import (
    KNOWN,
    LACKING,
    PARTS,
    Asked,
    project_file,
    questions,
    task_rows,
)
from sync import settings

ASKED = [*questions()]


def test_enough_is_learned_and_enough_is_held_out() -> None:
    counts = Counter((one.part, one.kind) for one in ASKED)
    assert counts["training", KNOWN] + counts["training", LACKING] >= 200
    assert counts["reported", KNOWN] + counts["reported", LACKING] >= 100
    assert counts["reported", LACKING] >= 30
    fewer = Counter(one.part for one in questions(learned_topics=3))
    assert fewer["training"] == 36
    assert fewer["reported"] == counts["reported", KNOWN] + counts["reported", LACKING]


@pytest.mark.parametrize(("first", "second"), [*combinations(PARTS, 2)])
@pytest.mark.parametrize(
    "what", [lambda one: one.topic, lambda one: one.question, lambda one: one.name]
)
def test_parts_share_no_topic_no_question_and_no_name_of_a_fact(
    first: str, second: str, what: Callable[[Asked], str]
) -> None:
    found = [{what(one).casefold() for one in ASKED if one.part == p} for p in (first, second)]
    assert not found[0] & found[1]


def test_no_question_comes_twice_and_records_hold_what_they_should() -> None:
    assert len({one.question for one in ASKED}) == len(ASKED)
    for one in ASKED:
        assert (one.context.get(one.name) == one.value) == (one.kind == KNOWN)
        assert len(one.context) == 4
        if one.kind == LACKING:
            assert one.value not in one.answer
            assert one.name not in one.context


def test_its_settings_are_settings_and_parts_follow_each_other(tmp_path: Path) -> None:
    (tmp_path / "labeltune.toml").write_text(project_file(ASKED))
    config = settings.load(tmp_path / "labeltune.toml")
    starts = [config.split.validation_from, config.split.test_from]
    days = [row.created_at.date() for row in task_rows(ASKED)]
    assert days == sorted(days)
    split = Counter(sum(day >= start for start in starts if start) for day in days)
    assert [split[n] for n in range(3)] == [sum(a.part == p for a in ASKED) for p in PARTS]
