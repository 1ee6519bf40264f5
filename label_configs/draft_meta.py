"""What a draft's score is made of, kept with the draft itself.

A prediction of Label Studio has one score, by which its queue is ordered, and no field for anything
else; its import in bulk keeps nothing but result, score and version. So the probability that an
expert accepts the draft, and the signals behind it, stand in the `meta` of the first result item:

    {"from_name": "response", …, "meta": {"labeltune": {"acceptance": 0.42, "signals": {…}}}}

It says nothing that a page shows, and an annotation that was made of the draft keeps it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from label_configs.items import ResultItem

META = "meta"
# what stands beside it is somebody else's
OURS = "labeltune"
_DIGITS = 4


@dataclass(frozen=True)
class DraftAcceptance:
    """How likely an expert was thought to accept a draft unchanged, and why.

    Attributes:
        acceptance: in [0, 1], low = it will be changed.
        signals: by name, each in [0, 1]; those that were known when it was drafted.
    """

    acceptance: float
    signals: Mapping[str, float]

    def beside(self, signals: Mapping[str, float]) -> "DraftAcceptance":
        """The same with further signals."""
        return replace(self, signals={**self.signals, **signals})


def with_acceptance(
    result: Sequence[Mapping[str, Any]], acceptance: float, signals: Mapping[str, float]
) -> list[ResultItem]:
    """A draft's result items that tell how likely it is to be accepted; in place of what they told.

    A draft without any item can tell nothing, and stays as it is.
    """
    items = [_without_ours(item) for item in result]
    if items:
        told = {name: round(value, _DIGITS) for name, value in signals.items()}
        ours = {"acceptance": round(acceptance, _DIGITS), "signals": told}
        items[0][META] = {**items[0].get(META, {}), OURS: ours}
    return items


def acceptance_of(result: Sequence[Any]) -> DraftAcceptance | None:
    """What a draft's result items tell, or those of an annotation that was made of it.

    Returns:
        None where they tell nothing that can be read, as of a draft of an older LabelTune.
    """
    for item in result:
        ours = _ours(item)
        acceptance: Any = None if ours is None else ours.get("acceptance")
        if ours is None or not _is_share(acceptance):
            continue
        signals = ours.get("signals")
        told = signals.items() if isinstance(signals, Mapping) else ()
        known = {str(name): float(value) for name, value in told if _is_share(value)}
        return DraftAcceptance(float(acceptance), known)
    return None


def _ours(item: Any) -> Mapping[str, Any] | None:
    meta = item.get(META) if isinstance(item, Mapping) else None
    ours = meta.get(OURS) if isinstance(meta, Mapping) else None
    return ours if isinstance(ours, Mapping) else None


def _without_ours(item: Mapping[str, Any]) -> ResultItem:
    if _ours(item) is None:
        return dict(item)
    others = {name: value for name, value in item[META].items() if name != OURS}
    rest = {name: value for name, value in item.items() if name != META}
    return {**rest, META: others} if others else rest


def _is_share(value: Any) -> bool:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and 0.0 <= value <= 1.0
