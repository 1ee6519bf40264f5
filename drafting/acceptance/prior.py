"""The probability that a draft is accepted, before any expert has said so: a fixed combination.

The logits of the signals that are known are averaged, one for each thing that can be asked of a
draft, and turned into a probability again. What is not known is left out, so that a draft of one
sample stands in one order with one of several: a single signal is its own probability, and a
further one moves it towards itself.
"""

import math
from collections.abc import Mapping

from drafting.signals import Signals

# signals are not believed beyond these odds: 0 and 1 have no logit
_LEAST, _MOST = 0.01, 0.99
# What signals ask of a draft. Those that ask the same are much alike, and have one voice together.
QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "is the model sure of its words": ("token_confidence", "lowest_span", "predictive_entropy"),
    "do other samples say so": (
        "agreement",
        "conclusion_agreement",
        "semantic_entropy",
        "sample_support",
    ),
    "do the documents say so": ("document_support",),
    "do other models say so": ("model_agreement",),
    "does the model say so when it is asked": ("self_judgement",),
}
# Who speaks for each: ours, by the development questions of `benchmarks/ranking.py --develop`, of
# which none is reported. Where those say nothing, there is one signal to choose from.
SPEAKERS = frozenset(
    {
        "lowest_span",
        "conclusion_agreement",
        "document_support",
        "model_agreement",
        "self_judgement",
    }
)
# of the others: enough where nobody else is known, next to nothing beside a speaker
_PROMPTER = 0.05
WEIGHTS: Mapping[str, float] = {
    name: 1.0 if name in SPEAKERS else _PROMPTER for names in QUESTIONS.values() for name in names
}
_WEIGHT = 1.0
# The rest is multiplied by these: a reply that does not fit or was cut, and a text with a fault
# that can be seen, have to be put right whatever else speaks for them.
FITTING = "fitting_share"
FACTORS = frozenset({FITTING, "text_checks"})
# What is known of the project and not of the draft: how like the nearest finished task it is, and
# what became of the drafts of those that are most like it (`sync.queue.finished_neighbours`). The
# prior is for before anything is finished, so these are the calibrator's alone.
FINISHED_LIKE_IT, NEIGHBOURS_ACCEPTED = "finished_like_it", "neighbours_accepted"
OF_THE_PROJECT = frozenset({FINISHED_LIKE_IT, NEIGHBOURS_ACCEPTED})
# what tells of a draft and not of how sure the model is
NEVER_ALONE = frozenset({"document_support"})


class NoSignalError(ValueError):
    """Nothing is known by which a draft could be scored."""


def logit(signal: float) -> float:
    """A signal in [0, 1] as log-odds, in [-4.6, 4.6]."""
    held = min(_MOST, max(_LEAST, signal))
    return math.log(held / (1 - held))


def logistic(log_odds: float) -> float:
    """Log-odds as a probability in (0, 1)."""
    if log_odds >= 0:
        return 1 / (1 + math.exp(-log_odds))
    return math.exp(log_odds) / (1 + math.exp(log_odds))


def prior_log_odds(signals: Signals) -> float:
    """The prior's probability as log-odds; see `prior_probability`.

    Raises:
        NoSignalError: nothing is known of how sure the model is.
    """
    return logit(prior_probability(signals))


def prior_probability(signals: Signals) -> float:
    """The probability in [0, 1] that an expert accepts the draft unchanged; low comes first.

    The weighted mean of the signals' logits, as a probability, times the share of replies that fit
    and what the text checks leave. It rises, or stays, with each signal.

    Args:
        signals: those that are known, each in [0, 1], high = more likely to be accepted unchanged.

    Raises:
        NoSignalError: nothing is known of how sure the model is; a made-up score would be a lie.
    """
    of_model = {n: value for n, value in signals.items() if n not in FACTORS | OF_THE_PROJECT}
    factor = math.prod(signals.get(name, 1.0) for name in FACTORS)
    weighed = [(WEIGHTS.get(name, _WEIGHT), logit(value)) for name, value in of_model.items()]
    total = sum(weight for weight, _ in weighed)
    if total <= 0 or of_model.keys() <= NEVER_ALONE:
        if signals.get(FITTING, 1.0) < 1:  # the model did not say the same again
            return factor
        raise NoSignalError(
            "no signal to score by: the server gives no logprobs and llm.samples is 1"
        )
    mean = sum(weight * value for weight, value in weighed) / total
    return logistic(mean) * factor
