"""Examples like no other, and answers to other questions."""

import numpy as np

from connectors.reading import Embeddings
from sync.compute.known_neighbours import nearest_others
from sync.quality.checks.check import CheckResult
from sync.quality.checks.outliers import check, oddity, strangeness
from tests.sync.builders import record
from tests.sync.quality.checks.work import work_of

LONG = "This answer says a good deal about what was asked, in more than a dozen words."


def topics(n: int, rng: np.random.Generator, dim: int = 32) -> Embeddings:
    rows = np.eye(dim)[rng.integers(0, 8, n)] + rng.normal(0, 0.12, (n, dim))
    found: Embeddings = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return found


def alone(dim: int, at: int) -> Embeddings:
    row: Embeddings = np.eye(dim, dtype=np.float32)[at]
    return row


def test_an_odd_question_is_found_and_its_neighbours_are_not() -> None:
    rng = np.random.default_rng(0)
    prompts = topics(200, rng)
    prompts[17] = alone(32, 30)
    found = np.flatnonzero(oddity(nearest_others(prompts, 10)) > 4.5)
    assert found.tolist() == [17]


def test_scattered_questions_are_no_outliers() -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(300, 32))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    assert (oddity(nearest_others(rows.astype(np.float32), 10)) > 4.5).sum() == 0


def test_near_duplicates_make_no_outliers_of_the_rest() -> None:
    rng = np.random.default_rng(2)
    prompts = np.vstack([topics(100, rng), np.repeat(topics(10, rng), 10, axis=0)])
    assert (oddity(nearest_others(prompts, 10)) > 4.5).sum() == 0


def test_an_answer_to_another_question_is_strange_to_its_own() -> None:
    rng = np.random.default_rng(3)
    prompts = topics(120, rng)
    answers = prompts.copy()
    answers[[5, 6]] = answers[[6, 5]] if abs(prompts[5] @ prompts[6]) < 0.5 else -answers[[5, 6]]
    strange = strangeness(prompts, answers)
    assert strange[[5, 6]].min() > 0.08
    assert np.delete(strange, [5, 6]).max() < 0.08


def test_many_who_ask_nearly_the_same_are_no_strangers() -> None:
    """Eight questions in sixty forms each: an answer is as near to all forms of its question."""
    rng = np.random.default_rng(7)
    prompts = topics(480, rng)
    answers = prompts + rng.normal(0, 0.15, prompts.shape).astype(np.float32)
    answers /= np.linalg.norm(answers, axis=1, keepdims=True)
    records = [record(i, LONG) for i in range(480)]
    found = [f for f in check(work_of(records, prompts, answers)).findings if f.control == "answer"]
    assert len(found) <= 480 * 0.02


def test_findings_name_the_tasks() -> None:
    rng = np.random.default_rng(4)
    prompts = topics(120, rng)
    answers = prompts.copy()
    prompts[7] = alone(32, 30)
    answers[7] = prompts[7]
    answers[9] = -prompts[9]
    records = [record(i, LONG) for i in range(120)]
    result = check(work_of(records, prompts, answers))
    assert {(f.task_id, f.control, f.severity) for f in result.findings} == {
        (7, "question", "info"),
        (9, "answer", "warning"),
    }


def test_of_many_far_questions_the_farthest_are_told() -> None:
    rng = np.random.default_rng(8)
    prompts = topics(400, rng)
    prompts[:8] = np.eye(32, dtype=np.float32)[20:28]
    found = check(work_of([record(i, LONG) for i in range(400)], prompts, prompts)).findings
    assert len(found) == 2
    assert {f.task_id for f in found} <= set(range(8))


def test_short_answers_are_not_held_against_their_questions() -> None:
    """`Yes.` is as near to any question as to its own."""
    rng = np.random.default_rng(5)
    prompts = topics(120, rng)
    records = [record(i, "Yes.") for i in range(120)]
    answers = np.tile(alone(32, 31), (120, 1))
    assert check(work_of(records, prompts, answers)).findings == ()


def test_few_answers_are_not_judged() -> None:
    rng = np.random.default_rng(6)
    assert check(work_of([record(i) for i in range(9)], topics(9, rng))) == CheckResult(needs=50)
