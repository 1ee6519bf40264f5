"""What is written beside a split: how it came about, what it holds, and the proof."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sync.common.json_text import Json
from sync.compute.similarity import Rows
from sync.dataset.splits.by_time import Boundaries
from sync.dataset.splits.groups import groups_of
from sync.dataset.splits.homes import Placed, members_of
from sync.dataset.splits.prompt_vectors import PromptVectors
from sync.dataset.splits.proportions import Proportions
from sync.dataset.splits.split_items import DROPPED, SPLITS, TEST, TRAIN, SplitItem

# how what a model can't read is compared, see `connectors.character_ngrams`
CHARACTERS = "characters, pairs and triples"


def sizes(placed: Placed) -> Json:
    """Items of each split, and those that are dropped."""
    found = Counter(placed.splits)
    return {name: found[name] for name in (*SPLITS, DROPPED)}


def reading(texts: PromptVectors) -> Json:
    """How many distinct texts there are, and by what those are compared that were not read."""
    by = {"unread_by": CHARACTERS} if texts.unread else {}
    return {"texts": len(texts.places), "unread": texts.unread, **by}


def changes(items: Sequence[SplitItem], placed: Placed, before: Mapping[str, str | None]) -> Json:
    """What differs from the split that this one builds on.

    Args:
        before: split by key, as it was; without the items that were gone.
    """
    now = {item.key: split for item, split in zip(items, placed.splits, strict=True)}
    moves = Counter((before[key], split) for key, split in now.items() if key in before)
    return {
        "new": sum(key not in before for key in now),
        "gone": sum(key not in now for key in before),
        "dropped": sum(n for (old, new), n in moves.items() if new == DROPPED and old != DROPPED),
        "returned": sum(n for (old, new), n in moves.items() if old == DROPPED and new != DROPPED),
        "test_to_train": moves[TEST, TRAIN],
    }


def proportions(items: Sequence[SplitItem], placed: Placed) -> Json:
    """Percent of every label, over all and in each split, and what is off by more than 2 points."""
    found = Proportions.of(items, placed.splits)
    percent: Json = {}
    for kind, label in found.counts:
        row = {"all": round(found.percent((kind, label)), 2)}
        row |= {name: round(found.percent((kind, label), name), 2) for name in SPLITS}
        percent.setdefault(kind, {})[label] = row
    off = found.off(items, placed.splits, list(placed.fresh.values()))
    return {"percent": percent, "off": [asdict(o) | {"forced": o.is_forced} for o in off]}


def group_sizes(items: Sequence[SplitItem], groups: Rows) -> Json:
    """How many groups there are, and what holds the largest together."""
    members = members_of(groups)
    largest = max(members.values(), key=len, default=[])
    return {
        "count": len(members),
        "of_one": sum(len(some) == 1 for some in members.values()),
        "largest": len(largest),
        "largest_by": _held_by([items[at] for at in largest]),
    }


def times(items: Sequence[SplitItem], placed: Placed, boundaries: Boundaries) -> Json:
    """From when to when each split reaches, and how much of train is as new as test."""
    spans: Json = {}
    for name in SPLITS:
        found = [i.at for i, s in zip(items, placed.splits, strict=True) if s == name and i.at]
        if found:
            spans[name] = [min(found).isoformat(), max(found).isoformat()]
    late = sum(
        split == TRAIN and item.at is not None and boundaries.split_at(item.at) == TEST
        for item, split in zip(items, placed.splits, strict=True)
    )
    return {**boundaries.as_json(), "spans": spans, "train_as_new_as_test": late}


def _held_by(members: Sequence[SplitItem]) -> Json:
    """Items of a group that share something with another of it, by what; the rest are alike."""
    found: Counter[str] = Counter()
    shared = Counter(tie for item in members for tie in item.ties)
    for item in members:
        found.update({kind for kind, value in item.ties if shared[kind, value] > 1})
    in_order = dict(found.most_common())
    if len(set(groups_of(members).tolist())) > 1:
        in_order["near_duplicates"] = len(members)
    return in_order
