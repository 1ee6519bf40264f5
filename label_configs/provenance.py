"""Where an annotation's words come from: the draft as it was, edited, or written anew.

Texts alone are compared here. What became of a draft is its expert's verdict, where there is one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rapidfuzz.distance import Levenshtein

from label_configs.interface import Interface, Record

DraftChange = Literal["unchanged", "edited", "rewritten", "no draft"]
# ours: more than half of the characters are new
REWRITTEN_ABOVE = 0.5


@dataclass(frozen=True)
class Provenance:
    """What an expert made of a draft.

    Attributes:
        draft_version: `model_version` of the draft that was opened, or None without one.
        change: what the texts say; `rewritten` where more than half is new.
        edit_distance: Levenshtein distance between draft and result over the length of the
            longer, in [0, 1]; 0 = unchanged. None without a draft to compare with.
        lead_time_s: seconds that the annotator spent, or None when unknown.
    """

    draft_version: str | None
    change: DraftChange
    edit_distance: float | None
    lead_time_s: float | None


def provenance(
    interface: Interface[Any],
    result: Sequence[Mapping[str, Any]],
    draft: Sequence[Mapping[str, Any]] | None,
    draft_version: str | None = None,
    lead_time_s: float | None = None,
) -> Provenance:
    """Compare an annotation with the draft that it started from.

    Only texts are compared: a verdict is a judgement of the draft, not an edit of it.

    Args:
        result: the annotation's result items.
        draft: the prediction's result items; None when there was none or it was deleted.

    Raises:
        LabelConfigError: an item that the interface can't read.
    """
    if draft is None:
        return Provenance(draft_version, _change_by_origin(result), None, lead_time_s)
    return compared(
        interface, interface.decode(result), interface.decode(draft), draft_version, lead_time_s
    )


def compared(
    interface: Interface[Record],
    record: Record,
    draft: Record,
    draft_version: str | None = None,
    lead_time_s: float | None = None,
) -> Provenance:
    """As `provenance`, of an annotation and a draft that are decoded already."""
    before = _lines(interface.written(draft))
    after = _lines(interface.written(record))
    distance = Levenshtein.normalized_distance(before, after)
    return Provenance(draft_version, _change(before, distance), distance, lead_time_s)


def _lines(text: str) -> str:
    """A text without what an editor of a page does to it by itself: how lines and the text end."""
    return text.strip().replace("\r\n", "\n")


def _change(before: str, distance: float) -> DraftChange:
    if not before:
        return "no draft"
    if distance == 0:
        return "unchanged"
    return "rewritten" if distance > REWRITTEN_ABOVE else "edited"


def _change_by_origin(result: Sequence[Mapping[str, Any]]) -> DraftChange:
    """From the marks that the page leaves on text items; how much was edited it does not say."""
    origins = {item.get("origin") for item in result if item.get("type") == "textarea"}
    if "prediction-changed" in origins or ("prediction" in origins and "manual" in origins):
        return "edited"
    return "unchanged" if "prediction" in origins else "no draft"
