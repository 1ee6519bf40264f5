"""Faults of the draft's text that can be seen without knowing the answer."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from drafting.signals.evidence import Evidence, SampledAnswer
from drafting.signals.text_parts import sentences
from drafting.sums.expressions import equations_in
from label_configs.raw_reply import leftover

# what an expert must look at, and may leave
_DOUBTFUL = 0.5
# an equation is read by rules, which may take something else for one; ours
_UNTRUE = 0.1
# from this share on, sentences that were said before are a loop and no style; ours
_LOOP = 0.25


def text_checks(evidence: Evidence) -> float | None:
    """How little is wrong with the draft's text; None where nothing is found, as in most drafts.

    In [0, 1): 0 for calls that their tool's schema refuses, and for what a server left of a raw
    reply; 0.1 for an equation that is not true, in the answer or in its steps, unless the task
    itself says so; 0.5 for what may be left of a raw reply; for a model that repeats itself, the
    share of sentences that are new. Ours: an expert who finds one of these changes the draft,
    whatever else it says.
    """
    found = _soundness(evidence, evidence.answers[0])
    return found if found < 1.0 else None


def soundness(evidence: Evidence) -> NDArray[np.float64]:
    """(n,): the same of each answer, in [0, 1]; 1 where nothing is found."""
    return np.array([_soundness(evidence, answer) for answer in evidence.answers])


def _soundness(evidence: Evidence, answer: SampledAnswer) -> float:
    return min(_faults(evidence, answer), default=1.0)


def _faults(evidence: Evidence, answer: SampledAnswer) -> Iterator[float]:
    if answer.faulty_calls:
        yield 0.0
    if (left := leftover(answer.text)) is not None:
        yield 0.0 if left.certain else _DOUBTFUL
    if _says_what_is_untrue(evidence, answer):
        yield _UNTRUE
    said = sentences(answer.text)
    repeated = sum(count - 1 for count in Counter(said).values())
    if repeated and repeated >= _LOOP * len(said):
        yield 1.0 - repeated / len(said)


def _says_what_is_untrue(evidence: Evidence, answer: SampledAnswer) -> bool:
    """Whether it holds an untrue equation of its own: one that is quoted may be what is asked of.

    `equations_in` is what `labeltune check` judges calculations by.
    """
    untrue = {
        (equation.result, equation.said)
        for text in (answer.text, *answer.steps)
        for equation in equations_in(text)
        if not equation.is_true
    }
    if not untrue:
        return False
    given = (evidence.asked, *evidence.documents)
    return not untrue <= {(e.result, e.said) for text in given for e in equations_in(text)}
