"""What an annotation says in each control that chooses, rates, counts or marks; texts aside.

Read from result items and the label config alone, so it holds for every interface, for controls
that somebody added in Label Studio, and for the rows of a Repeater, each by itself.

    {"category": "billing", "accuracy": 4, "flags": frozenset({"escalate"}), ...}
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from label_configs import items
from label_configs.config_xml import ControlTag, LabelConfig

# one of several labels, stars, a number, a set of labels, marks in a text
ValueKind = Literal["label", "stars", "number", "labels", "marks"]


class MarkedSpan(NamedTuple):
    """A marked part of a text, `text[start:end]`, with its label; "" for a mark without one."""

    start: int
    end: int
    label: str


ControlValue = str | int | float | frozenset[str] | frozenset[MarkedSpan]


@dataclass(frozen=True, slots=True)
class GivenValue:
    """A value of an annotation.

    Attributes:
        control: its name in the label config, whichever row it stands in.
        untouched: it is the draft's own, as the page marks what nobody changed.
    """

    control: str
    value: ControlValue
    untouched: bool = False


def value_kind(control: ControlTag) -> ValueKind | None:
    """What kind of value a control collects; None for words, times and orders."""
    if control.tag in ("Choices", "Taxonomy"):
        return "labels" if control.several else "label"
    kinds: Mapping[str, ValueKind] = {
        "Rating": "stars",
        "Number": "number",
        "Pairwise": "label",
        "Labels": "marks",
    }
    return kinds.get(control.tag)


def control_values(
    config: LabelConfig, results: Sequence[Mapping[str, Any]], data: Mapping[str, Any]
) -> dict[str, GivenValue]:
    """The values of an annotation by control, as the page names controls for this task.

    A control of one value that was left empty is absent. One of several was shown and nothing in it
    chosen or marked, so its value is the empty set.

    Args:
        data: of the task, which says how many rows a Repeater has.

    Raises:
        LabelConfigError: an item with a value that can't be read.
    """
    controls = {
        name: control
        for name, control in config.expanded_controls(data).items()
        if value_kind(control) is not None
    }
    given: dict[str, list[Mapping[str, Any]]] = {name: [] for name in controls}
    for item in results:
        name = item.get("from_name")
        if isinstance(name, str) and name in given:
            given[name].append(item)
    found: dict[str, GivenValue] = {}
    for name, control in controls.items():
        value = _read(control, given[name])
        if value is not None:
            origins = {item.get("origin") for item in given[name]}
            found[name] = GivenValue(control.name, value, origins == {"prediction"})
    return found


def _read(control: ControlTag, given: Sequence[Mapping[str, Any]]) -> ControlValue | None:
    kind = value_kind(control)
    if kind == "marks":
        return frozenset(mark for item in given for mark in _marks(item))
    # the last item of a control wins, as it does on the page
    if kind == "labels":
        return frozenset(label for item in given[-1:] for label in _labels(control, item))
    return _one(control, given[-1]) if given else None


def _one(control: ControlTag, item: Mapping[str, Any]) -> ControlValue | None:
    if control.tag == "Rating":
        return items.read_rating(item)
    if control.tag == "Number":
        return _number(item)
    if control.tag == "Pairwise":
        value = item.get("value")
        side = value.get("selected") if isinstance(value, Mapping) else None
        return side if isinstance(side, str) else None
    return items.read_choice(item)


def _number(item: Mapping[str, Any]) -> float | None:
    value = item.get("value")
    told = value.get("number") if isinstance(value, Mapping) else None
    if told is None or (isinstance(told, (int, float)) and not isinstance(told, bool)):
        return told
    raise items.unreadable(item, "number")


def _labels(control: ControlTag, item: Mapping[str, Any]) -> Iterator[str]:
    if control.tag == "Choices":
        yield from items.read_choices(item)
        return
    value = item.get("value")
    paths = value.get("taxonomy") if isinstance(value, Mapping) else None
    if not isinstance(paths, list) or not all(isinstance(path, list) for path in paths):
        raise items.unreadable(item, "taxonomy")
    yield from (" / ".join(map(str, path)) for path in paths)


def _marks(item: Mapping[str, Any]) -> Iterator[MarkedSpan]:
    value = item.get("value")
    if not isinstance(value, Mapping):
        raise items.unreadable(item, "start")
    start, end, labels = value.get("start"), value.get("end"), value.get("labels") or [""]
    if not isinstance(labels, list):
        raise items.unreadable(item, "labels")
    if not (isinstance(start, int) and isinstance(end, int)):
        raise items.unreadable(item, "start")
    yield from (MarkedSpan(start, end, str(label)) for label in labels)
