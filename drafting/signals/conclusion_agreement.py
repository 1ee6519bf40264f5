"""How much the samples of a task come to the same."""

from drafting.signals.evidence import Evidence


def conclusion_agreement(evidence: Evidence) -> float | None:
    """Mean similarity of the draft's conclusion to that of each other answer; None for one answer.

    In [0, 1]. What counts as a conclusion, and how two are compared, says
    `drafting.signals.conclusions`; calls of tools are compared by what they do. That a majority of
    samples is right where they agree in the end, whatever led there, is the finding of Wang et al.
    (2023), "Self-Consistency Improves Chain of Thought Reasoning".
    """
    if len(evidence.answers) < 2:
        return None
    return float(evidence.alike_in_conclusion[0, 1:].mean())
