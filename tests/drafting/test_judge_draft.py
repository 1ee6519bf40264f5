"""What the model says when it is asked whether its draft is right."""

import math
from typing import Any

import pytest

import label_configs
from connectors.llm_replies import Sample
from drafting.draft_task import draft_task
from drafting.judge_draft import judged, judgement_of
from drafting.project_settings import LLMSettings
from tests.ml_backend.fakes import FakeEncoder, FakeSampler, conversation

MOST = math.log(0.8)
VECTORS = {"yes": (1.0, 0.0), "no": (0.0, 1.0)}
PROMPT = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hello?"}]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Sample("Yes", (MOST,)), 0.8),
        (Sample("No.", (MOST, -5.0)), 0.2),
        (Sample("**Ja**", (0.0,)), 1.0),
        (Sample("是的。"), 2 / 3),
        (Sample("no"), 1 / 3),
        (Sample("<think>It may be wrong. No?</think>\nYes", (MOST,)), 0.8),
        (Sample("Maybe", (MOST,)), None),
        (Sample("The answer is right.", (MOST,)), None),
        (Sample(""), None),
    ],
)
def test_the_probability_of_yes(said: Sample, expected: float | None) -> None:
    assert judgement_of(said) == (expected if expected is None else pytest.approx(expected))


def test_it_is_asked_after_the_prompt_of_the_draft_and_the_draft() -> None:
    sampler = FakeSampler([Sample("Yes", (MOST,))])
    assert judged(PROMPT, "Hello!", sampler, "m") == pytest.approx(0.8)
    asked: Any = sampler.history[0]["messages"]
    assert asked[:2] == PROMPT
    assert asked[2] == {"role": "assistant", "content": "Hello!"}
    assert asked[3]["content"].endswith("Reply with one word: yes or no.")


def test_the_chosen_draft_is_judged_and_a_pair_is_not() -> None:
    heard: list[str] = []

    def judge(answer: str) -> float:
        heard.append(answer)
        return 0.25

    said = [Sample("yes", (MOST,)), Sample("no", (MOST,)), Sample("yes", (MOST,))]
    for name, expected in (("chat_response", ["yes"]), ("preference", ["yes"])):
        made = draft_task(
            label_configs.load(name),
            conversation(),
            LLMSettings(samples=3),
            FakeSampler(said),
            lambda: FakeEncoder(VECTORS),
            judge=judge,
        )
        assert made.signals.get("self_judgement") == (0.25 if name == "chat_response" else None)
        assert heard == expected
