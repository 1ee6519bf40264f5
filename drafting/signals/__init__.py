"""What speaks for a draft before an expert has seen it: signals, pure functions of `Evidence`.

A signal is in [0, 1], high = more likely to be accepted unchanged, or None where nothing is known.
Each has a module of its own that says where it comes from. How signals become one probability is
`drafting.draft_task`'s matter; what each of them tells is in `docs/ranking.md`.
Open first: `evidence`.
"""

from collections.abc import Callable, Mapping

from drafting.signals.agreement import agreement
from drafting.signals.conclusion_agreement import conclusion_agreement
from drafting.signals.document_support import document_support
from drafting.signals.evidence import Evidence
from drafting.signals.fitting_share import fitting_share
from drafting.signals.lowest_span import lowest_span
from drafting.signals.model_agreement import model_agreement
from drafting.signals.predictive_entropy import predictive_entropy
from drafting.signals.sample_support import sample_support
from drafting.signals.self_judgement import self_judgement
from drafting.signals.semantic_entropy import semantic_entropy
from drafting.signals.text_checks import text_checks
from drafting.signals.token_confidence import token_confidence

__all__ = ["SIGNALS", "Signal", "Signals", "signals_of"]

Signal = Callable[[Evidence], float | None]
# those that are known, by name
Signals = Mapping[str, float]

SIGNALS: Mapping[str, Signal] = {
    "token_confidence": token_confidence,
    "lowest_span": lowest_span,
    "predictive_entropy": predictive_entropy,
    "agreement": agreement,
    "conclusion_agreement": conclusion_agreement,
    "semantic_entropy": semantic_entropy,
    "sample_support": sample_support,
    "document_support": document_support,
    "model_agreement": model_agreement,
    "self_judgement": self_judgement,
    "fitting_share": fitting_share,
    "text_checks": text_checks,
}


def signals_of(evidence: Evidence) -> Signals:
    """Every signal of a draft that is known, by name."""
    told = {name: signal(evidence) for name, signal in SIGNALS.items()}
    return {name: value for name, value in told.items() if value is not None}
