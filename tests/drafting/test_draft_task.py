"""One task's draft: which sample is chosen, and how sure we are of it."""

import itertools
import json
import math
from typing import Any

import pytest

import label_configs
from connectors.errors import LLMError, PicturesRefused
from connectors.llm_replies import Sample
from drafting.acceptance.prior import prior_probability
from drafting.draft_task import Draft, draft_task, first_draft
from drafting.more_samples import deserves_more
from drafting.project_settings import LLMSettings
from label_configs import LabelConfigError, ReplyError
from label_configs.chat_response import ChatResponse
from label_configs.reasoning_steps import ReasoningSteps, Step
from tests.ml_backend.fakes import FakeEncoder, FakeSampler, conversation

chat = label_configs.load("chat_response")
steps = label_configs.load("reasoning_steps")

# "yes" and "no" at right angles, "maybe" between them: 45° from each
VECTORS = {"yes": (1.0, 0.0), "no": (0.0, 1.0), "maybe": (math.sqrt(0.5), math.sqrt(0.5))}
# the same of words that decide nothing
VECTORS |= {"red": VECTORS["yes"], "blue": VECTORS["no"], "violet": VECTORS["maybe"]}
VECTORS |= {f"So 12 * 8 = {wrong}.": VECTORS["yes"] for wrong in (97, 98)}
COS45 = math.sqrt(0.5)
HALF = math.log(0.5)


def draft(sampler: FakeSampler, interface: Any = chat, **settings: Any) -> Draft:
    return draft_task(
        interface, conversation(), LLMSettings(**settings), sampler, lambda: FakeEncoder(VECTORS)
    )


def test_the_central_draft_is_chosen_and_scored() -> None:
    """Agreement (0 + cos 45° + cos 45°) / 3; confidence of the chosen one: 1/2."""
    made = draft(
        FakeSampler([Sample("yes", (0.0,)), Sample("no", (0.0,)), Sample("maybe", (HALF, HALF))])
    )
    assert made.record == ChatResponse("maybe")
    assert made.confidence == pytest.approx(0.5)
    assert made.agreement == pytest.approx(2 * COS45 / 3)
    assert made.score == prior_probability(made.signals)


@pytest.mark.parametrize("order", [*itertools.permutations(("It is 7.", "It is 5.", "So 5."))])
def test_the_draft_comes_to_what_most_samples_come_to(order: tuple[str, ...]) -> None:
    """In its words, the one that comes to something else is as typical."""
    vectors = {"It is 5.": (1.0, 0.0), "It is 7.": (1.0, 0.0), "So 5.": (COS45, COS45)}
    sampler = FakeSampler([Sample(text, (HALF,)) for text in order])
    made = draft_task(chat, conversation(), LLMSettings(), sampler, lambda: FakeEncoder(vectors))
    assert made.record == ChatResponse("It is 5.")


@pytest.mark.parametrize("order", [*itertools.permutations(("12 * 8 = 98", "So 98.", "So 96."))])
def test_an_answer_that_calculates_wrongly_is_no_draft_and_no_vote(order: tuple[str, ...]) -> None:
    """`So 98.` is as near to the wrong calculation as `So 96.` is to nothing."""
    vectors = {"12 * 8 = 98": (1.0, 0.0), "So 98.": (COS45, COS45), "So 96.": (0.0, 1.0)}
    sampler = FakeSampler([Sample(text, (HALF,)) for text in order])
    made = draft_task(chat, conversation(), LLMSettings(), sampler, lambda: FakeEncoder(vectors))
    assert made.record != ChatResponse("12 * 8 = 98")
    assert "text_checks" not in made.signals


def test_where_all_calculate_wrongly_the_draft_comes_first_in_the_queue() -> None:
    said = [Sample(f"So 12 * 8 = {wrong}.", (0.0,)) for wrong in (97, 98, 98)]
    made = draft(FakeSampler(said))
    assert made.record == ChatResponse("So 12 * 8 = 98.")
    assert made.signals["text_checks"] == 0.1
    assert made.score < 0.1


def test_of_those_that_come_to_the_same_the_most_typical_is_the_draft() -> None:
    """Their last sentences are alike; the way there is not."""
    end = "So after all that has been said, and with nothing left out of it, it comes to 5 in all."
    ways = {f"{way}\n{end}": VECTORS[way] for way in ("red", "blue", "violet")}
    sampler = FakeSampler([Sample(text, (HALF,)) for text in ways])
    encoder = FakeEncoder({**VECTORS, **ways, end: (1.0, 0.0)})
    made = draft_task(chat, conversation(), LLMSettings(), sampler, lambda: encoder)
    assert made.record.response.startswith("violet")


def test_samples_that_agree_score_above_samples_that_differ() -> None:
    same = draft(FakeSampler([Sample("yes", (HALF,))] * 3))
    differing = draft(
        FakeSampler([Sample("yes", (HALF,)), Sample("yes", (HALF,)), Sample("no", (HALF,))])
    )
    assert differing.score < same.score


def test_replies_that_do_not_fit_are_left_out_and_lower_the_score() -> None:
    """Four of five fit, and agree: agreement 4/5."""
    yes = [Sample("yes", (HALF,))] * 3
    made = draft(FakeSampler([*yes, Sample("  ", (0.0,))], [Sample("yes", (HALF,))]))
    assert made.record == ChatResponse("yes")
    assert made.agreement == pytest.approx(0.8)
    assert made.score < draft(FakeSampler([*yes, Sample("yes", (HALF,))])).score


def test_one_fitting_reply_of_many() -> None:
    blank = [Sample(""), Sample(" "), Sample("\n")]
    made = draft(FakeSampler([*blank, Sample("yes")], blank))
    assert made.record == ChatResponse("yes")
    assert made.agreement == made.score == pytest.approx(1 / 7)
    assert made.confidence is None


def test_a_reply_that_was_cut_comes_before_a_whole_one() -> None:
    """None of one reply is whole: by the rule of succession the next one is with 1/3."""
    cut = draft(FakeSampler([Sample("yes", (HALF,), truncated=True)]), samples=1)
    assert cut.record == ChatResponse("yes")
    assert cut.score == pytest.approx(0.5 / 3)
    assert cut.score < draft(FakeSampler([Sample("yes", (HALF,))]), samples=1).score


def test_cut_replies_keep_an_order_among_themselves() -> None:
    sure, unsure = (
        draft(FakeSampler([Sample("yes", (logprob,), truncated=True)]), samples=1)
        for logprob in (HALF, 2 * HALF)
    )
    assert 0 < unsure.score < sure.score


def test_a_second_try_lowers_the_score() -> None:
    """One of two replies fits, with a token probability of 1/2."""
    made = draft(FakeSampler([Sample("")], [Sample("yes", (HALF,))]), samples=1)
    assert made.score == pytest.approx(0.5 * 0.5)


def test_one_reply_needs_no_embedding_model() -> None:
    def no_encoder() -> FakeEncoder:
        raise AssertionError("nothing to compare")

    sampler = FakeSampler([Sample("yes", (HALF,))])
    made = draft_task(chat, conversation(), LLMSettings(samples=1), sampler, no_encoder)
    assert made.record == ChatResponse("yes")


def test_steps_are_compared_by_their_answer() -> None:
    def reply(answer: str, text: str) -> Sample:
        drafted = {"steps": [{"text": text, "kind": "observation"}], "answer": answer}
        return Sample(json.dumps(drafted), (HALF,))

    sampler = FakeSampler(
        [reply("yes", "a"), reply("yes", "b"), Sample("not JSON")], [reply("no", "c")]
    )
    made = draft(sampler, steps, samples=3)
    assert made.record == ReasoningSteps(steps=(Step("a", "observation"),), answer="yes")
    assert made.agreement == pytest.approx(3 / 4 * (1 + 0 + 0) / 3)
    assert sampler.history[0]["schema"] == steps.reply_schema


def test_a_draft_that_the_task_brings_along_is_scored_by_the_models_replies() -> None:
    """The conversation ends with "yes"; the model says "yes", "no" and, twice, nothing."""
    turns = label_configs.load("multi_turn")
    data = conversation()
    data["messages"] = [*data["messages"], {"role": "assistant", "content": "yes"}]
    blank = Sample(" ", (HALF,))
    sampler = FakeSampler([Sample("yes", (HALF,)), Sample("no", (HALF,)), blank], [blank])
    settings = LLMSettings(samples=3)
    made = draft_task(turns, data, settings, sampler, lambda: FakeEncoder(VECTORS))
    assert made.record == turns.own_draft(data)
    assert made.agreement == pytest.approx(2 / 4 * (1 + 0) / 2)
    assert made.score == prior_probability(made.signals) <= 2 / 4
    assert made.confidence is None
    assert sampler.history[0]["messages"][-1]["role"] == "user"


def test_a_draft_with_a_score_of_its_own_asks_no_model() -> None:
    agent = label_configs.load("agent_steps")
    data = {**agent.example, "success": 0.25}
    sampler, settings = FakeSampler(), LLMSettings(samples=3)
    for make in (draft_task, first_draft):
        made = make(agent, data, settings, sampler, lambda: pytest.fail("nothing to compare"))
        assert made == Draft(agent.own_draft(data), 0.25, None, None, drawn=3)
        assert not deserves_more(made.score, made.drawn, settings.samples)
    assert sampler.history == []


BROUGHT = {**conversation(), "labeltune_draft": "maybe"}


def test_an_answer_of_the_source_is_the_draft_and_the_model_only_scores_it() -> None:
    sampler = FakeSampler([Sample("yes", (HALF,)), Sample("no", (HALF,))])
    settings = LLMSettings(samples=2)
    made = draft_task(chat, BROUGHT, settings, sampler, lambda: FakeEncoder(VECTORS))
    assert made.record == ChatResponse("maybe")
    assert made.agreement == pytest.approx(COS45)
    assert made.score == prior_probability(made.signals)
    asked = json.dumps(sampler.history[0]["messages"])
    assert "maybe" not in asked


def test_an_answer_of_the_source_is_shown_even_where_no_reply_fits() -> None:
    """None of the model's replies fits, so nothing speaks for it: an expert should look first."""
    blank = Sample(" ", (HALF,))
    settings = LLMSettings(samples=1)
    sampler = FakeSampler([blank], [blank])
    made = draft_task(chat, BROUGHT, settings, sampler, lambda: FakeEncoder(VECTORS))
    assert (made.record, made.score) == (ChatResponse("maybe"), 0.0)


def test_an_answer_of_the_source_is_shown_even_where_the_model_sees_no_pictures() -> None:
    refused = PicturesRefused("sees no pictures")
    made = draft_task(chat, BROUGHT, LLMSettings(), FakeSampler(refused), lambda: FakeEncoder({}))
    assert (made.record, made.score) == (ChatResponse("maybe"), 0.0)
    with pytest.raises(PicturesRefused):
        draft(FakeSampler(refused))


def test_another_answer_of_the_source_is_another_draft() -> None:
    other = {**BROUGHT, "labeltune_draft": "no"}
    assert chat.inputs(BROUGHT) != chat.inputs(other) != chat.inputs(conversation())
    # where a draft is no single text, the field says nothing
    assert steps.own_draft(BROUGHT) is None
    assert steps.inputs(BROUGHT) == steps.inputs(conversation())


def test_a_pair_is_made_of_the_central_and_the_most_distant_sample() -> None:
    preference = label_configs.load("preference")
    sampler = FakeSampler([Sample("yes"), Sample("yes"), Sample("no"), Sample("maybe")])
    record = draft(sampler, preference).record
    assert {record.left, record.right} == {"yes", "no"}


def test_samples_that_are_all_alike_make_no_pair() -> None:
    with pytest.raises(ReplyError, match="nothing to compare"):
        draft(FakeSampler([Sample("yes"), Sample(" yes ")]), label_configs.load("preference"))


def test_a_pair_is_made_of_two_models_where_two_draft() -> None:
    """The central sample, and the most typical one of the other model: not the most distant."""
    preference = label_configs.load("preference")
    sampler = FakeSampler(
        [Sample("red"), Sample("red"), Sample("blue")], [Sample("violet"), Sample("blue")]
    )
    record = draft(sampler, preference, model="a", more_models=("b",), samples=5).record
    assert dict(zip((record.left, record.right), record.sources, strict=True)) in (
        {"violet": "b", "red": "a"},
        {"violet": "b", "blue": "a"},
    )
    assert sorted(record.sources) == ["a", "b"]


def test_models_that_say_the_same_are_no_pair_of_each_other() -> None:
    preference = label_configs.load("preference")
    sampler = FakeSampler([Sample("yes"), Sample("no")], [Sample("yes")])
    record = draft(sampler, preference, model="a", more_models=("b",), samples=3).record
    assert {record.left, record.right} == {"yes", "no"}


def test_none_fits() -> None:
    with pytest.raises(ReplyError, match=r"^none of 4 replies fits chat_response, a second try"):
        draft(FakeSampler(otherwise=[Sample(""), Sample(" ")]), samples=2)


def test_one_sample_without_logprobs_can_t_be_scored() -> None:
    with pytest.raises(ValueError, match=r"no logprobs and llm\.samples is 1"):
        draft(FakeSampler([Sample("yes")]), samples=1)


def test_one_sample_with_logprobs() -> None:
    made = draft(FakeSampler([Sample("yes", (HALF,))]), samples=1)
    assert (made.agreement, made.confidence) == (None, pytest.approx(0.5))
    assert made.score == made.confidence


def test_settings_reach_the_model() -> None:
    sampler = FakeSampler([Sample("yes"), Sample("yes")])
    draft(sampler, model="m", samples=2)
    asked = sampler.history[0]
    assert asked["messages"][-1] == {"role": "user", "content": "My card was declined."}
    del asked["messages"]
    assert asked == {"model": "m", "n": 2, "schema": None, "attempt": 0}


def test_a_model_failure_is_passed_on() -> None:
    with pytest.raises(LLMError, match="down"):
        draft(FakeSampler(LLMError("down")))


@pytest.mark.parametrize("data", [{}, {"messages": []}, {"messages": [{"role": "user"}]}])
def test_a_task_without_conversation_costs_no_tokens(data: dict[str, Any]) -> None:
    sampler = FakeSampler()
    with pytest.raises(LabelConfigError):
        draft_task(chat, data, LLMSettings(), sampler, lambda: FakeEncoder(VECTORS))
    assert sampler.history == []
