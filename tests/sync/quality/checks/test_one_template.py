"""Answers that follow one template."""

import numpy as np

from sync.quality.checks.check import CheckResult
from sync.quality.checks.one_template import check, skeletons
from tests.sync.builders import record
from tests.sync.quality.checks.work import work_of

OWN = ("lost", "frozen", "expired", "blocked", "stolen", "broken", "new", "old", "gold", "virtual")


def looked_at(answers: list[str]) -> CheckResult:
    records = [record(i, answer) for i, answer in enumerate(answers)]
    return check(work_of(records, np.eye(len(records), dtype=np.float32)))


def varied(n: int) -> list[str]:
    rng = np.random.default_rng(0)
    words = [f"word{i}" for i in range(400)]
    return [" ".join(rng.choice(words, 12)) for _ in range(n)]


def templated(n: int) -> list[str]:
    return [
        f"Your {OWN[i % 10]}{i} card costs GBP {i + 3}, and you get it in {i + 3} days."
        for i in range(n)
    ]


def test_one_template_is_told_with_its_words_and_gaps() -> None:
    (found,) = looked_at([*templated(40), *varied(60)]).findings
    assert "40 of 100 (40%, 31 to 50%)" in found.message
    assert "“your … card costs gbp … and you get it in … days”" in found.message
    assert (found.severity, found.tasks) == ("warning", (0, 1, 2, 3, 4))
    assert found.score == 0.6


def test_varied_answers_are_none() -> None:
    assert looked_at(varied(100)).findings == ()


def test_a_disclosure_that_all_answers_end_with_is_none() -> None:
    end = "Your capital is at risk. Past gains say nothing of later ones."
    assert looked_at([f"{text} {end}" for text in varied(100)]).findings == ()


def test_one_opening_is_a_note() -> None:
    (found,) = looked_at([f"Thank you for asking us. {text}" for text in varied(80)]).findings
    assert (found.severity, found.control) == ("info", "opening")
    assert "“thank you for asking”" in found.message


def test_writing_without_spaces_has_templates_too() -> None:
    answers = [f"{chr(0x4E00 + i)}的費用是{i}元請在三天內付款。" for i in range(60)]
    (found, *_) = looked_at(answers).findings
    assert "59 of 60" in found.message  # one of the words is a shared one


def test_a_skeleton_holds_what_is_shared_in_order() -> None:
    texts = [["a", "x", "y", "b"], ["a", "z", "b"], ["b", "a"]]
    assert skeletons(texts, 0.9)[0] == ("a", "…", "b")
    assert skeletons(texts, 0.9)[0] == skeletons(texts, 0.9)[1] != skeletons(texts, 0.9)[2]


def test_few_answers_are_not_judged() -> None:
    assert looked_at(varied(10)) == CheckResult(needs=50)
