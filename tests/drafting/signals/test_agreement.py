"""How much samples say the same, as whole texts."""

import math

import pytest

from drafting.signals.agreement import agreement
from drafting.signals.evidence import Evidence, SampledAnswer, Vectors
from label_configs.content import ToolCall
from tests.ml_backend.fakes import FakeEncoder

COS45 = math.sqrt(0.5)
VECTORS = {"yes": (1.0, 0.0), "no": (0.0, 1.0), "maybe": (COS45, COS45), "not": (-1.0, 0.0)}


def of(*answers: SampledAnswer, brought: bool = False) -> float | None:
    return agreement(Evidence(answers, Vectors(lambda: FakeEncoder(VECTORS)), brought=brought))


def test_it_is_the_mean_of_all_pairs() -> None:
    found = of(*map(SampledAnswer, ("maybe", "yes", "no")))
    assert found == pytest.approx((COS45 + COS45 + 0) / 3)


def test_a_brought_draft_is_compared_with_each_sample() -> None:
    found = of(*map(SampledAnswer, ("yes", "maybe", "no")), brought=True)
    assert found == pytest.approx((COS45 + 0) / 2)


def test_opposites_agree_by_nothing() -> None:
    assert of(SampledAnswer("yes"), SampledAnswer("not")) == 0.0


def test_one_answer_agrees_with_nobody() -> None:
    assert of(SampledAnswer("yes")) is None


def test_calls_are_compared_by_what_they_do() -> None:
    block = ToolCall("block", '{"card": 1}')
    same, other = (
        SampledAnswer("", calls=(call,)) for call in (block, ToolCall("block", '{"card": 2}'))
    )
    assert of(same, same) == 1.0
    assert of(same, other) == pytest.approx(1 / 2)
    assert of(same, SampledAnswer("yes")) == 0.0
