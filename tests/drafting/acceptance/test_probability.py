"""The prior, the calibrator's arithmetic, and what counts as accepted."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.acceptance.acceptance import PRIOR, Calibrator, SignalWeight
from drafting.acceptance.judged_draft import judged_draft, kept_signals
from drafting.acceptance.prior import (
    FACTORS,
    FITTING,
    NEVER_ALONE,
    QUESTIONS,
    SPEAKERS,
    WEIGHTS,
    NoSignalError,
    prior_probability,
)
from drafting.signals import SIGNALS
from label_configs.draft_meta import with_acceptance
from label_configs.interface import DraftVerdict
from label_configs.provenance import DraftChange, Provenance

names = st.sampled_from(["token_confidence", "agreement", "conclusion_agreement", FITTING])
signals = st.dictionaries(names, st.floats(0, 1), min_size=1).map(
    lambda each: {"agreement": 0.5} | each
)


def test_one_signal_is_its_own_probability() -> None:
    assert PRIOR.probability({"token_confidence": 0.7}) == pytest.approx(0.7)


def test_two_signals_average_their_log_odds() -> None:
    # odds of 4 and of 1: the geometric mean is 2
    assert prior_probability({"token_confidence": 0.8, "agreement": 0.5}) == pytest.approx(2 / 3)


@pytest.mark.parametrize("known", [(), (FITTING,), (*FACTORS, *NEVER_ALONE)])
def test_without_a_signal_of_the_model_s_nothing_is_made_up(known: tuple[str, ...]) -> None:
    with pytest.raises(NoSignalError, match=r"no logprobs and llm\.samples is 1"):
        prior_probability(dict.fromkeys(known, 1.0))


def test_replies_that_do_not_fit_lower_the_prior_by_their_share() -> None:
    assert prior_probability({"agreement": 0.8, FITTING: 0.5}) == pytest.approx(0.4)


def test_a_fault_that_can_be_seen_counts_whatever_else_speaks_for_the_draft() -> None:
    assert prior_probability({"agreement": 0.8, "text_checks": 0.0}) == 0.0


@given(signals, names, st.floats(0, 1))
def test_a_better_signal_never_lowers_the_prior(
    held: dict[str, float], name: str, better: float
) -> None:
    held = {name: 0.5, **held}
    raised = {**held, name: max(held[name], better)}
    assert 0 <= prior_probability(held) <= prior_probability(raised) + 1e-12 < 1 + 1e-12


def test_a_calibrator_is_a_weighted_sum_of_log_odds() -> None:
    calibrator = Calibrator(-1.0, 0.5, {"agreement": SignalWeight(2.0, 0.3, unknown=-0.2)})
    odds = math.log(4)
    told = calibrator.probability({"agreement": 0.8})
    assert told == pytest.approx(1 / (1 + math.exp(-(-1 + 0.5 * odds + 2 * odds))))
    # unknown: the typical log-odds in its place, and what it tells that it is
    told = calibrator.probability({"token_confidence": 0.8})
    assert told == pytest.approx(1 / (1 + math.exp(-(-1 + 0.5 * odds + 2 * 0.3 - 0.2))))


@pytest.mark.parametrize(
    ("verdict", "change", "rejected", "accepted"),
    [
        (None, "unchanged", False, True),
        ("accept", "unchanged", False, True),
        ("accept", "edited", False, False),
        ("edit", "unchanged", False, False),
        (None, "edited", False, False),
        ("reject", "unchanged", False, False),
        ("accept", "unchanged", True, False),
    ],
)
def test_accepted_is_what_was_left_as_it_was(
    verdict: DraftVerdict | None, change: DraftChange, rejected: bool, accepted: bool
) -> None:
    made = Provenance("v1", change, 0.0 if change == "unchanged" else 0.2, None)
    found = judged_draft({"agreement": 0.5}, verdict, made, rejected=rejected)
    assert found is not None and found.accepted is accepted


def test_without_a_draft_or_its_signals_there_is_nothing_to_learn() -> None:
    made = Provenance("v1", "unchanged", 0.0, None)
    assert judged_draft(None, "accept", made) is None
    assert judged_draft({}, "accept", made) is None
    assert judged_draft({"agreement": 0.5}, None, Provenance(None, "no draft", None, None)) is None


def test_a_draft_keeps_the_signals_it_was_scored_by() -> None:
    item = {"from_name": "response", "to_name": "c", "type": "textarea", "value": {"text": ["a"]}}
    opened = with_acceptance([item], 0.4, {"agreement": 0.5})
    shown = with_acceptance([item], 0.4, {"agreement": 0.9})
    assert kept_signals(opened, [item], shown) == {"agreement": 0.5}
    assert kept_signals(None, [item], shown) == {"agreement": 0.9}
    assert kept_signals(None, [item]) is None


def test_every_signal_has_its_weight_in_the_prior() -> None:
    assert WEIGHTS.keys() | FACTORS == SIGNALS.keys()
    assert not WEIGHTS.keys() & FACTORS
    assert min(WEIGHTS.values()) > 0  # high is good of every signal, and each can stand alone


def test_one_signal_speaks_for_each_thing_that_is_asked() -> None:
    assert [len(SPEAKERS & set(names)) for names in QUESTIONS.values()] == [1] * len(QUESTIONS)


def test_signals_that_ask_the_same_have_one_voice_together() -> None:
    """However sure the model is of its words, samples that say something else count as much."""
    sure = {"token_confidence": 0.9, "lowest_span": 0.9, "predictive_entropy": 0.9}
    assert prior_probability({**sure, "conclusion_agreement": 0.1}) == pytest.approx(0.5, abs=0.06)


def test_what_lies_beyond_what_was_learnt_from_counts_like_the_nearest() -> None:
    """A task much more like a finished one than any before is no surer sign than the nearest."""
    weight = SignalWeight(weight=40.0, typical=0.0, lowest=-0.2, highest=0.2)
    assert weight.adds(0.99) == pytest.approx(40.0 * 0.2)
    assert weight.adds(0.01) == pytest.approx(-40.0 * 0.2)
    assert weight.adds(0.5) == 0.0
