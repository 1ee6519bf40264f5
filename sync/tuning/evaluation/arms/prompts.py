"""How an arm is asked about a held-out item, and what of its reply is the answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from connectors.llm_turns import PromptMessage
from connectors.reading import Embeddings
from drafting import fit_to_context
from drafting.finished_example import (
    FinishedExample,
    conversation_of,
    embedded_text,
    example_of_record,
    nearest_examples,
)
from drafting.prompts import FewShotExample
from label_configs import Interface, LabelConfigError, ReplyError
from label_configs.raw_reply import split_reply
from sync.records import LabelledRecord
from sync.tuning.evaluation.arms.arm import PromptKind
from sync.tuning.evaluation.held_out import HeldOutItem

# (n, dim) unit vectors of n texts
VectorsOf = Callable[[Sequence[str]], Embeddings]


@dataclass(frozen=True)
class ArmRequest:
    """What an arm is asked.

    Attributes:
        variants: the prompt, then ever shorter ones for a model whose context it exceeds.
        schema: what the reply must follow; None: it is text.
        read: the answer in a reply; None where there is none that fits.
    """

    variants: Sequence[list[PromptMessage]]
    schema: Mapping[str, Any] | None
    read: Callable[[str], str | None]


def said_answer(reply: str) -> str | None:
    """The answer in a reply that is text, without its reasoning."""
    return split_reply(reply).answer.strip() or None


def plain_request(messages: Sequence[Mapping[str, Any]]) -> ArmRequest:
    """What is asked by messages alone."""
    return ArmRequest(([dict(message) for message in messages],), None, said_answer)


@dataclass(frozen=True)
class ProjectPrompts:
    """The prompts of a project, as the backend and as its releases have them.

    Attributes:
        shown: by an item's key, the finished examples of train that are most like it.
        limit_tokens: what a model can read; None: the server has the last word.
    """

    interface: Interface[Any]
    shown: Mapping[str, Sequence[FewShotExample]] = field(default_factory=dict)
    limit_tokens: int | None = None

    def request(self, kind: PromptKind, item: HeldOutItem) -> ArmRequest:
        """An item as an arm is asked about it."""
        if kind == "plain":
            return plain_request(item.asked.prompt)
        data, examples = item.record.data, self.shown.get(item.key, ())
        variants = fit_to_context.prompts(self.interface, data, examples, self.limit_tokens)
        return ArmRequest(tuple(variants), self.interface.schema(), partial(self._answer, data))

    def _answer(self, data: Mapping[str, Any], reply: str) -> str | None:
        turn = {"role": "assistant", "content": reply}
        try:
            record = self.interface.read_turn(turn, data)
        except ReplyError:
            return None
        return self.interface.answer(record).strip() or None


def shown_examples(
    interface: Interface[Any],
    items: Sequence[HeldOutItem],
    train: Sequence[LabelledRecord],
    k: int,
    vectors_of: VectorsOf,
) -> dict[str, list[FewShotExample]]:
    """By an item's key, the examples that the backend would show: of train alone, at most k."""
    finished = [found for record in train if (found := _example(interface, record)) is not None]
    if not k or not finished or not items:
        return {}
    asked = [embedded_text(interface, item.record.data) for item in items]
    vectors = vectors_of([*(each.embedded for each in finished), *asked])
    similarity = vectors[len(finished) :] @ vectors[: len(finished)].T
    return {
        item.key: nearest_examples(
            finished,
            np.asarray(row, dtype=np.float32),
            conversation_of(interface, item.record.data),
            k,
            item.record.task_id,
        )
        for item, row in zip(items, similarity, strict=True)
    }


def _example(interface: Interface[Any], record: LabelledRecord) -> FinishedExample | None:
    try:
        return example_of_record(
            interface, record.task_id, record.data, record.record, has_split=True
        )
    except (LabelConfigError, LookupError, TypeError, ValueError, AttributeError):
        return None  # as in the backend: others are still to be shown
