"""Which finished tasks a changed sentence concerns."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from connectors.reading import Embeddings
from sync.queue.review.guidelines.changed_rules import ChangedRule
from sync.queue.review.guidelines.concerned import OlderWork, concerned, figures_of

FEE = ChangedRule("A new card costs GBP 7.50.", "A new card costs GBP 5.00.", ("Rules", "Fees"))


def task(number: int, answer: str, rule: ChangedRule = FEE, **categories: str) -> OlderWork:
    return OlderWork(number, f"Question {number}?", answer, categories, (rule,))


def why(work: Sequence[OlderWork], embed: Any = None) -> dict[int, str]:
    return {task_id: each.why for task_id, each in concerned(work, embed).items()}


def test_an_answer_that_says_the_old_figure_is_concerned() -> None:
    work = [
        task(1, "It costs £5."),
        task(2, "It costs 5.00 GBP and comes in 5 days."),
        task(3, "It comes in 5 days."),
        task(4, "It costs £7.50."),
        task(5, "It costs $5."),
    ]
    assert why(work) == {1: "figure", 2: "figure"}


def test_an_answer_that_quotes_what_was_quoted_is_concerned() -> None:
    rule = ChangedRule("Say “Rates change hourly.”", "Say “Rates change daily.” and “please”")
    work = [
        task(1, "It is 1%. *Rates change daily.*", rule),
        task(2, "Rates change hourly.", rule),
        task(3, "Rates, please.", rule),
    ]
    assert why(work) == {1: "quoted"}


def test_a_sentence_or_its_heading_names_a_category() -> None:
    work = [
        task(1, "Yes.", topic="fees"),
        task(2, "Yes.", topic="new_card"),
        task(3, "Yes.", topic="loans"),
        task(4, "Yes.", complexity="new"),
        task(5, "Yes.", ChangedRule("Say nothing general, or other."), topic="other"),
    ]
    assert why(work) == {1: "category", 2: "category"}


def test_a_category_of_another_script_is_named_as_well() -> None:
    rule = ChangedRule("Überweisungen dauern zwei Tage.", "", ("Straßengebühren",))
    work = [
        task(1, "Ja.", rule, thema="Straßengebühren"),
        task(2, "Ja.", rule, thema="überweisungen"),
        task(3, "Ja.", rule, thema="Karten"),
        task(4, "对。", ChangedRule("费用 是 五 镑。"), 主题="费用"),
    ]
    assert why(work) == {1: "category", 2: "category", 4: "category"}


def by_number(texts: Sequence[str]) -> Embeddings:
    """The sentence, and questions each a little less like it than the one before."""
    angles = [0.0 if "Question" not in text else 0.2 * int(text[9:-1]) for text in texts]
    return np.array([[np.cos(each), np.sin(each)] for each in angles], np.float32)


def test_all_others_are_compared_by_meaning_the_nearest_first() -> None:
    work = [task(number, "Yes.") for number in (1, 3, 8)]
    found = concerned(work, by_number)
    assert {each: concern.why for each, concern in found.items()} == {1: "meaning", 3: "meaning"}
    assert sorted(found, key=lambda each: found[each].order) == [1, 3]
    assert found[1].similar == pytest.approx(np.cos(0.2), abs=1e-5)


def test_what_is_sure_comes_before_what_is_near() -> None:
    work = [task(1, "Yes."), task(2, "It costs £5."), task(3, "Yes.", topic="fees")]
    found = concerned(work, by_number)
    assert sorted(found, key=lambda each: found[each].order) == [2, 3, 1]


def test_nothing_is_compared_where_nothing_is_older() -> None:
    def never(texts: Sequence[str]) -> Embeddings:
        raise AssertionError(texts)

    assert concerned([], never) == {}


def test_figures_are_known_by_what_they_count() -> None:
    assert figures_of("EUR 1,200.50, 3% or 10 days") >= {("€", 1200.5), ("%", 3.0), ("day", 10.0)}
    assert figures_of("Wait 5 and ask B12 or 1.2.3") == frozenset()
