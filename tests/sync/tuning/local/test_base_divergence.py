"""How far a model has moved from its base, on distributions that can be counted by hand."""

import math
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from sync.tuning.local.base_divergence import BaseDivergence, divergence

NO_WORDS: Any = None  # a tokenizer that would fail if it were asked


def logs(*tokens: list[float]) -> torch.Tensor:
    return torch.tensor([tokens]).log()


def test_it_is_counted_from_the_base() -> None:
    base, tuned = logs([0.5, 0.5], [0.9, 0.1]), logs([0.25, 0.75], [0.9, 0.1])
    of_first = 0.5 * math.log(0.5 / 0.25) + 0.5 * math.log(0.5 / 0.75)
    assert float(divergence(base, tuned)) == pytest.approx(of_first / 2, rel=1e-5)
    assert float(divergence(base, base)) == pytest.approx(0, abs=1e-6)


def test_what_the_base_never_says_costs_nothing_more_than_what_it_takes_away() -> None:
    base, tuned = logs([1.0, 0.0]), logs([0.5, 0.5])
    assert float(divergence(base, tuned)) == pytest.approx(math.log(2), rel=1e-5)


def test_conversations_are_taken_in_turn() -> None:
    asked: list[list[int]] = []

    class Model:
        device = "cpu"

        def disable_adapter(self) -> torch.no_grad:
            return torch.no_grad()

        def __call__(self, input_ids: torch.Tensor) -> SimpleNamespace:
            asked.append(input_ids[0].tolist())
            return SimpleNamespace(logits=torch.zeros(1, input_ids.shape[1], 4))

    model = Model()
    held = BaseDivergence(((1, 2, 3), (4,)), 2.0)
    found = [float(held.at(step, model, model)) for step in (0, 1, 2)]
    assert found == pytest.approx([0, 0, 0], abs=1e-6)
    assert asked == [[1, 2, 3]] * 2 + [[4]] * 2 + [[1, 2, 3]] * 2


def test_nothing_holds_where_there_are_no_conversations() -> None:
    assert BaseDivergence.on([], NO_WORDS, 2.0) is None
