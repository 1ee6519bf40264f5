"""A split for each item, given earlier splits, and the manifest's facts: no file, no network."""

from collections.abc import Mapping, Sequence

from sync.common.json_text import Json
from sync.compute.similarity import Rows
from sync.dataset.splits import split_manifest as parts
from sync.dataset.splits.by_time import Boundaries, boundaries, newest
from sync.dataset.splits.groups import groups_of
from sync.dataset.splits.homes import STRENGTH, Placed, members_of, placed
from sync.dataset.splits.prompt_vectors import PromptVectors
from sync.dataset.splits.proof import proof
from sync.dataset.splits.split_items import SplitItem
from sync.dataset.splits.stored_splits import Assigned, StoredSplit
from sync.dataset.splits.stratify import share_out
from sync.settings.split import SplitSection


def assign(
    settings: SplitSection,
    items: Sequence[SplitItem],
    texts: PromptVectors | None = None,
    known: Sequence[StoredSplit] = (),
) -> tuple[list[Assigned], Json]:
    """The lines of a split, and of its manifest what they say.

    Args:
        items: in the order that `items_of` gives them.
        texts: their vectors; None where near-duplicates are not looked for.
        known: the split that this one builds on, then others that have a say in where items belong.
    """
    homes = _homes(known)
    groups = groups_of(items, texts, settings.near_duplicates or None)
    result = placed(items, groups, homes)
    manifest: Json = {}
    if settings.by == "time":
        manifest["time"] = _by_time(settings, items, groups, result, known)
    else:
        new = share_out(items, result.splits, result.fresh, settings.shares, settings.seed)
        for group, name in new.items():
            result.place(group, name)
    before = {line.key: line.split for line in known[0].lines if line.split} if known else {}
    manifest |= {
        "sizes": parts.sizes(result),
        "changes": parts.changes(items, result, before),
        "groups": parts.group_sizes(items, groups),
        "proportions": parts.proportions(items, result),
        "proof": proof(items, result.splits, texts),
        "reading": None if texts is None else parts.reading(texts),
    }
    return _lines(items, groups, result, homes), manifest


def _homes(known: Sequence[StoredSplit]) -> dict[str, str]:
    homes: dict[str, str] = {}
    for one in known:
        for key, home in one.homes().items():
            homes[key] = max(homes.get(key, home), home, key=STRENGTH.__getitem__)
    return homes


def _by_time(
    settings: SplitSection,
    items: Sequence[SplitItem],
    groups: Rows,
    result: Placed,
    known: Sequence[StoredSplit],
) -> Json:
    """Place new groups by time."""
    earlier = known[0].manifest().get("time") if known else None
    found = boundaries(
        items,
        list(members_of(groups).values()),
        settings,
        Boundaries.from_json(earlier) if earlier else None,
    )
    for group, members in result.fresh.items():
        result.place(group, found.split_at(newest(items, members)))
    return parts.times(items, result, found)


def _lines(
    items: Sequence[SplitItem], groups: Rows, result: Placed, homes: Mapping[str, str]
) -> list[Assigned]:
    """Every item, and every item that there ever was, by key."""
    first = {g: items[members[0]].key for g, members in members_of(groups).items()}
    lines = [
        Assigned(item.key, item.task_id, split_, str(home), first[group])
        for item, split_, home, group in zip(
            items, result.splits, result.homes, groups.tolist(), strict=True
        )
    ]
    here = {item.key for item in items}
    lines += [Assigned(key, None, None, home) for key, home in homes.items() if key not in here]
    return sorted(lines, key=lambda line: (line.key, line.task_id or 0))
