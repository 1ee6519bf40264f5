"""A split for people: a table of proportions, and what they should know of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.reading import sentence
from sync.common.wording import counted
from sync.dataset.splits.proportions import TOLERANCE
from sync.dataset.splits.split_items import DROPPED, SPLITS
from sync.dataset.splits.stored_splits import ANEW

# labels of a kind that are shown, the most frequent
_ROWS = 10
# items of a group that are nothing to speak of, however few there are in all
_FEW = 9
# above it texts are the same but for a word
_HIGHEST = 0.99
# of the table's first column
_WIDTH = 32


def table(manifest: Mapping[str, Any]) -> list[str]:
    """Sizes, and percent of each label in every split."""
    sizes = manifest["sizes"]
    total = sum(sizes[name] for name in SPLITS)
    lines = [_row("", ["all", *SPLITS])]
    lines.append(_row("items", [str(total), *(str(sizes[name]) for name in SPLITS)]))
    shares = [f"{100 * sizes[name] / total:.1f} %" if total else "" for name in SPLITS]
    lines.append(_row("share", ["", *shares]))
    for kind, labels in manifest["proportions"]["percent"].items():
        lines.append(kind)
        shown = sorted(labels, key=lambda label: (-labels[label]["all"], label))
        for label in shown[:_ROWS]:
            cells = [f"{labels[label][name]:.1f} %" for name in ("all", *SPLITS)]
            lines.append(_row(f"  {label}", cells))
        if rest := shown[_ROWS:]:
            points = max(
                abs(labels[label][name] - labels[label]["all"])
                for label in rest
                for name in SPLITS
                if sizes[name]
            )
            lines.append(f"  and {len(rest)} more, at most {points:.1f} points off")
    return lines


def proven(manifest: Mapping[str, Any]) -> str:
    """The proof in a sentence."""
    ties = manifest["proof"]["ties_across"]
    compared = manifest["proof"]["closest"]
    if not compared:
        return f"{counted(ties, 'tie')} across splits; near-duplicates were not looked for."
    found = [c for c in compared if c["keys"]]
    if not found:
        alone = "all items are in one, so there are no pairs across."
        return f"{counted(ties, 'tie')} across splits; {alone}"
    worst = max(found, key=lambda c: c["similarity"])
    pairs = sum(c["comparisons"] for c in found)
    return (
        f"{counted(ties, 'tie')} across splits; of {pairs:,} pairs across them the closest is "
        f"{worst['similarity']:.4f} similar ({' and '.join(worst['between'])}), below the "
        f"threshold of {manifest['settings']['near_duplicates']}."
    )


def warnings(manifest: Mapping[str, Any]) -> list[str]:
    """What is not as one would want it, and what to do."""
    return [
        *_of_anew(manifest),
        *_of_reading(manifest),
        *_of_groups(manifest),
        *_of_changes(manifest),
        *_of_shares(manifest),
        *_of_labels(manifest),
        *_of_time(manifest),
    ]


def _of_anew(manifest: Mapping[str, Any]) -> Iterator[str]:
    if aside := manifest.get(ANEW):
        yield (
            f"made anew: what {counted(len(aside), 'earlier split')} had put into train "
            "may be in test now; train on nothing but releases of this split, and test no model on "
            "it that was trained on one from before"
        )


def _of_reading(manifest: Mapping[str, Any]) -> Iterator[str]:
    reading = manifest.get("reading")
    if reading and reading["unread"]:
        yield sentence(reading["unread"], reading["texts"], manifest["model"])


def _of_groups(manifest: Mapping[str, Any]) -> Iterator[str]:
    """A group that is larger than a split should be."""
    groups, settings = manifest["groups"], manifest["settings"]
    total = sum(manifest["sizes"].values())
    smallest = min((name for name in SPLITS if settings[name]), key=lambda name: settings[name])
    if groups["largest"] <= max(_FEW, settings[smallest] * total):
        return
    by = ", ".join(f"{name} {count}" for name, count in groups["largest_by"].items())
    fields = [name for name in groups["largest_by"] if name in settings["keep_together"]]
    advice = []
    threshold = settings["near_duplicates"]
    if "near_duplicates" in groups["largest_by"] and threshold < _HIGHEST:
        advice.append(f"raise split.near_duplicates ({threshold})")
    if fields:
        advice.append(f"take {' and '.join(fields)} out of split.keep_together if that is safe")
    if "opening" in groups["largest_by"]:
        advice.append("set split.openings = false if equal first turns mean nothing")
    if not advice:
        advice.append("add items that ask something else")
    # what has a split keeps it, whatever the settings say
    then = ", then run `labeltune split --anew`" if _kept(manifest) else ""
    yield (
        f"{groups['largest']} of {total} items are one group (held together by {by}), which is "
        f"more than {smallest} should have; they can't be told apart, so shares and proportions "
        f"suffer: {', or '.join(advice)}{then}"
    )


def _of_changes(manifest: Mapping[str, Any]) -> Iterator[str]:
    dropped, changes = manifest["sizes"][DROPPED], manifest["changes"]
    if dropped:
        yield (
            f"dropped items: {dropped} ({changes['dropped']} of them now), tied by now to items of "
            "a split that they must not be beside; they come back when they are not any more "
            '(`"split":"dropped"` in the file)'
        )


def _of_shares(manifest: Mapping[str, Any]) -> Iterator[str]:
    sizes, settings = manifest["sizes"], manifest["settings"]
    total = sum(sizes[name] for name in SPLITS)
    for name in SPLITS:
        if settings[name] and not sizes[name]:
            yield _of_empty(name, manifest)
        elif abs(100 * sizes[name] / total - 100 * settings[name]) > 2 * TOLERANCE:
            yield (
                f"{name} has {100 * sizes[name] / total:.1f} % of the items and should have "
                f"{100 * settings[name]:.0f} %; new items make up for it"
                if settings["by"] == "group"
                else f"{name} has {100 * sizes[name] / total:.1f} % of the items and should have "
                f"{100 * settings[name]:.0f} %; set split.validation_from and split.test_from to "
                "later days for what is new"
            )


def _of_empty(name: str, manifest: Mapping[str, Any]) -> str:
    """Why a split is empty: nothing can be in it, or everything was put elsewhere before."""
    groups, kept = manifest["groups"]["count"], _kept(manifest)
    wanted = sum(bool(manifest["settings"][one]) for one in SPLITS)
    if kept and groups >= wanted:
        return (
            f"{name} is empty: {kept} item{'s stay' if kept > 1 else ' stays'} where an earlier "
            "split has put them; new items make up for it, or `labeltune split --anew` shares all "
            "out anew"
        )
    return f"{name} is empty: there are too few groups ({groups})"


def _kept(manifest: Mapping[str, Any]) -> int:
    """Items that an earlier split has placed."""
    return int(sum(manifest["sizes"].values()) - manifest["changes"]["new"])


def _of_labels(manifest: Mapping[str, Any]) -> Iterator[str]:
    settings = manifest["settings"]
    for kind in settings["stratify"] or ():
        if kind not in manifest["proportions"]["percent"]:
            yield f"split.stratify names {kind!r}, and no item has a label of it"
    off = manifest["proportions"]["off"] if settings["by"] == "group" else []
    if off:
        worst = off[0]
        forced = sum(o["forced"] for o in off)
        yield (
            f"{len(off)} proportions are more than {TOLERANCE:.0f} points off ({forced} of them "
            f"since groups and earlier splits allow no better), most {worst['kind']} = "
            f"{worst['label']} in {worst['split']}: {worst['points']:+.1f}"
        )


def _of_time(manifest: Mapping[str, Any]) -> Iterator[str]:
    late = manifest.get("time", {}).get("train_as_new_as_test", 0)
    if late:
        yield (
            f"{counted(late, 'item of train is', 'items of train are')} as new as test: an earlier "
            f"split put {'it' if late == 1 else 'them'} there"
        )


def _row(name: str, cells: list[str]) -> str:
    shown = name if len(name) <= _WIDTH else name[: _WIDTH - 1] + "…"
    return (f"{shown:<{_WIDTH}}" + "".join(f"{cell:>12}" for cell in cells)).rstrip()
