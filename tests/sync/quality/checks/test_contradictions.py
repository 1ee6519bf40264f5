"""Contradictions: the same question, another answer."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import label_configs
from connectors.embedding import load_encoder
from connectors.reading import Embeddings
from sync.quality.checks.contradictions import ContradictionOptions, check
from sync.quality.checks.near_prompts import SAME_ANSWER, SAME_PROMPT, find_contradictions
from sync.records import LabelledRecord
from sync.settings.checks import CheckOptions
from tests.sync.builders import record
from tests.sync.quality.checks.work import work_of


def at_degrees(*degrees: float) -> Embeddings:
    """Unit vectors in the plane."""
    radians = np.radians(degrees)
    return np.stack([np.cos(radians), np.sin(radians)], axis=1).astype(np.float32)


def pairs(prompts: Embeddings, answers: Embeddings) -> list[tuple[int, int]]:
    return [(c.first, c.second) for c in find_contradictions(prompts, answers).contradictions]


def test_only_near_prompts_with_far_answers_contradict() -> None:
    near_near = pairs(at_degrees(0, 10), at_degrees(0, 30))
    near_far = pairs(at_degrees(0, 10), at_degrees(0, 60))
    far_far = pairs(at_degrees(0, 40), at_degrees(0, 60))
    assert (near_near, near_far, far_far) == ([], [(0, 1)], [])


def test_the_worst_pair_comes_first() -> None:
    prompts = at_degrees(0, 5, 90, 95)
    assert pairs(prompts, at_degrees(0, 60, 0, 120)) == [(2, 3), (0, 1)]


def test_what_the_model_cannot_read_hides_no_contradiction() -> None:
    prompts, answers = at_degrees(0, 1, 2, 80), at_degrees(0, 45, -50, 0)
    found = find_contradictions(prompts, answers, unread=frozenset({2}))
    # those of 0 and 2 are less alike, but not as unlike as characters must be
    assert [(c.first, c.second) for c in found.contradictions] == [(1, 2), (0, 1)]
    # what is left to compare: 0 with 2
    assert found.rows.tolist() == [0, 2]


def test_one_odd_answer_in_a_cluster_gives_a_pair_for_each_that_it_contradicts() -> None:
    prompts = at_degrees(0, 1, 2, 3)
    assert sorted(pairs(prompts, at_degrees(0, 0, 0, 90))) == [(0, 3), (1, 3), (2, 3)]


vectors = st.lists(st.floats(0, 180), min_size=2, max_size=25)


@given(vectors, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_every_row_with_a_contradiction_is_in_a_pair_and_pairs_stay_few(
    angles: list[float], random: Any
) -> None:
    prompts = at_degrees(*(angle / 6 for angle in angles))
    answers = at_degrees(*random.sample(angles, len(angles)))
    found = find_contradictions(prompts, answers).contradictions
    clear = (prompts @ prompts.T > SAME_PROMPT + 1e-4) & (answers @ answers.T < SAME_ANSWER - 1e-4)
    assert set(np.flatnonzero(clear.any(axis=1)).tolist()) <= {
        row for c in found for row in (c.first, c.second)
    }
    assert len(found) <= len(angles)
    assert len({(c.first, c.second) for c in found}) == len(found)


def real_work(*records: LabelledRecord) -> Any:
    encoder = load_encoder()
    return work_of(
        records,
        encoder.encode([r.data["messages"][0]["content"] for r in records]),
        encoder.encode([r.record.response for r in records]),
    )


FREE = "Yes, a replacement card is free of charge."
COSTS = "A new card costs five pounds, which we take from your account."


def test_a_later_answer_that_differs_is_the_finding() -> None:
    outcome = check(
        real_work(
            record(1, COSTS, "Do I have to pay for a new card?", minutes=9),
            record(2, FREE, "Do I need to pay for a new card?"),
            record(3, FREE, "Where do I see my last payments?"),
        )
    )
    (found,) = outcome.findings
    assert (found.task_id, found.related_task_id, found.annotation_id) == (1, 2, 1001)
    assert (found.kind, found.severity) == ("contradiction", "warning")
    assert 0.0 <= found.score < SAME_ANSWER
    assert "task 2" in found.message


def test_the_very_same_prompt_is_an_error() -> None:
    question = "Do I have to pay for a new card?"
    (found,) = check(real_work(record(1, FREE, question), record(2, COSTS, question))).findings
    assert found.severity == "error"


def test_answers_that_say_the_same_do_not_contradict() -> None:
    question = "Do I have to pay for a new card?"
    same = "Yes: the replacement card is free of charge."
    assert check(real_work(record(1, FREE, question), record(2, same, question))).findings == ()


def test_answers_to_questions_of_two_things_that_each_name_their_own_do_not_contradict() -> None:
    asked = "What is the price of a safe deposit box on the {} plan?"
    basic = record(1, "On the Basic plan a box costs GBP 8.", asked.format("Basic"))
    free = "On the {} plan it is free, and so are all of its keys."
    premier = record(2, free.format("Premier"), asked.format("Premier"))
    assert check(real_work(basic, premier)).findings == ()
    # one that takes up nothing of its question may be an answer to the other one
    (found,) = check(
        real_work(basic, record(2, free.format("same"), asked.format("Premier")))
    ).findings
    assert found.related_task_id is not None


def test_another_context_may_explain_another_answer() -> None:
    question = "Do I have to pay for a new card?"
    (found,) = check(
        real_work(
            record(1, FREE, question, data={"context": {"tier": "Plus", "region": "UK"}}),
            record(2, COSTS, question, data={"context": {"tier": "Basic", "region": "UK"}}),
        )
    ).findings
    assert found.severity == "info"
    assert "differs in tier)" in found.message


def test_another_picture_or_result_asks_something_else() -> None:
    question = "Do I have to pay for this card?"

    def shows(at: str) -> dict[str, Any]:
        picture = {"type": "image_url", "image_url": {"url": f"https://x.example/{at}.png"}}
        text = {"type": "text", "text": question}
        return {"messages": [{"role": "user", "content": [text, picture]}]}

    def returned(fee: str) -> dict[str, Any]:
        asked = {"role": "user", "content": question}
        return {"messages": [asked, {"role": "tool", "content": fee}]}

    prompts = load_encoder().encode([question] * 2)
    answers = load_encoder().encode([FREE, COSTS])
    for data in (shows, returned):
        for other, contradictions in (("b", 0), ("a", 1)):
            records = [record(1, FREE, data=data("a")), record(2, COSTS, data=data(other))]
            assert len(check(work_of(records, prompts, answers)).findings) == contradictions


@pytest.mark.parametrize("verdict", ["accept", "edit"])
def test_a_rejected_answer_contradicts_nothing(verdict: str) -> None:
    question = "Do I have to pay for a new card?"
    work = real_work(
        record(1, FREE, question, verdict=verdict), record(2, COSTS, question, verdict="reject")
    )
    assert check(work).findings == ()


def test_how_far_answers_may_lie_apart_is_an_option() -> None:
    answers = np.array([[1.0, 0.0], [0.6, 0.8]], dtype=np.float32)
    work = work_of([record(1), record(2)], np.array([[1.0, 0.0]] * 2, dtype=np.float32), answers)
    assert len(check(work).findings) == 1
    loose = CheckOptions({"contradiction": ContradictionOptions(same_answer=0.5)})
    assert check(replace(work, options=loose)).findings == ()


def test_nothing_finished_contradicts_nothing() -> None:
    empty = np.empty((0, 2), dtype=np.float32)
    assert check(work_of([], empty, empty)).findings == ()


def test_runs_of_one_task_may_end_differently() -> None:
    apart = at_degrees(0, 90)
    work = work_of([record(1, FREE), record(2, COSTS)], at_degrees(0, 0), apart)
    assert check(work).findings
    runs = replace(work, interface=label_configs.load("agent_steps"))
    assert check(runs).findings == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A replacement card arrives within 5 days.", "A replacement card arrives within 10 days."),
        ("You can cancel the order.", "You cannot cancel the order."),
        ("You have to pay for the card.", "You don't have to pay for the card."),
        ("The offer ends on 3 March 2026.", "The offer ends on 4 March 2026."),
        ("Die Karte kostet 5,00 €.", "Die Karte kostet 6,00 €."),
        ("Die Karte wird gesperrt.", "Die Karte wird nicht gesperrt."),
        ("Delivery takes three weeks.", "Delivery takes five weeks."),
        ("The shop is closed on Mondays.", "The shop is closed on Tuesdays."),
        ("The fee is refunded.", "The fee is no longer refunded."),
        ("You can cancel the order.", "You can't cancel the order."),
        ("The device is safe for children.", "The device is unsafe for children."),
        ("Prior approval is required.", "Prior approval is optional."),
        ("Take the tablet before meals.", "Take the tablet after meals."),
        ("Pets are allowed in the flat.", "Pets are banned in the flat."),
        ("Survival increased after surgery.", "Survival decreased after surgery."),
        ("The drug helped children.", "The drug failed to help children."),
    ],
)
def test_one_number_date_or_not_contradicts(one: str, other: str) -> None:
    asked = at_degrees(0, 5)
    (found,) = check(work_of([record(1, one, "Card?"), record(2, other, "Card?")], asked)).findings
    assert (found.kind, found.severity, found.related_task_id) == ("contradiction", "error", 1)
    assert one in found.message
    assert other in found.message


@pytest.mark.parametrize(
    ("one", "other", "prompts"),
    [
        # another notation, another subject, more words, another question
        ("It costs us 1,200.00 a year.", "It costs us 1.200,00 a year.", ("Fee?", "Fee?")),
        ("The Plus plan costs 5.", "The Gold plan costs 7.", ("Fee?", "Fee?")),
        ("Cards arrive in 5 days.", "Cards arrive in 5 or 10 days.", ("When?", "When?")),
        ("Two orders cost 10 pounds.", "Two orders cost 20 pounds.", ("Of 5?", "Of 10?")),
        ("You can cancel it.", "You cannot cancel it.", ("May I?", "May I not?")),
        ("Yes, 5.", "Yes, 6.", ("Fee?", "Fee?")),
    ],
)
def test_what_explains_another_number_or_not(
    one: str, other: str, prompts: tuple[str, str]
) -> None:
    records = [record(1, one, prompts[0]), record(2, other, prompts[1])]
    assert check(work_of(records, at_degrees(0, 5))).findings == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It takes 3 weeks to arrive.", "It takes three weeks to arrive."),
        ("Pets are allowed in the flat.", "Pets are permitted in the flat."),
        ("Survival increases with surgery.", "Survival increased with surgery."),
        ("The shop is closed on Mondays.", "The shop is closed on Monday."),
        ("Take the tablet after meals.", "Take the tablet with meals."),
    ],
)
def test_the_same_in_other_words_is_no_contradiction(one: str, other: str) -> None:
    records = [record(1, one, "Why?"), record(2, other, "Why?")]
    assert check(work_of(records, at_degrees(0, 5))).findings == ()


def test_questions_far_apart_may_be_answered_by_other_numbers() -> None:
    records = [record(1, "Cards arrive in 5 days."), record(2, "Cards arrive in 6 days.")]
    assert check(work_of(records, at_degrees(0, 60))).findings == ()
