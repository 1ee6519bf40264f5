"""Answers of unusual length, among lengths as they are: skewed, and longer for longer questions."""

import numpy as np
import pytest

from sync.quality.checks.unusual_length import LengthOptions, check, usual_lengths
from sync.records import LabelledRecord
from tests.sync.builders import record
from tests.sync.quality.checks.work import work_of

RNG = np.random.default_rng(18)


def answers(lengths: list[float], complexity: str = "") -> list[LabelledRecord]:
    categories = {"complexity": complexity} if complexity else {}
    made = [record(n, "word " * max(1, int(length))) for n, length in enumerate(lengths)]
    return [LabelledRecord(**{**one.__dict__, "categories": categories}) for one in made]


def found(records: list[LabelledRecord]) -> list[int | None]:
    vectors = np.tile(np.array([1.0, 0.0], np.float32), (len(records), 1))
    result = check(work_of(records, vectors))
    return [finding.task_id for finding in result.findings]


def test_far_too_short_and_far_too_long() -> None:
    lengths = list(RNG.lognormal(4, 0.3, 60))
    records = answers([1.0, *lengths, 2000.0])
    assert found(records) == [records[0].task_id, records[-1].task_id]


def test_what_is_long_for_a_plain_question_is_not_for_a_nuanced_one() -> None:
    plain = answers([*RNG.lognormal(2.5, 0.2, 40), 300.0], "plain")
    nuanced = answers([*RNG.lognormal(5.5, 0.2, 40), 300.0], "nuanced")
    assert found(plain + nuanced) == [plain[-1].task_id]


def test_too_few_are_not_judged() -> None:
    records = answers([50.0] * 5)
    vectors = np.tile(np.array([1.0, 0.0], np.float32), (5, 1))
    assert check(work_of(records, vectors)).skips == (
        "length: 5 accepted answers, and it needs 30",
    )


def test_answers_grow_with_their_questions() -> None:
    asked = RNG.lognormal(4, 1, 200)
    usual, apart = usual_lengths(asked, asked * 3)
    assert usual == pytest.approx(asked * 3)
    assert apart == pytest.approx(0, abs=1e-6)


def test_few_of_what_is_usual_are_found() -> None:
    asked, given = RNG.lognormal(4, 0.5, 5000), RNG.lognormal(5, 0.8, 5000)
    usual, apart = usual_lengths(asked, given)
    options = LengthOptions()
    times = np.maximum(given / usual, usual / given)
    assert np.mean((apart >= options.deviations) & (times >= options.times)) < 0.002


def test_options_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="times must be more than 1"):
        LengthOptions(times=1.0)
