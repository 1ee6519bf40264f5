"""Paying: what is cached is free, the budget holds to the last reply, and all of it is counted."""

from datetime import UTC, datetime
from typing import Any

import pytest
from huey.api import Huey

from connectors.errors import LLMError, LLMUnavailable
from connectors.llm_replies import Reply, Sample, Usage
from drafting.project_settings import LLMSettings, Price
from ml_backend.drafts import paid_sampler
from ml_backend.drafts.paid_sampler import (
    BudgetReachedError,
    PaidSampler,
    cost_micros,
    reached_budget,
)
from ml_backend.store import figures as figures_module
from ml_backend.store.figures import Figures
from ml_backend.store.replies import Replies
from tests.ml_backend.fakes import FakeSampler

ASKED = [{"role": "user", "content": "Why?"}]
TWO = [Sample("yes", (-0.1,)), Sample("no")]
# a call of the fake: 10 tokens of prompt and 2 of each sample, so 14 for two of them
PRICES = {"m": Price(input=1_000.0, output=250.0)}
COST = 10 * 1_000 + 4 * 250  # in millionths


@pytest.fixture
def figures(queue: Huey) -> Figures:
    return Figures(queue)


@pytest.fixture
def replies(queue: Huey) -> Replies:
    return Replies.beside(queue)


def sampler(
    model: FakeSampler, replies: Replies, figures: Figures, project_id: int = 1, **llm: Any
) -> PaidSampler:
    return PaidSampler(model, replies, figures, project_id, LLMSettings(**llm))


def ask(paid: PaidSampler, **more: Any) -> Reply:
    return paid.sample(ASKED, **{"model": "m", "n": 2, **more})


# --- the cache


def test_the_same_request_is_paid_once(figures: Figures, replies: Replies) -> None:
    model = FakeSampler(TWO)
    first = ask(sampler(model, replies, figures))
    again = ask(sampler(model, replies, figures))
    assert [sample.text for sample in first.samples] == ["yes", "no"]
    assert again == first
    assert len(model.history) == 1
    assert (figures.get("calls", 1), figures.get("cached", 1)) == (1, 1)


@pytest.mark.parametrize(
    "other",
    [{"model": "other"}, {"schema": {"type": "object"}}, {"attempt": 1}],
)
def test_another_request_is_another_call(
    figures: Figures, replies: Replies, other: dict[str, Any]
) -> None:
    model = FakeSampler(otherwise=TWO)
    paid = sampler(model, replies, figures)
    ask(paid)
    ask(paid, **other)
    assert len(model.history) == 2
    assert figures.get("cached", 1) == 0


def test_more_replies_of_a_request_cost_only_the_rest(figures: Figures, replies: Replies) -> None:
    """One in a first pass, the others in a second; what was drawn comes first."""
    texts = [Sample("a"), Sample("b"), Sample("c"), Sample("d")]
    model = FakeSampler(texts[:1], texts[1:])
    paid = sampler(model, replies, figures, prices=PRICES)
    assert [s.text for s in ask(paid, n=1).samples] == ["a"]
    assert [s.text for s in ask(paid, n=4).samples] == ["a", "b", "c", "d"]
    assert [asked["n"] for asked in model.history] == [1, 3]
    assert figures.get("cost_micros", 1) == 2 * 10 * 1_000 + 4 * 2 * 250
    assert [s.text for s in ask(paid, n=2).samples] == ["a", "b"]
    assert len(model.history) == 2


@pytest.mark.parametrize("setting", [{"temperature": 0.1}, {"max_tokens": 77}])
def test_other_settings_are_another_call(
    figures: Figures, replies: Replies, setting: dict[str, Any]
) -> None:
    model = FakeSampler(otherwise=TWO)
    ask(sampler(model, replies, figures))
    ask(sampler(model, replies, figures, **setting))
    assert len(model.history) == 2


def test_settings_reach_the_model_and_the_attempt_does_not(
    figures: Figures, replies: Replies
) -> None:
    model = FakeSampler(TWO)
    ask(sampler(model, replies, figures, temperature=0.3, max_tokens=77), attempt=1)
    assert model.history == [
        {
            "messages": ASKED,
            "model": "m",
            "n": 2,
            "temperature": 0.3,
            "max_tokens": 77,
            "schema": None,
        }
    ]


def test_a_failure_is_not_cached(figures: Figures, replies: Replies) -> None:
    model = FakeSampler(LLMUnavailable("down"), TWO)
    paid = sampler(model, replies, figures, prices=PRICES)
    with pytest.raises(LLMUnavailable):
        ask(paid)
    assert figures.get("cost_micros", 1) == 0
    assert len(ask(paid).samples) == 2


def test_what_came_before_a_failure_is_kept_and_not_paid_again(
    figures: Figures, replies: Replies
) -> None:
    """A server that gives one sample a call fails at the second."""
    failure = LLMError("down")
    failure.paid = Reply((Sample("yes"),), Usage(10, 2), 1)
    model = FakeSampler(failure, [Sample("no")])
    paid = sampler(model, replies, figures, prices=PRICES)
    with pytest.raises(LLMError):
        ask(paid)
    assert figures.get("cost_micros", 1) == 10 * 1_000 + 2 * 250
    assert [sample.text for sample in ask(paid).samples] == ["yes", "no"]
    assert [asked["n"] for asked in model.history] == [2, 1]
    ask(paid)
    assert len(model.history) == 2
    assert (figures.get("calls", 1), figures.get("cached", 1)) == (2, 1)


# --- counting


def test_tokens_and_money_are_counted_for_the_project(figures: Figures, replies: Replies) -> None:
    paid = sampler(FakeSampler(otherwise=TWO), replies, figures, project_id=7, prices=PRICES)
    ask(paid)
    ask(paid, attempt=1)
    counted = figures.of(7)
    assert counted["prompt_tokens"] == 20
    assert counted["completion_tokens"] == 8
    assert counted["calls"] == 2
    assert counted["cost_micros"] == 2 * COST
    assert figures.of(7, figures_module.today()) == counted
    assert figures.get("cost_micros", 1) == 0


def test_a_model_without_price_costs_nothing(figures: Figures, replies: Replies) -> None:
    paid = sampler(FakeSampler(otherwise=TWO), replies, figures, prices=PRICES, budget=0.001)
    for attempt in range(3):
        ask(paid, model="local", attempt=attempt)
    assert figures.get("cost_micros", 1) == 0
    assert figures.get("calls", 1) == 3


def test_a_cost_is_tokens_by_price() -> None:
    """150 tokens at 3 a million and 50 at 15: 0.00045 + 0.00075 = 0.0012."""
    llm = LLMSettings(prices={"m": Price(input=3.0, output=15.0)})
    assert cost_micros(150, 50, llm, "m") == 1200
    assert cost_micros(150, 50, llm, "other") == 0


# --- the budget


def test_at_the_budget_nothing_more_is_paid_and_the_cache_still_serves(
    figures: Figures, replies: Replies
) -> None:
    model = FakeSampler(otherwise=TWO)
    paid = sampler(model, replies, figures, prices=PRICES, budget=2 * COST / paid_sampler.MICROS)
    ask(paid)
    ask(paid, attempt=1)
    expected = r"^llm\.budget of 0\.022 is spent \(0\.02\); raise it in labeltune\.toml and push$"
    with pytest.raises(BudgetReachedError, match=expected):
        ask(paid, attempt=2)
    assert len(model.history) == 2
    assert len(ask(paid).samples) == 2
    # a higher one, or none at all, goes on
    ask(sampler(model, replies, figures, prices=PRICES, budget=1.0), attempt=2)
    ask(sampler(model, replies, figures, prices=PRICES), attempt=3)
    assert len(model.history) == 4


def test_a_budget_is_one_project_s(figures: Figures, replies: Replies) -> None:
    model = FakeSampler(otherwise=TWO)
    llm = {"prices": PRICES, "budget": COST / paid_sampler.MICROS}
    ask(sampler(model, replies, figures, 1, **llm))
    ask(sampler(model, replies, figures, 2, **llm), attempt=1)
    for project_id in (1, 2):
        with pytest.raises(BudgetReachedError):
            ask(sampler(model, replies, figures, project_id, **llm), attempt=2)


def test_a_budget_of_nothing_pays_nothing(figures: Figures, replies: Replies) -> None:
    with pytest.raises(BudgetReachedError):
        ask(sampler(FakeSampler(), replies, figures, budget=0.0))


def test_a_daily_budget_starts_anew_at_midnight_utc(
    figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_day(day: str) -> None:
        for module in (figures_module, paid_sampler):
            monkeypatch.setattr(module, "today", lambda: day)

    llm = LLMSettings(daily_budget=1.0)
    is_day("2026-11-22")
    figures.add("cost_micros", 1, 999_999)
    assert reached_budget(figures, 1, llm) is None
    figures.add("cost_micros", 1, 1)
    said = "llm.daily_budget of 1 is spent (1.00); it starts anew at midnight UTC"
    assert reached_budget(figures, 1, llm) == said
    is_day("2026-11-23")
    assert reached_budget(figures, 1, llm) is None
    # the whole project's budget counts all days
    both = LLMSettings(budget=1.0, daily_budget=1.0)
    assert str(reached_budget(figures, 1, both)).startswith("llm.budget of 1 is spent")


def test_today_is_a_day_of_utc() -> None:
    before = datetime.now(UTC).date().isoformat()
    assert before <= figures_module.today() <= datetime.now(UTC).date().isoformat()
