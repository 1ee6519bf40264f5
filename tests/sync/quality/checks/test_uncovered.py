"""Questions of production beside training examples."""

from dataclasses import replace

import numpy as np

from connectors.reading import Embeddings
from sync.quality.checks.check import CheckResult
from sync.quality.checks.telling_words import (
    WordCounts,
    shortened,
    telling_words,
    words_of,
)
from sync.quality.checks.uncovered import check, groups_of, reach
from sync.quality.production import ProductionQuestions
from tests.sync.builders import record
from tests.sync.quality.checks.work import work_of


def rows(topics: list[int], seed: int) -> Embeddings:
    rng = np.random.default_rng(seed)
    made = np.eye(16)[topics] + rng.normal(0, 0.08, (len(topics), 16))
    found: Embeddings = (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)
    return found


def held(asked: list[int], examples: list[int]) -> CheckResult:
    names = ["fees", "cards", "loans", "crypto wallet"]
    records = [record(i, prompt=f"about {names[t]} {i}") for i, t in enumerate(examples)]
    texts = tuple(f"about {names[t]} {i}" for i, t in enumerate(asked))
    production = ProductionQuestions("traces.jsonl", texts, rows(asked, 1), len(texts))
    return check(replace(work_of(records, rows(examples, 0)), production=production))


def test_without_traces_nothing_is_compared() -> None:
    assert check(work_of([record()], rows([0], 0))) == CheckResult()


def test_a_topic_without_an_example_is_named_and_shown() -> None:
    result = held([0, 1, 2] * 30 + [3] * 10, [0, 1, 2] * 20)
    (found,) = result.findings
    assert "10 of 100 (10%, 6 to 17%) of the questions in traces.jsonl" in found.message
    assert "about crypto, wallet" in found.message
    assert "“about crypto wallet 9" in found.message
    assert (found.severity, found.task_id) == ("warning", None)
    assert result.figures["uncovered"] == 10
    assert "90 of 100" in result.notes[0]


def test_a_set_that_covers_little_is_told_as_a_whole() -> None:
    whole, *groups = held([3] * 60 + [0] * 40, [0, 1, 2] * 20).findings
    assert whole.control == "questions"
    assert "60 of 100 (60%, 50 to 69%)" in whole.message
    assert [group.suggested for group in groups if group.severity == "warning"] == [
        "crypto, wallet"
    ]


def test_questions_like_the_examples_are_covered() -> None:
    assert held([0, 1, 2] * 30, [0, 1, 2] * 20).findings == ()


def test_examples_that_nobody_asks_are_told() -> None:
    (found,) = held([0, 1] * 40, [0, 1, 2] * 20).findings
    assert (found.severity, found.control) == ("info", "examples")
    assert "20 of 60" in found.message
    assert set(found.tasks) <= set(range(2, 60, 3))


def test_few_examples_say_so() -> None:
    assert "2 accepted examples" in held([0, 1], [0, 1]).skips[0]


def test_reach_is_bounded_where_a_set_is_all_alike_or_all_apart() -> None:
    assert reach(np.repeat(rows([0], 0), 30, axis=0)) == 0.35
    assert reach(np.eye(30, dtype=np.float32)) == 0.35
    assert reach(rows([0] * 30, 0)) == 0.75


def test_groups_are_the_largest_first() -> None:
    groups = groups_of(rows([0] * 3 + [1] * 7 + [2], 0), 0.4)
    assert [len(group) for group in groups] == [7, 3, 1]


def test_words_that_tell_are_not_the_common_ones() -> None:
    asked = ["the crypto wallet is gone", "my crypto wallet fee", "a crypto transfer"]
    others = ["the fee is high", "my card is gone", "a transfer of the fee"] * 5
    assert telling_words(asked, WordCounts.of(others))[:2] == ["crypto", "wallet"]


def test_words_of_any_script() -> None:
    assert words_of("Don't pay 3,50 €: <PHONE_1>!") == ["don't", "pay", "3", "50", "<phone_1>"]
    assert words_of("卡片的費用") == list("卡片的費用")
    assert shortened("one two three four", 12) == "one two …"
