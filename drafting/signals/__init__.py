"""What speaks for a draft before an expert has seen it: signals, pure functions of `Evidence`.

A signal is in [0, 1], high = more likely to be accepted unchanged, or None where nothing is known.
Each has a module of its own that says where it comes from. How signals become one probability is
`drafting.draft_task`'s matter; what each of them tells is in `docs/ranking.md`.
Open first: `evidence`.
"""

from collections.abc import Callable, Mapping

from drafting.signals.agreement import agreement
from drafting.signals.evidence import Evidence
from drafting.signals.fitting_share import fitting_share
from drafting.signals.token_confidence import token_confidence

__all__ = ["SIGNALS", "Signal", "Signals", "signals_of"]

Signal = Callable[[Evidence], float | None]
# those that are known, by name
Signals = Mapping[str, float]

SIGNALS: Mapping[str, Signal] = {
    "token_confidence": token_confidence,
    "agreement": agreement,
    "fitting_share": fitting_share,
}


def signals_of(evidence: Evidence) -> Signals:
    """Every signal of a draft that is known, by name."""
    told = {name: signal(evidence) for name, signal in SIGNALS.items()}
    return {name: value for name, value in told.items() if value is not None}
