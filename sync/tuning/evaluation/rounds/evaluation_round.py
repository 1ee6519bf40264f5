"""`evaluation/rounds.jsonl`: one line a model, what its newest evaluation found of each item.

{"model": "tuned:bank-1", "examples": 31, "value": 0.71, "items": {"q007": ["q003", 1.0, []], …},
 "clusters": [{"name": "fees, abroad", "keys": ["q007", …]}, …], …}
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from sync.common.json_text import Json, to_json
from sync.table.data_folder import DataFolder
from sync.tuning.evaluation import EVALUATION_FOLDER
from sync.tuning.evaluation.measures.measure import MeasuredSeries
from sync.tuning.evaluation.question_clusters import Clusters, ItemCluster, as_clusters

ROUNDS = f"{EVALUATION_FOLDER}/rounds.jsonl"
# a change that older readers misread gets the next number
FORMAT = 1
# series of pairs, by which an arm can lose although it passes every check
JUDGES = ("judge", "experts")


@dataclass(frozen=True)
class RoundItem:
    """What became of one held-out item.

    Attributes:
        group: of the split.
        value: of the main measure: 1, all checks are passed; None where it was not measured.
        lost_by: of `JUDGES`, those who preferred the other arm's answer.
    """

    group: str
    value: float | None
    lost_by: tuple[str, ...] = ()

    def fails(self, judges: Sequence[str] = JUDGES) -> bool:
        """Whether a check fails, or one of these judges preferred the other answer."""
        return self.value == 0 or any(judge in self.lost_by for judge in judges)


@dataclass(frozen=True)
class EvaluationRound:
    """What the newest evaluation of one model found.

    Attributes:
        model: the arm; `made_of`: what tells it from another one of its name.
        made: when the model was, in UTC, as ISO 8601 has it; empty for a base.
        at: when it was evaluated.
        release: whose test split was asked.
        against: the arm that it is held against; `against_value`: what that passes.
        examples: lines of the training file that it learned; 0 for a base.
        hours: that annotators spent on what it learned; None: not known.
        cost: of the training, in the prices' currency; None without a price.
        checks: a digest of the checks and their settings; others judge otherwise.
        value: the share of items that pass all checks, with its interval.
        loss_rise: the share by which the general loss is above the base's; None: not measured.
        judges: of `JUDGES`, those that compared answers.
        items: by key.
        clusters: in which some item fails, those with most failures first.
    """

    model: str
    made_of: str
    made: str
    at: str
    release: str
    against: str
    examples: int
    hours: float | None
    cost: float | None
    checks: str
    value: float
    low: float | None
    high: float | None
    against_value: float | None
    loss_rise: float | None
    judges: tuple[str, ...]
    items: Mapping[str, RoundItem]
    clusters: tuple[ItemCluster, ...]

    @property
    def place(self) -> tuple[str, str]:
        """Lower for a model that was made earlier."""
        return self.made, self.model

    @property
    def same_model(self) -> tuple[str, str]:
        """Equal for two evaluations of one model, and for no others."""
        return self.model, self.made_of

    def failing(self, cluster: ItemCluster) -> list[str]:
        """Keys of a cluster's items that fail."""
        return [key for key in cluster.keys if key in self.items and self.items[key].fails()]

    @property
    def failed(self) -> int:
        """How many items fail."""
        return sum(item.fails() for item in self.items.values())

    def to_json(self) -> Json:
        """A line of the file."""
        items = {k: [i.group, i.value, list(i.lost_by)] for k, i in self.items.items()}
        clusters = [asdict(cluster) for cluster in self.clusters]
        shallow = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {"format": FORMAT, **shallow, "items": items, "clusters": clusters}

    @classmethod
    def from_json(cls, raw: Json) -> "EvaluationRound":
        """A line that was read; keys of a later version are passed over.

        Raises:
            KeyError, TypeError, ValueError: it is something else.
        """
        if raw["format"] > FORMAT:
            raise ValueError("it was written by a later version of LabelTune")
        known = {name: raw[name] for name in cls.__dataclass_fields__}
        items = {k: RoundItem(g, v, tuple(lost)) for k, (g, v, lost) in raw["items"].items()}
        clusters = tuple(ItemCluster(c["name"], tuple(c["keys"])) for c in raw["clusters"])
        judges = tuple(raw["judges"])
        return cls(**{**known, "items": items, "clusters": clusters, "judges": judges})


def round_items(
    keys: Sequence[str],
    groups: Sequence[str],
    series: Sequence[MeasuredSeries],
    arm: str,
    against: str,
) -> dict[str, RoundItem]:
    """What became of each item by the main measure, and by who compared two arms' answers."""
    decisive = next(each for each in series if each.is_main)
    compared = {
        s.name: s.values[against] for s in series if s.name in JUDGES if against in s.values
    }
    return {
        key: RoundItem(
            group,
            None if np.isnan(value) else float(value),
            tuple(judge for judge in compared if compared[judge][place] == 1),
        )
        for place, (key, group, value) in enumerate(
            zip(keys, groups, decisive.values[arm], strict=True)
        )
    }


def failing_clusters(
    keys: Sequence[str], items: Mapping[str, RoundItem], clusters: Clusters
) -> tuple[ItemCluster, ...]:
    """Those in which some item fails, by how many do, then by the share of theirs."""
    found = as_clusters(clusters, keys)
    failed = {each.name: sum(items[key].fails() for key in each.keys) for each in found}
    failing = [each for each in found if failed[each.name]]
    return tuple(sorted(failing, key=lambda c: (-failed[c.name], len(c.keys), c.name)))


def read_rounds(folder: DataFolder) -> tuple[EvaluationRound, ...]:
    """All rounds, in the order in which their models were made.

    Raises:
        SyncError: the folder can't be read.
    """
    return _in_order(each for each in map(_round, _lines(folder)) if each is not None)


def record_round(folder: DataFolder, done: EvaluationRound) -> None:
    """Keep a round instead of an earlier evaluation of the same model.

    Raises:
        SyncError: the folder can't be written.
    """
    known = [(line, _round(line)) for line in _lines(folder)]
    others = [o for _, o in known if o and o.same_model != done.same_model]
    # of a later version of LabelTune
    unknown = [line for line, found in known if found is None]
    kept = [to_json(each.to_json()) for each in _in_order([*others, done])]
    folder.write(ROUNDS, "".join(f"{line}\n" for line in [*unknown, *kept]))


def _in_order(rounds: Iterable[EvaluationRound]) -> tuple[EvaluationRound, ...]:
    return tuple(sorted(rounds, key=lambda each: each.place))


def _lines(folder: DataFolder) -> list[str]:
    return (folder.read(ROUNDS) or b"").decode("utf-8", "replace").splitlines()


def _round(line: str) -> EvaluationRound | None:
    try:
        return EvaluationRound.from_json(json.loads(line))
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
