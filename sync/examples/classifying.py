"""A project's categories as a question to the model: which label does a request get?"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from label_configs import Interface
from sync.examples.example import Message

if TYPE_CHECKING:
    from sync.records import LabelledRecord


@dataclass(frozen=True)
class CategoryKind:
    """One kind of category: its labels, and what they tell apart ("" where nobody said)."""

    name: str
    labels: tuple[str, ...]
    about: str = ""

    def __str__(self) -> str:
        about = f" ({self.about})" if self.about else ""
        return f"{self.name}{about}: {', '.join(self.labels)}"


@dataclass(frozen=True)
class CategoryQuestion:
    """What the model is asked about a request, and what it should reply.

    Attributes:
        kinds: at least one. Of a single one the reply is the label; of several it is a JSON object
            with those that the task has.
    """

    kinds: tuple[CategoryKind, ...]

    def turns(
        self, record: "LabelledRecord", interface: Interface[Any]
    ) -> tuple[list[Message], str] | None:
        """The prompt for one task and the right reply; None where it has no label."""
        known = categories_of(record, interface)
        kinds = tuple(kind for kind in self.kinds if known.get(kind.name) in kind.labels)
        if not kinds:
            return None
        labels = {kind.name: known[kind.name] for kind in kinds}
        plain = len(self.kinds) == 1
        reply = labels[kinds[0].name] if plain else json.dumps(labels, ensure_ascii=False)
        prompt: list[Message] = [
            {"role": "system", "content": _instruction(kinds, plain)},
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
    for name in _own_controls(interface):
        control = interface.config.control(name)
        if control is not None and control.choices:
            kinds.append(CategoryKind(name, tuple(control.choices)))
    return CategoryQuestion(tuple(kinds)) if kinds else None


def categories_of(record: "LabelledRecord", interface: Interface[Any]) -> dict[str, str]:
    """A task's labels by kind of category, those of the interface's own control included."""
    chosen = interface.labels(record.record)
    own = {name: chosen[name] for name in _own_controls(interface) if name in chosen}
    return {**record.categories, **own}


@lru_cache(maxsize=64)
def _own_controls(interface: Interface[Any]) -> tuple[str, ...]:
    """The controls in which annotators choose one category of the whole task."""
    own = interface.label_controls
    return tuple(name for name in interface.category_controls if name in own)


@lru_cache(maxsize=256)
def _instruction(kinds: tuple[CategoryKind, ...], plain: bool) -> str:
    listed = "\n".join(map(str, kinds))
    if plain:
        return f"Say which label fits the user's request best.\n\n{listed}\n\nReply with the label."
    form = ", ".join(f'"{kind.name}": "…"' for kind in kinds)
    return (
        "Say which labels fit the user's request best, one of each line.\n\n"
        f"{listed}\n\nReply with a JSON object: {{{form}}}"
    )


def _request(turns: Sequence[Mapping[str, Any]]) -> str:
    """What was said so far: the words of a single turn, else a paragraph a turn with its role."""
    said = [turn for turn in turns if turn["role"] != "system" and turn["content"]]
    if len(said) == 1:
        only: str = said[0]["content"]
        return only
    return "\n\n".join(f"{turn['role']}: {turn['content']}" for turn in said)
