"""How many samples come first, who deserves more, and a first draft beside its second pass."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import label_configs
from connectors.llm_replies import Reply, Sample
from connectors.llm_tools import OfferedTools
from drafting.acceptance.prior import NoSignalError, logistic, logit, prior_probability
from drafting.draft_task import Draft, draft_task, first_draft, refined_draft
from drafting.more_samples import (
    CLEAR,
    deserves_more,
    first_counts,
    further_counts,
    is_settled,
    most_doubtful_first,
)
from drafting.project_settings import LLMSettings
from label_configs import ReplyError
from tests.ml_backend.fakes import FakeEncoder, conversation

chat = label_configs.load("chat_response")
preference = label_configs.load("preference")

HALF = math.log(0.5)
VECTORS = {"yes": (1.0, 0.0), "no": (0.0, 1.0), "maybe": (math.sqrt(0.5), math.sqrt(0.5))}
VECTORS |= {"3 * 4 = 13": VECTORS["yes"], "3 * 4 = 12": VECTORS["no"]}
PAIR = [{"text": "a", "source": "s"}, {"text": "b", "source": "t"}]


class Stored:
    """Stored replies: the first `n` of what each attempt of a model would say."""

    def __init__(self, *said: Sample, again: Sequence[Sample] = ()) -> None:
        self.said = {0: list(said), 1: list(again)}
        self.asked: list[tuple[str, int, int]] = []

    def sample(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        model: str,
        n: int,
        schema: Mapping[str, Any] | None = None,
        attempt: int = 0,
        tools: OfferedTools | None = None,
    ) -> Reply:
        self.asked.append((model, n, attempt))
        return Reply(tuple(replace(s, model=model) for s in self.said[attempt][:n]))


def first(sampler: Stored, interface: Any = chat, data: Any = None, **settings: Any) -> Draft:
    given = conversation() if data is None else data
    llm = LLMSettings(**settings)
    return first_draft(interface, given, llm, sampler, lambda: FakeEncoder(VECTORS))


@pytest.mark.parametrize(
    ("interface", "data", "samples", "gives_logprobs", "counts"),
    [
        ("chat_response", {}, 4, True, [1, 2, 4]),
        ("chat_response", {}, 4, False, [2, 4]),
        ("chat_response", {}, 2, True, [1, 2]),
        ("chat_response", {}, 1, False, [1]),
        ("chat_response", {"labeltune_draft": "brought"}, 4, False, [1, 2, 4]),
        ("reasoning_steps", {}, 4, True, [1, 2, 4]),
        ("preference", {}, 4, True, [2, 4]),
        ("preference", {}, 1, True, [1]),
        ("preference", {"answers": PAIR}, 4, True, [1, 2, 4]),
    ],
)
def test_how_many_come_first(
    interface: str, data: dict[str, Any], samples: int, gives_logprobs: bool, counts: list[int]
) -> None:
    loaded = label_configs.load(interface)
    llm = LLMSettings(samples=samples)
    found = first_counts(loaded, conversation(**data), llm, gives_logprobs=gives_logprobs)
    assert list(found) == counts


def test_the_first_pass_asks_for_one_sample_and_has_a_score() -> None:
    sampler = Stored(Sample("yes", (HALF,)))
    made = first(sampler, samples=4)
    assert [n for _, n, _ in sampler.asked] == [1]
    assert (made.score, made.agreement, made.drawn) == (pytest.approx(0.5), None, 1)


def test_without_logprobs_two_are_drawn_since_one_tells_nothing() -> None:
    sampler = Stored(Sample("yes"), Sample("maybe"), Sample("no"), Sample("no"))
    made = first(sampler, samples=4)
    assert [n for _, n, _ in sampler.asked] == [1, 2]
    assert (made.agreement, made.drawn) == (pytest.approx(math.sqrt(0.5)), 2)
    assert made.score == prior_probability(made.signals)


def test_one_sample_without_logprobs_is_refused_where_no_more_may_be_drawn() -> None:
    with pytest.raises(NoSignalError):
        first(Stored(Sample("yes")), samples=1)


def test_answers_that_are_alike_bring_more_until_two_differ() -> None:
    same = Sample("yes", (HALF,))
    sampler = Stored(same, same, same, Sample("no", (HALF,)))
    made = first(sampler, preference, samples=4)
    assert {made.record.left, made.record.right} == {"yes", "no"}
    assert ([n for _, n, _ in sampler.asked], made.drawn) == ([2, 4], 4)


def test_two_models_give_one_answer_each_at_first() -> None:
    sampler = Stored(Sample("yes", (HALF,)))
    with pytest.raises(ReplyError, match="all alike"):
        first(sampler, preference, samples=2, model="a", more_models=("b",))
    assert [asked[:2] for asked in sampler.asked] == [("a", 1), ("b", 1)]


def test_where_no_reply_fits_all_are_drawn_before_the_task_is_given_up() -> None:
    blank = [Sample("")] * 4
    with pytest.raises(ReplyError, match="none of 8 replies fits"):
        first(Stored(*blank, again=blank), samples=4)
    fits_last = Stored(*blank[:3], Sample("yes", (HALF,)), again=blank)
    made = first(fits_last, samples=4)
    assert made.agreement == pytest.approx(1 / 7)


def test_a_cut_first_reply_is_a_draft_and_the_most_doubtful_one() -> None:
    cut = first(Stored(Sample("yes", (0.0,), truncated=True)), samples=4)
    unsure = first(Stored(Sample("yes", (HALF,))), samples=4)
    assert cut.score == pytest.approx(0.99 / 3)
    assert deserves_more(cut.score, cut.drawn, 4)
    assert most_doubtful_first([0.9, unsure.score, cut.score]) == [2, 1, 0]


def test_the_second_pass_chooses_among_all_or_keeps_the_first() -> None:
    said = Sample("yes", (HALF,)), Sample("no", (0.0,)), Sample("maybe", (0.0,))
    llm = LLMSettings(samples=3)

    def again(*, keep_first: bool) -> Draft:
        encoder = FakeEncoder(VECTORS)
        return draft_task(
            chat, conversation(), llm, Stored(*said), lambda: encoder, keep_first=keep_first
        )

    chosen, kept = again(keep_first=False), again(keep_first=True)
    assert (chosen.record.response, kept.record.response) == ("maybe", "yes")
    assert chosen.agreement == kept.agreement
    assert (chosen.confidence, kept.confidence) == (1.0, pytest.approx(0.5))


@pytest.mark.parametrize(
    ("most", "counts"),
    [(1, [1]), (2, [2]), (3, [2, 3]), (4, [2, 4]), (6, [2, 4, 6]), (16, [2, 4, 8, 16])],
)
def test_the_second_pass_draws_in_steps(most: int, counts: list[int]) -> None:
    assert list(further_counts(most)) == counts


def refined(*said: str, samples: int, interface: Any = chat) -> tuple[Draft, list[int]]:
    sampler = Stored(*(Sample(text, (HALF,)) for text in said), again=[Sample("")] * samples)
    llm = LLMSettings(samples=samples)
    made = refined_draft(interface, conversation(), llm, sampler, encoder)
    return made, [n for _, n, attempt in sampler.asked if not attempt]


def test_two_that_agree_need_no_more() -> None:
    made, asked = refined("yes", "yes", "no", "no", samples=4)
    assert (made.record.response, made.drawn, asked) == ("yes", 2, [2])


def test_two_that_differ_bring_the_rest() -> None:
    made, asked = refined("yes", "no", "yes", "yes", samples=4)
    assert (made.record.response, made.drawn, asked) == ("yes", 4, [2, 4])


def test_many_that_all_differ_need_no_more() -> None:
    """Each means something else, so that no majority is in sight."""
    assert is_settled({"semantic_entropy": 0.0, "agreement": 0.5}, drawn=4)
    assert not is_settled({"semantic_entropy": 0.0, "agreement": 0.5}, drawn=2)


def test_the_same_conclusion_of_other_texts_is_no_end() -> None:
    assert is_settled({"semantic_entropy": 1.0, "agreement": 0.8}, drawn=2)
    assert not is_settled({"semantic_entropy": 1.0, "agreement": 0.6}, drawn=2)


def test_replies_that_do_not_fit_settle_nothing() -> None:
    assert not is_settled({"semantic_entropy": 1.0, "agreement": 1.0, "fitting_share": 0.5}, 2)
    assert not is_settled({"token_confidence": 1.0}, drawn=2)


def test_a_fault_that_can_be_seen_brings_more_where_another_draft_may_be_taken() -> None:
    agreed = {"semantic_entropy": 1.0, "agreement": 1.0, "text_checks": 0.1}
    assert not is_settled(agreed, drawn=2)
    assert is_settled(agreed, drawn=2, kept=True)


def test_a_wrong_calculation_is_drawn_again() -> None:
    wrong, right = "3 * 4 = 13", "3 * 4 = 12"
    made, asked = refined(wrong, wrong, wrong, right, samples=4)
    assert made.record.response == right
    assert asked == [2, 4]


def test_a_pair_is_refined_until_two_answers_differ() -> None:
    made, asked = refined("yes", "yes", "yes", "no", samples=4, interface=preference)
    assert {made.record.left, made.record.right} == {"yes", "no"}
    assert asked == [2, 4]


def test_a_draft_of_the_task_s_own_is_scored_by_one_reply_first() -> None:
    sampler = Stored(Sample("no"))
    made = first(sampler, data={**conversation(), "labeltune_draft": "maybe"}, samples=4)
    assert (made.record.response, made.drawn) == ("maybe", 1)
    assert made.agreement == pytest.approx(math.sqrt(0.5))
    assert made.score == prior_probability(made.signals)


def test_scores_of_one_and_of_several_samples_are_in_one_order() -> None:
    """Samples that agree as far as the model was sure of its words leave the score as it was."""
    one = first(Stored(Sample("yes", (2 * HALF,))), samples=3).score
    said = Sample("yes", (2 * HALF,)), Sample("no", (2 * HALF,)), Sample("maybe", (2 * HALF,))
    same, worse, better = (
        draft_task(chat, conversation(), LLMSettings(samples=len(s)), Stored(*s), encoder).score
        for s in (said, said[:2], said[:1] * 3)
    )
    assert worse < one < better
    assert worse < same < better


def encoder() -> FakeEncoder:
    return FakeEncoder(VECTORS)


@given(st.floats(0, 1), st.integers(1, 16), st.integers(1, 16))
def test_more_only_where_it_tells_something(score: float, drawn: int, most: int) -> None:
    assert deserves_more(score, drawn, most) == (drawn < most and score < CLEAR)


@given(st.lists(st.floats(0, 1)))
def test_the_lowest_score_is_first(scores: list[float]) -> None:
    assert [scores[place] for place in most_doubtful_first(scores)] == sorted(scores)


@pytest.mark.parametrize(
    ("sure", "score", "expected"),
    [
        (0.6, 0.5, True),
        (0.95, 0.2, False),  # the model would say the same again, which experts seldom take
        (0.6, 0.03, False),  # experts change nearly all such drafts
        (0.6, 0.97, False),  # experts take nearly all such drafts
    ],
)
def test_once_experts_taught_the_score_more_where_it_is_open(
    sure: float, score: float, expected: bool
) -> None:
    assert deserves_more(score, 1, 4, sure=sure) == expected
    assert not deserves_more(score, 4, 4, sure=sure)


def test_a_project_that_accepts_little_draws_no_more_for_it() -> None:
    """The same drafts, of which the model is as sure: experts take nine of ten, or one of ten."""
    sure = [0.05 + i / 100 for i in range(90)]

    def refined_by(intercept: float) -> int:
        taught = [logistic(logit(one) + intercept) for one in sure]
        asked = zip(taught, sure, strict=True)
        return sum(deserves_more(score, 1, 4, sure=one) for score, one in asked)

    untaught = sum(deserves_more(one, 1, 4) for one in sure)
    assert max(refined_by(-3.0), refined_by(3.0)) < untaught / 2
