"""One task's draft: which sample is chosen, and how sure we are of it."""

import json
import math
from typing import Any

import pytest

import label_configs
from connectors.errors import LLMError
from connectors.llm import Sample
from label_configs import LabelConfigError, ReplyError
from label_configs.chat_response import ChatResponse
from label_configs.reasoning_steps import ReasoningSteps, Step
from ml_backend.drafting import Draft, draft_task
from ml_backend.settings import LLMSettings
from tests.ml_backend.fakes import FakeEncoder, FakeSampler, conversation

chat = label_configs.load("chat_response")
steps = label_configs.load("reasoning_steps")

# "yes" and "no" at right angles, "maybe" between them: 45° from each
VECTORS = {"yes": (1.0, 0.0), "no": (0.0, 1.0), "maybe": (math.sqrt(0.5), math.sqrt(0.5))}
COS45 = math.sqrt(0.5)
HALF = math.log(0.5)


def draft(sampler: FakeSampler, interface: Any = chat, **settings: Any) -> Draft:
    return draft_task(
        interface, conversation(), LLMSettings(**settings), sampler, FakeEncoder(VECTORS)
    )


def test_the_central_draft_is_chosen_and_scored() -> None:
    """Agreement (0 + cos 45° + cos 45°) / 3; confidence of the chosen one: 1/2."""
    made = draft(
        FakeSampler([Sample("yes", (0.0,)), Sample("no", (0.0,)), Sample("maybe", (HALF, HALF))])
    )
    assert made.record == ChatResponse("maybe")
    assert made.confidence == pytest.approx(0.5)
    assert made.agreement == pytest.approx(2 * COS45 / 3)
    assert made.score == pytest.approx(math.sqrt(0.5 * 2 * COS45 / 3))


def test_samples_that_agree_score_above_samples_that_differ() -> None:
    same = draft(FakeSampler([Sample("yes", (HALF,))] * 3))
    differing = draft(
        FakeSampler([Sample("yes", (HALF,)), Sample("yes", (HALF,)), Sample("no", (HALF,))])
    )
    assert differing.score < same.score


def test_replies_that_do_not_fit_are_left_out_and_lower_the_score() -> None:
    """Three of four fit, and agree: agreement 3/4."""
    yes = [Sample("yes", (HALF,))] * 3
    made = draft(FakeSampler([*yes, Sample("  ", (0.0,))]))
    assert made.record == ChatResponse("yes")
    assert made.agreement == pytest.approx(0.75)
    assert made.score < draft(FakeSampler([*yes, Sample("yes", (HALF,))])).score


def test_one_fitting_reply_of_four() -> None:
    made = draft(FakeSampler([Sample(""), Sample("yes"), Sample(" "), Sample("\n")]))
    assert made.record == ChatResponse("yes")
    assert (made.agreement, made.confidence, made.score) == (0.25, None, 0.25)


def test_steps_are_compared_by_their_answer() -> None:
    def reply(answer: str, text: str) -> Sample:
        drafted = {"steps": [{"text": text, "kind": "observation"}], "answer": answer}
        return Sample(json.dumps(drafted), (HALF,))

    sampler = FakeSampler([reply("yes", "a"), reply("yes", "b"), Sample("not JSON")])
    made = draft(sampler, steps)
    assert made.record == ReasoningSteps(steps=(Step("a", "observation"),), answer="yes")
    assert made.agreement == pytest.approx(2 / 3)
    assert sampler.history[0]["schema"] == steps.reply_schema


def test_a_draft_that_the_task_brings_along_is_scored_by_the_models_replies() -> None:
    """The conversation ends with "yes"; the model says "yes", "no" and something blank."""
    turns = label_configs.load("multi_turn")
    data = conversation()
    data["messages"] = [*data["messages"], {"role": "assistant", "content": "yes"}]
    sampler = FakeSampler([Sample("yes", (HALF,)), Sample("no", (HALF,)), Sample(" ", (HALF,))])
    made = draft_task(turns, data, LLMSettings(), sampler, FakeEncoder(VECTORS))
    assert made.record == turns.own_draft(data)
    assert made.agreement == made.score == pytest.approx(2 / 3 * (1 + 0) / 2)
    assert made.confidence is None
    assert sampler.history[0]["messages"][-1]["role"] == "user"


def test_a_pair_is_made_of_the_central_and_the_most_distant_sample() -> None:
    preference = label_configs.load("preference")
    sampler = FakeSampler([Sample("yes"), Sample("yes"), Sample("no"), Sample("maybe")])
    record = draft(sampler, preference).record
    assert {record.left, record.right} == {"maybe", "no"}


def test_samples_that_are_all_alike_make_no_pair() -> None:
    with pytest.raises(ReplyError, match="nothing to compare"):
        draft(FakeSampler([Sample("yes"), Sample(" yes ")]), label_configs.load("preference"))


def test_none_fits() -> None:
    with pytest.raises(ReplyError, match=r"^none of 2 replies fits chat_response$"):
        draft(FakeSampler([Sample(""), Sample(" ")]))


def test_none_fits_since_they_were_cut_off() -> None:
    with pytest.raises(ReplyError, match=r"some were cut at llm\.max_tokens, raise it"):
        draft(FakeSampler([Sample('{"steps": [', truncated=True), Sample("")]), steps)


def test_one_sample_without_logprobs_can_t_be_scored() -> None:
    with pytest.raises(ValueError, match=r"no logprobs and llm\.samples is 1"):
        draft(FakeSampler([Sample("yes")]), samples=1)


def test_one_sample_with_logprobs() -> None:
    made = draft(FakeSampler([Sample("yes", (HALF,))]), samples=1)
    assert (made.agreement, made.confidence) == (None, pytest.approx(0.5))
    assert made.score == made.confidence


def test_settings_reach_the_model() -> None:
    sampler = FakeSampler([Sample("yes"), Sample("yes")])
    draft(sampler, model="m", samples=2, temperature=0.3, max_tokens=77)
    asked = sampler.history[0]
    assert asked["messages"][-1] == {"role": "user", "content": "My card was declined."}
    del asked["messages"]
    assert asked == {"model": "m", "n": 2, "temperature": 0.3, "max_tokens": 77, "schema": None}


def test_a_model_failure_is_passed_on() -> None:
    with pytest.raises(LLMError, match="down"):
        draft(FakeSampler(LLMError("down")))


@pytest.mark.parametrize("data", [{}, {"messages": []}, {"messages": [{"role": "user"}]}])
def test_a_task_without_conversation_costs_no_tokens(data: dict[str, Any]) -> None:
    sampler = FakeSampler()
    with pytest.raises(LabelConfigError):
        draft_task(chat, data, LLMSettings(), sampler, FakeEncoder(VECTORS))
    assert sampler.history == []
