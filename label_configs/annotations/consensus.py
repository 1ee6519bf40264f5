"""Which annotation of a task counts when there are several: by agreement, or by time.

What a review says comes before both; that is `label_configs.annotations.reviews`.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rapidfuzz.distance import Levenshtein

from label_configs.annotations import Rule
from label_configs.annotations.candidates import Candidate
from label_configs.interface import Interface


def settle(
    candidates: Sequence[Candidate], interface: Interface[Any], order: Sequence[Rule]
) -> tuple[Candidate, Rule] | None:
    """The candidate that counts by the first rule that settles it, and that rule.

    Args:
        candidates: the latest first.
        order: of the rules; `reviewed` is passed over.
    """
    for rule in order:
        if rule == "consensus" and (agreed := consensus(candidates, interface)) is not None:
            return agreed, rule
        if rule == "latest" and candidates:
            return candidates[0], rule
    return None


def consensus(candidates: Sequence[Candidate], interface: Interface[Any]) -> Candidate | None:
    """What most annotators say together, or None where they don't.

    Each annotator has one vote, by the latest that they finished; all unknown ones have one
    together. Two agree when they chose the same labels and wrote the same words. Of three and
    more, the majority decides on each label control; of those that chose as the majority did in
    all of them, the one counts whose text is nearest to all the others', so none that stands alone.

    Args:
        candidates: the latest first, which breaks ties.
    """
    votes: dict[int | None, Candidate] = {}
    for candidate in candidates:
        votes.setdefault(candidate.annotation.completed_by, candidate)
    if len(votes) < 2:
        return None
    voters = list(votes.values())
    labels = [interface.labels(voter.record) for voter in voters]
    texts = [" ".join(interface.written(voter.record).split()) for voter in voters]
    if len(voters) == 2:
        return voters[0] if labels[0] == labels[1] and texts[0] == texts[1] else None
    agreed = _majority(labels)
    if agreed is None:
        return None
    inside = [place for place, chosen in enumerate(labels) if chosen == agreed]
    if not inside:
        return None
    return voters[inside[_medoid([texts[place] for place in inside])]]


def _majority(votes: Sequence[Mapping[str, str]]) -> dict[str, str] | None:
    """By control what more than half chose, without those that they left empty; or None."""
    agreed: dict[str, str] = {}
    for control in {control for vote in votes for control in vote}:
        ((label, count),) = Counter(vote.get(control) for vote in votes).most_common(1)
        if 2 * count <= len(votes):
            return None
        if label is not None:
            agreed[control] = label
    return agreed


def _medoid(texts: Sequence[str]) -> int:
    """The place of the text with the smallest mean distance to the others; the first of several."""
    distances = [
        math.fsum(Levenshtein.normalized_distance(one, other) for other in texts) for one in texts
    ]
    return distances.index(min(distances))
