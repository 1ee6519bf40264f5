"""A project's categories as a question to the model: which label does a request get?"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from label_configs import Interface
from label_configs.content import INSTRUCTION_ROLES, spoken
from sync.records import LabelledRecord
from sync.training_files.example import Message

OneOrMoreLabels = str | Sequence[str]

# in the form of a reply
_LABEL, _LISTED = '"…"', "[…]"


@dataclass(frozen=True)
class CategoryKind:
    """One kind of category: its labels, and what they tell apart ("" where nobody said).

    Attributes:
        several: a request may have more than one of them.
    """

    name: str
    labels: tuple[str, ...]
    about: str = ""
    several: bool = False

    def __str__(self) -> str:
        told = ", ".join(text for text in (self.about, "any number" * self.several) if text)
        return f"{self.name}{told and f' ({told})'}: {', '.join(self.labels)}"

    def holds(self, label: OneOrMoreLabels | None) -> bool:
        """Whether this is what the kind asks for; labels of an earlier list are not."""
        if isinstance(label, str):
            return not self.several and label in self.labels
        return self.several and bool(label) and set(label or ()) <= set(self.labels)


@dataclass(frozen=True)
class CategoryQuestion:
    """What the model is asked about a request, and what it should reply.

    Attributes:
        kinds: at least one. Of a single one the reply is the label, or a JSON list where there may
            be several; of more kinds it is a JSON object with those that the task has.
    """

    kinds: tuple[CategoryKind, ...]

    def turns(
        self, record: LabelledRecord, interface: Interface[Any]
    ) -> tuple[list[Message], str] | None:
        """The prompt for one task and the right reply; None where it has no label."""
        known = categories_of(record, interface)
        kinds = tuple(kind for kind in self.kinds if kind.holds(known.get(kind.name)))
        if not kinds:
            return None
        labels: Any = {kind.name: known[kind.name] for kind in kinds}
        alone = len(self.kinds) == 1
        if alone:
            labels = labels[kinds[0].name]
        reply = labels if isinstance(labels, str) else json.dumps(labels, ensure_ascii=False)
        prompt: list[Message] = [
            {"role": "system", "content": _instruction(kinds, alone)},
            {"role": "user", "content": _request(interface.prompt_messages(record.data))},
        ]
        return prompt, reply


def question_of(
    interface: Interface[Any], about: Mapping[str, str] | None = None
) -> CategoryQuestion | None:
    """The question that a project's categories make, or None where it has none.

    Args:
        about: what the labels of a kind tell apart, by name.
    """
    kinds = [
        CategoryKind(name, tuple(labels), (about or {}).get(name, ""))
        for name, labels in interface.dimensions.items()
    ]
    for name in interface.category_controls:
        control = interface.config.control(name)
        if control is not None and control.choices and control.repeat is None:
            kinds.append(CategoryKind(name, control.choices, several=control.tag == "Labels"))
    return CategoryQuestion(tuple(kinds)) if kinds else None


def categories_of(record: LabelledRecord, interface: Interface[Any]) -> dict[str, OneOrMoreLabels]:
    """A task's labels by kind of category, those of the interface's own controls included."""
    return {**record.categories, **interface.task_labels(record.record)}


@lru_cache(maxsize=256)
def _instruction(kinds: tuple[CategoryKind, ...], alone: bool) -> str:
    listed = "\n".join(map(str, kinds))
    if alone and not kinds[0].several:
        return f"Say which label fits the user's request best.\n\n{listed}\n\nReply with the label."
    if alone:
        return (
            "Say which labels fit the user's request, the most urgent first.\n\n"
            f"{listed}\n\nReply with a JSON list."
        )
    form = ", ".join(f'"{kind.name}": {_LISTED if kind.several else _LABEL}' for kind in kinds)
    return (
        "Say which labels fit the user's request best, one of each line.\n\n"
        f"{listed}\n\nReply with a JSON object: {{{form}}}"
    )


def _request(turns: Sequence[Mapping[str, Any]]) -> str:
    """What was said so far: the words of a single turn, else a paragraph a turn with its role."""
    told = [(t["role"], spoken(t)) for t in turns if t["role"] not in INSTRUCTION_ROLES]
    said = [(role, words) for role, words in told if words]
    return said[0][1] if len(said) == 1 else "\n\n".join(f"{role}: {w}" for role, w in said)
