"""A finished draft as the calibrator learns from it: its signals, and what an expert made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from drafting.signals import Signals
from label_configs.draft_meta import acceptance_of
from label_configs.interface import DraftVerdict
from label_configs.provenance import Provenance


@dataclass(frozen=True)
class JudgedDraft:
    """What the model did for a draft, and what became of it.

    Drafts of other versions count like those of the current one: the signals are the same measures.

    Attributes:
        signals: those that were known when it was drafted, each in [0, 1].
        accepted: the expert left it as it was, and did not say that it is wrong.
        edit_distance: of the expert's text to the draft, in [0, 1], 0 = unchanged; None where they
            can't be compared.
        text: what was asked, by which near-duplicates are found; "" where nothing tells.
    """

    signals: Signals
    accepted: bool
    edit_distance: float | None = None
    text: str = ""


def judged_draft(
    signals: Signals | None,
    verdict: DraftVerdict | None,
    made: Provenance,
    *,
    rejected: bool = False,
    text: str = "",
) -> JudgedDraft | None:
    """What can be learnt from a finished task; None where it had no draft with signals.

    A draft is accepted where the expert said so and left it as it was. Where an interface asks for
    no verdict, or none was given, an unchanged draft is accepted. One that was accepted and changed
    all the same was not accepted unchanged, and one that was left as it was under another verdict
    was not accepted.

    Args:
        verdict: what the expert said of the draft.
        made: how the expert's text differs from the draft's.
        rejected: a reviewer found that no answer of the task is good.
    """
    if not signals or made.change == "no draft":
        return None
    accepted = verdict in (None, "accept") and made.change == "unchanged" and not rejected
    return JudgedDraft(dict(signals), accepted, made.edit_distance, text)


def kept_signals(*results: Sequence[Any] | None) -> Signals | None:
    """The signals that a draft was scored by, as it keeps them itself.

    Args:
        results: where they may stand, the surest place first: the result items of the draft that
            was opened, those of the annotation, those of the draft that its page showed.

    Returns:
        None where none of them has any, as of drafts of an older LabelTune.
    """
    for result in results:
        kept = None if result is None else acceptance_of(result)
        if kept is not None and kept.signals:
            return kept.signals
    return None
