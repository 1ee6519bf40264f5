"""Answers of unusual length, among lengths as they are: skewed, and longer for longer questions."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sync.quality.checks.unusual_length import LengthOptions, check, usual_lengths
from sync.records import LabelledRecord
from tests.sync.builders import record
from tests.sync.quality.checks.work import work_of

RNG = np.random.default_rng(18)


def answers(lengths: list[float], complexity: str = "") -> list[LabelledRecord]:
    categories = {"complexity": complexity} if complexity else {}
    made = [record(n, "word " * max(1, int(length))) for n, length in enumerate(lengths)]
    return [LabelledRecord(**{**one.__dict__, "categories": categories}) for one in made]


def unlike(many: int) -> NDArray[np.float32]:
    """Questions about many things."""
    made = RNG.normal(size=(many, 16)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def found(
    records: list[LabelledRecord], vectors: NDArray[np.float32] | None = None
) -> list[int | None]:
    result = check(work_of(records, unlike(len(records)) if vectors is None else vectors))
    return [finding.task_id for finding in result.findings]


def test_far_too_short_and_far_too_long() -> None:
    lengths = list(RNG.lognormal(4, 0.3, 60))
    records = answers([1.0, *lengths, 2000.0])
    assert found(records) == [records[0].task_id, records[-1].task_id]


def test_what_is_long_for_a_plain_question_is_not_for_a_nuanced_one() -> None:
    plain = answers([*RNG.lognormal(2.5, 0.2, 40), 300.0], "plain")
    nuanced = answers([*RNG.lognormal(5.5, 0.2, 40), 300.0], "nuanced")
    assert found(plain + nuanced) == [plain[-1].task_id]


def test_what_is_long_for_one_source_is_usual_in_another() -> None:
    """A help desk writes lines, a handbook pages; questions of one are near each other."""
    lines, pages = RNG.lognormal(3, 0.2, 60), RNG.lognormal(6, 0.2, 60)
    records = answers([*lines, 400.0, *pages, 20.0])
    middle = np.repeat(np.eye(16, dtype=np.float32)[:2], 61, axis=0)
    vectors = middle + 0.3 * unlike(len(records))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert found(records, vectors) == [records[60].task_id, records[-1].task_id]


def test_too_few_are_not_judged() -> None:
    records = answers([50.0] * 5)
    vectors = np.tile(np.array([1.0, 0.0], np.float32), (5, 1))
    assert check(work_of(records, vectors)).skips == (
        "length: 5 accepted answers, and it needs 30",
    )


def test_answers_grow_with_their_questions() -> None:
    asked = RNG.lognormal(4, 1, 200)
    usual, apart = usual_lengths(asked, asked * 3, RNG.integers(0, 200, (200, 10)))
    assert usual == pytest.approx(asked * 3)
    assert apart == pytest.approx(0, abs=1e-6)


def test_few_of_what_is_usual_are_found() -> None:
    asked, given = RNG.lognormal(4, 0.5, 5000), RNG.lognormal(5, 0.8, 5000)
    usual, apart = usual_lengths(asked, given, RNG.integers(0, 5000, (5000, 10)))
    options = LengthOptions()
    times = np.maximum(given / usual, usual / given)
    assert np.mean((apart >= options.deviations) & (times >= options.times)) < 0.002


def test_options_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="times must be more than 1"):
        LengthOptions(times=1.0)
