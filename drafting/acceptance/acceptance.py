"""The probability that an expert accepts a draft unchanged, in one project, as it is known now.

It is plain numbers: neither to give it nor to store it takes a library.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from drafting.acceptance.prior import logistic, logit, prior_log_odds, prior_probability
from drafting.acceptance.reliability import Reliability
from drafting.signals import Signals

# it rises when an older LabelTune would read what is stored wrongly
FORMAT = 1


@dataclass(frozen=True)
class SignalWeight:
    """What one signal adds to the log-odds.

    Attributes:
        weight: of its logit.
        typical: the logit that stands for it where it is unknown.
        unknown: added where it is unknown.
        lowest, highest: logits that were learnt from; what lies beyond counts like the nearest.
    """

    weight: float
    typical: float
    unknown: float = 0.0
    lowest: float = logit(0.0)
    highest: float = logit(1.0)

    def adds(self, signal: float | None) -> float:
        """What a draft with this signal, or without it, gets."""
        if signal is None:
            return self.weight * self.typical + self.unknown
        return self.weight * min(self.highest, max(self.lowest, logit(signal)))


@dataclass(frozen=True)
class Calibrator:
    """What a project's experts taught: the log-odds of acceptance as a weighted sum.

    Attributes:
        intercept: log-odds.
        prior: weight of the prior's log-odds.
        signals: by name; a signal that is not named adds nothing.
    """

    intercept: float
    prior: float
    signals: Mapping[str, SignalWeight]

    def probability(self, signals: Signals) -> float:
        """The probability in (0, 1) that an expert accepts the draft unchanged.

        Raises:
            NoSignalError: no signal is known.
        """
        told = (each.adds(signals.get(name)) for name, each in self.signals.items())
        return logistic(self.intercept + self.prior * prior_log_odds(signals) + sum(told))


@dataclass(frozen=True)
class Acceptance:
    """The prior, or what was learnt where that is better.

    Attributes:
        calibrator: learnt from finished drafts; None: the prior is used.
        why: why it is used, or the prior is: one sentence without its full stop.
        judged: finished drafts that could be learnt from.
        accepted: those that experts left unchanged.
        of_prior: how far the prior held on all of them; None where that can't be said yet.
        of_calibrator: how far a calibrator held on drafts that it had not seen; likewise. It is
            told where the prior is used, too.
    """

    calibrator: Calibrator | None = None
    why: str = "nothing is finished yet"
    judged: int = 0
    accepted: int = 0
    of_prior: Reliability | None = None
    of_calibrator: Reliability | None = None

    @property
    def reliability(self) -> Reliability | None:
        """How far the probabilities that are given can be relied on; None: not known yet."""
        return self.of_prior if self.calibrator is None else self.of_calibrator

    def probability(self, signals: Signals) -> float:
        """The probability in (0, 1) that an expert accepts a draft unchanged; low comes first.

        Args:
            signals: of the draft, those that are known, each in [0, 1].

        Raises:
            NoSignalError: none is known.
        """
        if self.calibrator is None:
            return prior_probability(signals)
        return self.calibrator.probability(signals)

    def to_json(self) -> dict[str, Any]:
        """Plain values that `from_json` reads."""
        return {"format": FORMAT, **_ACCEPTANCE.dump_python(self, mode="json")}

    @classmethod
    def from_json(cls, held: Any) -> "Acceptance | None":
        """The inverse of `to_json`; None of what another version wrote, which is learnt again."""
        if not isinstance(held, dict) or held.get("format") != FORMAT:
            return None
        try:
            return _ACCEPTANCE.validate_python({k: v for k, v in held.items() if k != "format"})
        except ValidationError:
            return None


_ACCEPTANCE = TypeAdapter(Acceptance)
# before anybody has annotated
PRIOR = Acceptance()
