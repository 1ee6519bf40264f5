"""How many of the replies fit the interface."""

from drafting.signals.evidence import Evidence


def fitting_share(evidence: Evidence) -> float | None:
    """The share of whole replies that fit among all that were drawn, second tries included.

    In [0, 1]. A model that fails the form of a task fails its matter as well more often; ours, see
    `drafting.sample_replies.Drawn`.
    """
    return evidence.fitting_share
