"""Which scores in Label Studio are not the backend's own: on record before they are written."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sync.table.data_folder import DataFolder

# of the data folder
SCORES = "queue-scores.json"


@dataclass(frozen=True)
class StoredScore:
    """The score of a draft that was changed.

    Attributes:
        own: as the backend gave it.
        written: what may stand in its place: one score, or several where a run was cut short.
        acceptance: what `labeltune rank` took for the probability that the draft is accepted;
            None: the backend's own.
        repeats: the task that it nearly repeats, 0 for one that is done, None for none.
    """

    own: float
    written: tuple[float, ...]
    acceptance: float | None = None
    repeats: int | None = None

    @property
    def likely(self) -> float:
        """The acceptance, in [0, 1]."""
        return self.own if self.acceptance is None else self.acceptance

    def is_ours(self, score: float) -> bool:
        """Whether a score is one that was written, so that the backend has given none since."""
        return any(same(score, written) for written in self.written)


def same(one: float, other: float) -> bool:
    """Whether two scores are one, but for the last bits."""
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)


def read_scores(folder: DataFolder) -> dict[int, StoredScore]:
    """What was written before, by prediction id; nothing of a file that can't be read."""
    try:
        found = json.loads(folder.read(SCORES) or b"{}")
        return {int(key): _stored(value) for key, value in found.items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def store_scores(folder: DataFolder, scores: Mapping[int, StoredScore]) -> None:
    """Replace the record.

    Raises:
        SyncError: the folder can't be written.
    """
    lines = {str(key): _line(score) for key, score in sorted(scores.items())}
    folder.write(SCORES, json.dumps(lines, indent=0) + "\n")


def _stored(value: Any) -> StoredScore:
    if isinstance(value, list):  # the short form, and that of an older LabelTune
        own, *others = value
        return StoredScore(float(own), tuple(map(float, others)))
    written = tuple(map(float, value["written"]))
    return StoredScore(**{**value, "own": float(value["own"]), "written": written})


def _line(score: StoredScore) -> list[float] | dict[str, Any]:
    written = list(dict.fromkeys(score.written))
    if score.acceptance is None and score.repeats is None:
        return [score.own, *written]
    return {**asdict(score), "written": written}
