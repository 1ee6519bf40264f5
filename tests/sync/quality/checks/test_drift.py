"""Change over time: found where it is planted, and nowhere else."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from connectors.reading import Embeddings
from sync.quality.checks.check import CheckResult
from sync.quality.checks.drift import check, find_change
from sync.records import LabelledRecord
from tests.sync.builders import record
from tests.sync.quality.checks.work import work_of

DAY = 24 * 60


def around(centres: Sequence[int], rng: np.random.Generator, spread: float = 0.6) -> Embeddings:
    """Rows of length 1 around unit vectors."""
    rows = np.eye(24)[list(centres)] + rng.normal(0, spread / np.sqrt(24), (len(centres), 24))
    found: Embeddings = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return found


def test_no_change_is_found_by_chance_as_often_as_said() -> None:
    p_values = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        p_values.append(find_change(around(rng.integers(0, 6, 120), rng), seed).p_value)
    assert sum(p <= 0.1 for p in p_values) <= 4
    assert np.mean(p_values) > 0.3


def test_a_new_topic_is_found_where_it_begins() -> None:
    rng = np.random.default_rng(1)
    topics = [*rng.integers(0, 5, 150), *rng.integers(3, 8, 150)]
    change = find_change(around(topics, rng))
    assert change.cut == 150
    assert change.p_value <= 0.01
    assert change.effect > 0.3


def test_the_same_question_in_a_row_is_no_change() -> None:
    """A batch in which each question comes three times, one after the other."""
    rng = np.random.default_rng(2)
    once = around(rng.integers(0, 6, 60), rng)
    assert find_change(np.repeat(once, 3, axis=0)).p_value > 0.05


def answered(n: int, one_day: bool = False) -> list[LabelledRecord]:
    minutes = [i if one_day else i * DAY // 10 for i in range(n)]
    return [
        replace(record(i, minutes=m, prompt=f"asks {'new' if i >= n // 2 else 'old'}"))
        for i, m in enumerate(minutes)
    ]


def dated(records: Sequence[LabelledRecord]) -> list[LabelledRecord]:
    """Tasks that were made when they were answered."""
    return [replace(each, created_at=each.updated_at) for each in records]


def test_answers_that_change_are_told_with_tasks_and_words() -> None:
    rng = np.random.default_rng(3)
    topics = rng.integers(0, 6, 200)
    prompts = around(topics, rng)
    manner = np.zeros((200, 24))
    manner[100:, 20] = 1.0
    answers = prompts + manner + rng.normal(0, 0.1, (200, 24))
    answers = (answers / np.linalg.norm(answers, axis=1, keepdims=True)).astype(np.float32)
    (found,) = check(work_of(answered(200), prompts, answers)).findings
    assert (found.severity, found.control, found.task_id) == ("warning", "answers", None)
    assert "see whether the guidelines changed" in found.message
    assert set(found.tasks) <= set(range(100, 200))


def test_answers_that_follow_their_questions_do_not_drift() -> None:
    """The order in which tasks are handed out changes what is asked, not how it is answered."""
    rng = np.random.default_rng(4)
    topics = [*rng.integers(0, 4, 100), *rng.integers(3, 7, 100)]
    prompts = around(topics, rng)
    answers = prompts @ np.linalg.qr(rng.normal(size=(24, 24)))[0]
    answers = answers + rng.normal(0, 0.1, (200, 24))
    answers = (answers / np.linalg.norm(answers, axis=1, keepdims=True)).astype(np.float32)
    assert check(work_of(answered(200), prompts, answers)).findings == ()


def test_new_questions_are_told_with_their_words() -> None:
    rng = np.random.default_rng(5)
    prompts = around([*rng.integers(0, 4, 100), *rng.integers(4, 8, 100)], rng)
    (found,) = check(work_of(dated(answered(200)), prompts)).findings
    assert (found.severity, found.control) == ("info", "questions")
    assert "(more often since: new)" in found.message


def test_other_people_are_named_as_the_reason() -> None:
    rng = np.random.default_rng(6)
    prompts = around(rng.integers(0, 6, 200), rng)
    answers = around([10] * 100 + [11] * 100, rng, 0.2)
    records = [replace(r, completed_by=1 + (i >= 100)) for i, r in enumerate(answered(200))]
    (found,) = check(work_of(records, prompts, answers)).findings
    assert "annotator 2 gave 100% of the later answers and 0% of the earlier" in found.message


def test_what_cannot_be_told_is_said() -> None:
    rng = np.random.default_rng(7)
    vectors = around(rng.integers(0, 6, 120), rng)
    result = check(work_of(answered(120, one_day=True), vectors))
    assert result.findings == ()
    assert all("on one day" in skip for skip in result.skips)
    assert len(result.skips) == 2
    assert check(work_of(answered(99), vectors[:99])) == CheckResult(needs=100)
