"""Whether somebody's answers can be relied on, judged anew after each answer whose truth is known.

Wald's sequential probability ratio test (1945, Annals of Mathematical Statistics 16): the longer
somebody is right or wrong, the fewer answers are needed. Somebody who agrees with the truth as
often as a trusted person does is flagged with a probability of at most `false_alarm`, however long
they work: the likelihood ratio is a supermartingale, so Ville's inequality bounds it at all times.

The test begins again whenever it has come to an end, so that somebody who was good for a thousand
answers is still found when they stop reading. The j-th run may raise a false alarm with probability
false_alarm / (j (j + 1)), which together is `false_alarm`.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from sync.records.person_record import TrustState


@dataclass(frozen=True, slots=True)
class TrustTest:
    """What is told apart, and how surely.

    Attributes:
        trusted: share of answers in agreement with the truth that a trusted person reaches, at
            least.
        guessing: what somebody reaches who does not read, at most: two labels, one coin.
        false_alarm: probability at most that a trusted person is ever flagged.
        missed: probability at most that one run qualifies somebody who guesses.
    """

    trusted: float = 0.9
    guessing: float = 0.5
    false_alarm: float = 0.01
    missed: float = 0.01

    def step(self, *, agreed: bool) -> float:
        """How much one answer speaks for guessing: the logarithm of the likelihood ratio."""
        if agreed:
            return math.log(self.guessing / self.trusted)
        return math.log((1 - self.guessing) / (1 - self.trusted))

    def upper(self, run: int) -> float:
        """Where the `run`-th run of the test flags somebody, from 1."""
        return math.log(run * (run + 1) / self.false_alarm)

    @property
    def lower(self) -> float:
        """Where a run qualifies somebody."""
        return math.log(self.missed)


TRUST_TEST = TrustTest()


@dataclass(frozen=True, slots=True)
class Standing:
    """What the test says after some answers.

    Attributes:
        state: `new` until it has said anything, then what it said last.
        flagged_after: answers that were known at each flag.
    """

    state: TrustState = "new"
    flagged_after: tuple[int, ...] = ()


def standing(agreed: Iterable[bool], test: TrustTest = TRUST_TEST) -> Standing:
    """Judge somebody by whether each of their answers agreed with the truth, in order."""
    right, wrong, lower = test.step(agreed=True), test.step(agreed=False), test.lower
    state: TrustState = "new"
    flagged: list[int] = []
    run, upper, weight = 1, test.upper(1), 0.0
    for number, is_right in enumerate(agreed, start=1):
        weight += right if is_right else wrong
        if lower < weight < upper:
            continue
        if weight >= upper:
            state = "flagged"
            flagged.append(number)
        else:
            state = "qualified"
        run, weight = run + 1, 0.0
        upper = test.upper(run)
    return Standing(state, tuple(flagged))
