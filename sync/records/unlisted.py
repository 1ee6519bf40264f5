"""Labels that finished work holds and `labeltune.toml` does not list, as after a rename.

A label of a kind that there still is stays as it is: in the record, in `lineage.jsonl` and in every
count by label. It is left out where the model is asked for the label, and in targets. A kind that
there is no more has no place in a record, so its labels are left out.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from label_configs import Interface
from label_configs.annotations.candidates import finished
from label_configs.dimensions import FIELD
from sync.settings.categories import CategorySection, by_rules
from sync.table.task_rows import Annotation, TaskRow

NAMED = 3
_ROW = re.compile(r"_?\\\{\\\{\w+\\\}\\\}")


@dataclass(frozen=True)
class Unlisted:
    """A label that is not listed, or a kind that there is no more.

    Attributes:
        label: None: the whole kind is not known.
        listed_in: where labels of this kind are listed, or would be; None where nobody knows it.
        annotations: finished annotations that hold it, or whose task does and they say nothing.
        first: the first of them, as task and annotation.
        ours: a kind that push or a draft of ours used; else it may be a control of somebody's own.
    """

    kind: str
    label: str | None
    listed_in: str | None
    annotations: int
    first: tuple[tuple[int, int], ...]
    ours: bool = True

    def sentence(self) -> str:
        """What is wrong and what to do; without its full stop."""
        hold = f"{self.annotations:,} {'annotations hold' if self.annotations > 1 else _ONE}"
        tasks = ", ".join(str(task) for task in dict.fromkeys(task for task, _ in self.first))
        where = f"(first: task {tasks})" if "," not in tasks else f"(first: tasks {tasks})"
        if self.label is not None:
            return (
                f"{self.kind}: {hold} the label {self.label!r}, which {self.listed_in} of "
                "labeltune.toml does not list; add it there, or choose a listed one in Label "
                f"Studio {where}"
            )
        if self.listed_in is not None:
            return (
                f"{hold} a label of {self.kind!r}, and {self.listed_in} of labeltune.toml has no "
                f"list of them; list some there, or take the setting out {where}"
            )
        if self.ours:
            return (
                f"{hold} a label of {self.kind!r}, and labeltune.toml has no "
                f"[categories.{self.kind}]; name it so again, or its labels are left out {where}"
            )
        return (
            f"{hold} a choice of {self.kind!r}, which is neither of the interface nor in "
            f"[categories] of labeltune.toml, and so in no file {where}"
        )

    def exported(self) -> str:
        """The same, with what an export does about it."""
        if self.label is None:
            return f"{self.sentence()}; left out"
        return f"{self.sentence()}; kept as it is, and left out where a model is asked for it"


_ONE = "annotation holds"


class UnlistedLabels:
    """Finds them while rows go by."""

    def __init__(
        self, interface: Interface[Any], categories: Mapping[str, CategorySection]
    ) -> None:
        self._categories = categories
        self._kinds = interface.dimensions
        self._own_kinds = {_kind(name) for name in interface.category_controls}
        self._listed = _listed(interface)
        self._controls = [_pattern(control.name) for control in interface.config.controls]
        self._found: defaultdict[tuple[str, str | None], list[tuple[int, int]]]
        self._ours: set[str]
        self._reset()

    def watch(self, rows: Iterable[TaskRow]) -> Iterator[TaskRow]:
        """The rows as they are, looked at as they go by; begins anew each time."""
        self._reset()
        for row in rows:
            self._look(row)
            yield row

    def found(self) -> tuple[Unlisted, ...]:
        """What was found in the rows that went by, by kind and label."""
        return tuple(
            Unlisted(
                kind=kind,
                label=label,
                listed_in=self._place(kind),
                annotations=len(places),
                first=tuple(places[:NAMED]),
                ours=self._place(kind) is not None or kind in self._ours,
            )
            for (kind, label), places in sorted(
                self._found.items(), key=lambda item: (item[0][0], item[0][1] or "")
            )
        )

    def _reset(self) -> None:
        self._found = defaultdict(list)
        self._ours = set()

    def _place(self, kind: str) -> str | None:
        if kind in self._kinds:
            return f"[categories.{kind}]"
        return "label_studio.categories" if kind in self._own_kinds else None

    def _look(self, row: TaskRow) -> None:
        annotations = finished(row.annotations)
        if not annotations:
            return
        own = self._own(row)
        for annotation in annotations:
            chosen = _chosen(annotation)
            kept = {kind: (label,) for kind, label in own.items() if kind not in chosen}
            held = {name for each in (chosen, kept) for name in self._unlisted(each)}
            for kind, label in held:
                self._found[kind, label].append((row.task_id, annotation.id))
                if label is None and kind not in self._ours and _is_ours(kind, row):
                    self._ours.add(kind)

    def _own(self, row: TaskRow) -> dict[str, str]:
        """Labels that a task brings along and today's rules do not set."""
        if f'"{FIELD}"' not in row.data:
            return {}
        data = row.data_fields()
        held = data.get(FIELD)
        if not isinstance(held, Mapping):
            return {}
        own = {kind: label for kind, label in held.items() if isinstance(label, str) and label}
        if all(label in self._kinds.get(kind, ()) for kind, label in own.items()):
            return {}
        ruled = by_rules(data, self._categories)
        return {kind: label for kind, label in own.items() if kind not in ruled}

    def _unlisted(self, chosen: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str | None]]:
        """Of labels by control those that are not listed, and controls that are not known."""
        for name, labels in chosen.items():
            kind, listed = next(
                ((kind, some) for kind, pattern, some in self._listed if pattern.fullmatch(name)),
                (name, None),
            )
            if listed is not None:
                yield from ((kind, label) for label in labels if label not in listed)
            elif not any(pattern.fullmatch(name) for pattern in self._controls):
                yield kind, None


def unlisted_labels(
    rows: Iterable[TaskRow],
    interface: Interface[Any],
    categories: Mapping[str, CategorySection],
) -> tuple[Unlisted, ...]:
    """What a project's rows hold and `labeltune.toml` does not list."""
    labels = UnlistedLabels(interface, categories)
    for _ in labels.watch(rows):
        pass
    return labels.found()


def _listed(interface: Interface[Any]) -> list[tuple[str, re.Pattern[str], frozenset[str]]]:
    """By kind: what its controls are called, and its labels; kinds without a list are left out."""
    found = [
        (kind, _pattern(kind), frozenset(labels)) for kind, labels in interface.dimensions.items()
    ]
    # an interface's own labels are examples; whoever lists others in Label Studio needs no setting
    for name in interface.category_controls if interface.categories else ():
        control = interface.config.control(name)
        if control is not None and control.choices:
            found.append((_kind(name), _pattern(name), frozenset(control.choices)))
    return found


def _kind(name: str) -> str:
    """A control without the number of its row."""
    return _ROW.sub("", re.escape(name)).replace("\\", "")


@lru_cache(maxsize=512)
def _pattern(name: str) -> re.Pattern[str]:
    """What a control is called in results; in rows each has the row's number."""
    return re.compile(re.sub(r"\\\{\\\{\w+\\\}\\\}", r"\\d+", re.escape(name)))


def _chosen(annotation: Annotation) -> dict[str, list[str]]:
    """Labels by control, of all that is chosen from a list; nothing of what can't be read."""
    try:
        items = annotation.items()
    except ValueError:
        return {}
    chosen: dict[str, list[str]] = {}
    for item in items if isinstance(items, list) else ():
        kind = item.get("type") if isinstance(item, dict) else None
        if kind not in ("choices", "labels") or not isinstance(item.get("from_name"), str):
            continue
        value = item.get("value")
        labels = value.get(kind) if isinstance(value, dict) else None
        if isinstance(labels, list):
            texts = (label for label in labels if isinstance(label, str))
            chosen.setdefault(item["from_name"], []).extend(texts)
    return chosen


def _is_ours(kind: str, row: TaskRow) -> bool:
    """Whether the task brings the kind along, or a draft of it was filled in."""
    held = row.data_fields().get(FIELD)
    if isinstance(held, Mapping) and kind in held:
        return True
    drafts = (draft for draft in row.predictions if f'"{kind}"' in draft.result)
    return any(item.get("from_name") == kind for draft in drafts for item in draft.items())
