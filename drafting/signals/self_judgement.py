"""What the model says when it is asked whether the draft is right."""

from drafting.signals.evidence import Evidence


def self_judgement(evidence: Evidence) -> float | None:
    """The probability that the model gives to the draft being right; None where it was not asked.

    P(True) of Kadavath et al. (2022), "Language Models (Mostly) Know What They Know". It costs a
    call a draft: `drafting.judge_draft`, where `llm.self_judgement` is set.
    """
    return evidence.self_judgement
