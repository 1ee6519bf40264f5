"""How many samples a task gets, and when: one at first, more where they would tell something.

The first pass gives every task a draft by as few samples as there is a score by; the second one
draws more, up to `llm.samples`, for drafts that deserve it, the most doubtful first, and stops
where those that came have settled the matter. All of it is a pure function of numbers, so that a
policy can be tried on stored replies:

    first = [first_draft(interface, task, llm, sampler, encoder) for task in tasks]
    doubtful = [i for i, d in enumerate(first) if deserves_more(d.score, d.drawn, llm.samples)]
    for place in most_doubtful_first([first[i].score for i in doubtful]):
        task = tasks[doubtful[place]]
        final = refined_draft(interface, task, llm, sampler, encoder)  # the first samples reused
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from drafting.project_settings import LLMSettings
from drafting.signals import Signals
from label_configs import Interface

# A draft of which the model is as sure as this is clear. A text whose tokens have a mean
# probability of 0.9 comes out nearly the same when it is sampled again, so that more samples would
# cost tokens and tell nothing. That sampling may stop once an answer is clear is the finding of
# Aggarwal et al. (2023), "Let's Sample Step by Step: Adaptive-Consistency"; that token
# probabilities may decide it, of Gupta et al. (2024), "Language Model Cascades: Token-level
# uncertainty and beyond". The number itself is ours.
CLEAR = 0.9
# Whole answers that are less alike are not settled by the same conclusion: where nothing in them is
# exact, which one is chosen may still matter. The number is ours.
ALIKE = 0.75
# Fewer samples that differ may yet have a majority among the next ones.
MANY = 3


def first_counts(
    interface: Interface[Any],
    data: Mapping[str, Any],
    llm: LLMSettings,
    *,
    gives_logprobs: bool = True,
) -> Iterator[int]:
    """How many samples the first pass draws, then ever more for where they made no draft.

    One, or as many as the interface needs for a draft; without token probabilities two, since
    then nothing but their agreement tells how sure the model is.

    Args:
        data: of the task; one that brings its own draft along needs one sample to compare with.
        gives_logprobs: whether the server is thought to give token probabilities.
    """
    needed = interface.samples_for_a_draft
    if interface.own_draft(data) is not None:
        needed = 1
    elif not gives_logprobs:
        needed = max(2, needed)
    counts = (needed, max(2, needed), llm.samples)
    return iter(sorted({min(count, llm.samples) for count in counts}))


def deserves_more(score: float, drawn: int, most: int, *, sure: float | None = None) -> bool:
    """Whether a draft gets the rest of its samples: they may say something else, and it may matter.

    Whether the model would say something else depends on how sure it is, in every project alike.
    Whether that matters, experts tell once they have taught the score: where they take nearly all
    such drafts as they are, or nearly none, what further samples can add to the probability, about
    p (1 - p) times what they add to the log-odds, is too little to move a draft in the order.

    Args:
        score: of the draft by the samples so far, in [0, 1], low = doubtful.
        drawn: samples so far.
        most: `llm.samples`.
        sure: how sure the model is, by the prior, where experts have taught the score; None: the
            score says so itself.
    """
    if drawn >= most:
        return False
    if sure is None:
        return score < CLEAR
    return sure < CLEAR and 1.0 - CLEAR < score < CLEAR


def further_counts(most: int) -> Iterator[int]:
    """How many samples the second pass has drawn at each of its steps: 2, 4, 8, …, then `most`.

    Each step sends the prompt again, so that steps of one sample would cost more than they save.

    Args:
        most: `llm.samples`.
    """
    count = 2
    while count < most:
        yield count
        count *= 2
    yield most


def is_settled(signals: Signals, drawn: int, *, kept: bool = False) -> bool:
    """Whether further samples would tell nothing new: all agree, or each says something else.

    A draft with a fault that can be seen is not settled: the next sample may be without it.

    After Aggarwal et al. (2023), "Let's Sample Step by Step: Adaptive-Consistency", who stop once a
    majority is unlikely to change. With two samples that is where both mean the same; that there
    will be no majority shows later.

    Args:
        signals: of the draft by the samples so far.
        drawn: samples so far.
        kept: this draft stays, whatever else is said.
    """
    meanings, alike = signals.get("semantic_entropy"), signals.get("agreement", 0.0)
    if meanings is None or signals.get("fitting_share", 1.0) < 1.0:
        return False
    if "text_checks" in signals and not kept:
        return False
    agree = meanings >= 1.0 and alike >= ALIKE
    return agree or (drawn >= MANY and meanings <= 0.0)


def most_doubtful_first(scores: Sequence[float]) -> list[int]:
    """The places of drafts in the order in which they get their further samples."""
    return sorted(range(len(scores)), key=lambda place: scores[place])
