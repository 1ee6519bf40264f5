"""What is learnt from finished drafts, and when it is used."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from drafting.acceptance.acceptance import PRIOR, Acceptance
from drafting.acceptance.fit import LEAST_JUDGED, LEAST_OF_A_KIND, MOST_JUDGED, fit_acceptance
from drafting.acceptance.judged_draft import JudgedDraft
from drafting.acceptance.prior import logistic
from drafting.acceptance.reliability import auroc, calibration_bins, calibration_error
from tests.drafting.acceptance.projects import accepted_of, project


def probabilities(acceptance: Acceptance, drafts: list[JudgedDraft]) -> np.ndarray:
    return np.array([acceptance.probability(draft.signals) for draft in drafts])


def auroc_of(acceptance: Acceptance, drafts: list[JudgedDraft]) -> float:
    found = auroc(probabilities(acceptance, drafts), accepted_of(drafts))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def learnt() -> Acceptance:
    """From 300 finished drafts."""
    return fit_acceptance(project(300))


def test_300_finished_drafts_make_probabilities_true(learnt: Acceptance) -> None:
    others = project(4000, seed=1)
    bins = calibration_bins(probabilities(learnt, others), accepted_of(others))
    assert calibration_error(bins) <= 0.05
    by_prior = calibration_bins(probabilities(PRIOR, others), accepted_of(others))
    assert calibration_error(by_prior) > 0.15  # there was something to learn


def test_signals_that_tell_more_count_more(learnt: Acceptance) -> None:
    others = project(4000, seed=1)
    assert auroc_of(learnt, others) > auroc_of(PRIOR, others) + 0.01


def test_signals_beyond_all_that_it_learnt_from_move_nothing_further(learnt: Acceptance) -> None:
    assert learnt.calibrator is not None
    held = {
        name: (logistic(weight.lowest), logistic(weight.highest))
        for name, weight in learnt.calibrator.signals.items()
    }
    assert all(0.0 < low < high < 1.0 for low, high in held.values())
    for weight in learnt.calibrator.signals.values():
        assert weight.adds(1.0) == pytest.approx(weight.adds(logistic(weight.highest)))


def test_what_is_told_of_it_holds_for_drafts_it_has_not_seen(learnt: Acceptance) -> None:
    told = learnt.reliability
    assert told is not None and told is learnt.of_calibrator
    assert told.auroc is not None and told.auroc_low is not None and told.auroc_high is not None
    assert told.auroc_low < auroc_of(learnt, project(4000, seed=1)) < told.auroc_high
    assert told.n == learnt.judged == 300
    assert told.edit_correlation is not None and told.edit_correlation > 0.2
    assert sum(each.n for each in told.bins) == 300


def test_it_comes_back_from_json_as_it_was(learnt: Acceptance) -> None:
    again = Acceptance.from_json(learnt.to_json())
    assert again == learnt
    signals = project(1, seed=2)[0].signals
    assert again is not None and again.probability(signals) == learnt.probability(signals)


@pytest.mark.parametrize("held", [None, {}, [], {"format": 99}, {"format": 1, "calibrator": 3}])
def test_what_another_version_wrote_is_learnt_again(held: object) -> None:
    assert Acceptance.from_json(held) is None


def test_the_same_work_gives_the_same_result() -> None:
    assert fit_acceptance(project(60)) == fit_acceptance(project(60))


def test_few_drafts_leave_the_prior_in_use_and_it_says_why() -> None:
    found = fit_acceptance(project(LEAST_JUDGED - 1))
    assert found.calibrator is None
    assert found.why == "49 drafts are finished, 50 are needed to learn from"
    assert found.reliability is not None and found.reliability.n == LEAST_JUDGED - 1
    assert fit_acceptance([]) == replace(PRIOR, why="no finished draft has signals yet")


def test_experts_who_accept_all_but_a_few_teach_nothing_yet() -> None:
    drafts = [replace(draft, accepted=i >= 9) for i, draft in enumerate(project(200))]
    found = fit_acceptance(drafts)
    assert found.calibrator is None
    assert f"191 were accepted unchanged; {LEAST_OF_A_KIND} of each kind" in found.why


def test_where_signals_tell_the_truth_already_the_prior_stays() -> None:
    rng = np.random.default_rng(0)
    drafts = [JudgedDraft({"agreement": p}, bool(rng.random() < p)) for p in rng.random(150)]
    found = fit_acceptance(drafts)
    assert found.calibrator is None
    assert found.why == "what was learnt foretells held-back work no better than the prior"
    assert found.of_calibrator is not None and found.reliability is found.of_prior


def test_acceptance_by_chance_leaves_no_order_to_rely_on() -> None:
    rng = np.random.default_rng(0)
    found = fit_acceptance([replace(d, accepted=bool(rng.random() < 0.5)) for d in project(120)])
    told = found.reliability
    assert told is not None and told.auroc_low is not None and told.auroc_high is not None
    assert told.auroc_low < 0.5 < told.auroc_high


def test_copies_of_a_few_drafts_are_no_evidence() -> None:
    few = [replace(d, text=f"How do I {i * 'really '}pay?") for i, d in enumerate(project(12))]
    found = fit_acceptance(list(itertools.islice(itertools.cycle(few), 120)))
    assert found.calibrator is None
    assert "near-duplicates" in found.why


def test_a_signal_that_few_drafts_have_is_left_out() -> None:
    drafts = project(150)
    told = [{**d.signals, "self_judgement": 0.5 + 0.4 * d.accepted} for d in drafts[:10]]
    with_it = [replace(d, signals=each) for d, each in zip(drafts, told, strict=False)]
    found = fit_acceptance([*with_it, *drafts[10:]])
    assert found.calibrator is not None
    assert "self_judgement" not in found.calibrator.signals


def test_drafts_without_signals_are_passed_over() -> None:
    without = [JudgedDraft({}, accepted=True)] * 20
    assert fit_acceptance(without).judged == 0
    assert fit_acceptance([*without, *project(60)]).judged == 60


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(20))
def test_any_project_s_probabilities_are_true_after_300(seed: int) -> None:
    found = fit_acceptance(project(300, seed=100 + seed, base=-1.5 + seed / 10))
    others = project(4000, seed=200 + seed, base=-1.5 + seed / 10)
    bins = calibration_bins(probabilities(found, others), accepted_of(others))
    assert calibration_error(bins) <= 0.06


@pytest.mark.thorough
def test_of_much_work_the_newest_counts() -> None:
    old = [replace(draft, accepted=not draft.accepted) for draft in project(2000, seed=3)]
    found = fit_acceptance([*old, *project(MOST_JUDGED)])
    assert found.judged == MOST_JUDGED
    assert found == fit_acceptance(project(MOST_JUDGED))
