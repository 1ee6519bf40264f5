"""How a trajectory ended: what its source says of that, else the last thing that happened."""

from collections.abc import Mapping
from typing import Any

from label_configs.content import spoken
from label_configs.errors import LabelConfigError
from label_configs.task_listing import one_line
from label_configs.validation import kind

# task data, as a source may hold it
SUCCESS, OUTCOME = "success", "outcome"
_SHARES = {"yes": 1.0, "partly": 0.5, "no": 0.0}
SUCCESSES = tuple(_SHARES)
UNKNOWN = 0.5  # a score for a trajectory of which nobody says how it went
_WIDTH = 240


def success_share(data: Mapping[str, Any]) -> float | None:
    """How far the source says that a trajectory succeeded, in [0, 1]; None where it does not."""
    told = data.get(SUCCESS)
    if isinstance(told, str):
        return _SHARES.get(told.strip().lower())
    return float(told) if isinstance(told, (bool, int, float)) else None


def success_word(data: Mapping[str, Any]) -> str | None:
    """The same in the words of the page: yes, partly or no."""
    share = success_share(data)
    if share is None:
        return None
    return "yes" if share >= 1 else "partly" if share > 0 else "no"


def outcome_text(data: Mapping[str, Any]) -> str:
    """What came of it, as the source says; else what was said, called or answered last."""
    told = data.get(OUTCOME)
    if isinstance(told, str) and told.strip():
        return told.strip()
    ends = (spoken(message) for message in reversed(data["messages"]))
    last = next((said for said in ends if said.strip()), "")
    return one_line(last, _WIDTH)


def check_end(data: Mapping[str, Any], where: str) -> None:
    """Check what a source says of a trajectory's end, where it says something.

    Raises:
        LabelConfigError: a success or an outcome that can't be read.
    """
    told = data.get(SUCCESS)
    share = success_share(data)
    if told is not None and (share is None or not 0 <= share <= 1):
        raise LabelConfigError(
            f"{where}: 'success' must be true or false, a number from 0 to 1, or one of "
            f"{', '.join(SUCCESSES)}; correct it or leave it out"
        )
    outcome = data.get(OUTCOME)
    if outcome is not None and not isinstance(outcome, str):
        raise LabelConfigError(
            f"{where}: 'outcome' must be text, found {kind(outcome)}; say in words what came of it"
        )
