"""Faults of the draft's text that can be seen without knowing the answer."""

from collections import Counter

from drafting.signals.evidence import Evidence
from drafting.signals.text_parts import sentences
from label_configs.raw_reply import leftover

# what an expert must look at, and may leave
_DOUBTFUL = 0.5
# from this share on, sentences that were said before are a loop and no style; ours
_LOOP = 0.25


def text_checks(evidence: Evidence) -> float | None:
    """How little is wrong with the draft's text; None where nothing is found, as in most drafts.

    In [0, 1): 0 for calls that their tool's schema refuses, and for what a server left of a raw
    reply; 0.5 for what may be such; for a model that repeats itself, the share of sentences that
    are new. Ours: an expert who finds one of these changes the draft, whatever else it says.
    """
    draft = evidence.answers[0]
    found = [0.0] if draft.faulty_calls else []
    if (left := leftover(draft.text)) is not None:
        found.append(0.0 if left.certain else _DOUBTFUL)
    said = sentences(draft.text)
    repeated = sum(count - 1 for count in Counter(said).values())
    if repeated and repeated >= _LOOP * len(said):
        found.append(1.0 - repeated / len(said))
    return min(found, default=None)
