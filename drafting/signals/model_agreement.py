"""How much two models come to the same."""

from drafting.signals.evidence import Evidence


def model_agreement(evidence: Evidence) -> float | None:
    """Mean similarity of conclusions over all pairs of samples by different models.

    In [0, 1]; None unless the samples come from two models or more (`llm.more_models`). What one
    model gets wrong again and again, another may not: Seung et al. (1992), "Query by Committee".
    """
    answers = evidence.answers
    pairs = [
        (at, place)
        for at, one in enumerate(answers)
        for place, other in enumerate(answers[:at])
        if one.model and other.model and one.model != other.model
    ]
    if not pairs:
        return None
    alike = evidence.alike_in_conclusion
    return float(sum(alike[pair] for pair in pairs) / len(pairs))
