"""Asking the model whether its draft is right."""

import math
from collections.abc import Callable, Sequence

from connectors.llm_replies import Sample
from connectors.llm_turns import PromptMessage
from drafting.read_turns import text_of
from drafting.sample_replies import Sampler
from drafting.signals.decision_words import decision

# a draft's answer -> how probable the model thinks that it is right; None: not asked, or no reply
Judge = Callable[[str], float | None]

_ASKED = (
    "Check the answer above against the conversation and the material: is it right and complete, "
    "so that an expert would send it unchanged? Reply with one word: yes or no."
)
# by Laplace's rule of succession, of one reply without token probabilities
_SAID = 2 / 3


def not_asked(answer: str) -> None:
    """The judge of a project that asks for none."""


def judged(
    prompt: Sequence[PromptMessage], answer: str, sampler: Sampler, model: str
) -> float | None:
    """P(True) of an answer: the probability that the model gives to "yes", in [0, 1].

    Kadavath et al. (2022), "Language Models (Mostly) Know What They Know". The prompt that the
    answer was drawn by comes first, so that servers which keep what they have read read no more.

    Args:
        prompt: that the answer was drawn by.

    Returns:
        None where the reply is neither yes nor no.

    Raises:
        LLMError: the endpoint failed.
        BudgetReachedError: nothing more may be paid.
    """
    asked: list[PromptMessage] = [
        *prompt,
        {"role": "assistant", "content": answer},
        {"role": "user", "content": _ASKED},
    ]
    reply = sampler.sample(asked, model=model, n=1)
    return judgement_of(reply.samples[0]) if reply.samples else None


def judgement_of(sample: Sample) -> float | None:
    """The probability of "yes" that a reply tells; None where it is neither yes nor no."""
    said = decision(text_of(sample))
    if said not in ("yes", "no"):
        return None
    # of its first token; further ones complete the word or the sentence
    sure = math.exp(sample.token_logprobs[0]) if sample.token_logprobs else _SAID
    return sure if said == "yes" else 1.0 - sure
