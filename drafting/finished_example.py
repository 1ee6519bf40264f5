"""A finished task as an example for others: what was asked, and what an expert made of it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drafting.prompts import FewShotExample
from label_configs import Interface, LabelConfigError
from label_configs.annotations.candidates import ListedAnnotation
from label_configs.annotations.choose_annotation import Choosing, choose_annotation
from label_configs.content import INSTRUCTION_ROLES, spoken, text_of
from label_configs.context import readable
from label_configs.raw_reply import leftover

QUESTION_CHARS = 1500  # of a question that is shown, the latest words of it
REPLY_CHARS = 6000  # a longer reply is no example: cut it would teach to stop early
EMBEDDED_CHARS = 1000  # about what the default model reads; encoding costs by length
FACTS_CHARS = 200
IDS = ("labeltune_id", "id", "conversation_id")  # fields that name the conversation of a task
TRAIN = "train"
# cosine similarity; with the default model, questions of unrelated fields stayed below 0.27 to all
# 64 of the sample project, where the third nearest of the same project had 0.42 in the median
LEAST_SIMILARITY = 0.3


@dataclass(frozen=True)
class ConversationIdentity:
    """What tells whether two tasks are about the same conversation.

    Attributes:
        said: digests of the user's turns, in order, blanks and case aside.
        ids: of the conversation, by field.
    """

    said: tuple[bytes, ...]
    ids: frozenset[tuple[str, str]]

    def overlaps(self, other: "ConversationIdentity") -> bool:
        """Whether they share an id, or one begins with all that the user said in the other."""
        both = min(len(self.said), len(other.said))
        return bool(self.ids & other.ids) or self.said[:both] == other.said[:both]


@dataclass(frozen=True)
class FinishedExample:
    """A finished task.

    Attributes:
        embedded: the text by which similar ones are found.
        has_split: it belongs to the training split; otherwise it belongs to none.
    """

    task_id: int
    example: FewShotExample
    conversation: ConversationIdentity
    embedded: str
    has_split: bool


def conversation_of(interface: Interface[Any], data: Mapping[str, Any]) -> ConversationIdentity:
    """What a task's conversation is known by."""
    said = (" ".join(turn.casefold().split()) for turn in _user_turns(interface, data))
    return ConversationIdentity(
        tuple(
            hashlib.blake2b(turn.encode(errors="replace"), digest_size=12).digest() for turn in said
        ),
        frozenset((field, str(data[field])) for field in IDS if data.get(field) is not None),
    )


def embedded_text(interface: Interface[Any], data: Mapping[str, Any]) -> str:
    """What the user said, the last turn first, since models read the beginning; then the facts."""
    facts = interface.inputs(data)["context"].items()
    told = "; ".join(f"{name}: {readable(fact)}" for name, fact in facts if fact is not None)
    said = "\n".join(reversed(_user_turns(interface, data)))
    return f"{said[:EMBEDDED_CHARS]}\n{told[:FACTS_CHARS]}".strip()


def splits_of(task: Mapping[str, Any]) -> list[Any]:
    """The splits that a task's data and meta name."""
    places = (task.get("data"), task.get("meta"))
    named = [place.get("split") for place in places if isinstance(place, Mapping)]
    return [split for split in named if split is not None]


def finished_of(
    interface: Interface[Any], task: Mapping[str, Any], choosing: Choosing | None = None
) -> FinishedExample | None:
    """A listed task as an example.

    Args:
        task: `id`, `data`, `meta` and `annotations`, as Label Studio lists them.
        choosing: which annotation counts; by default without reviews.

    Returns:
        None when it is of another split than train, nothing in it was accepted, a reviewer
        rejected it, its answer calls tools, or it can't be read.
    """
    splits = splits_of(task)
    if any(split != TRAIN for split in splits):
        return None
    try:
        data = task["data"]
        interface.check_task(data)
        annotations = [ListedAnnotation.of(listed) for listed in task["annotations"]]
        chosen = choose_annotation(
            int(task["id"]), data, annotations, interface, choosing or Choosing()
        )
        if chosen.winner is None or chosen.winner.rejected:
            return None
        record = chosen.winner.record(interface)
        return example_of_record(interface, int(task["id"]), data, record, has_split=bool(splits))
    except (LabelConfigError, LookupError, TypeError, ValueError, AttributeError):
        # nobody finished it, or somebody changed it by hand: others are still to be drafted
        return None


def example_of_record(
    interface: Interface[Any],
    task_id: int,
    data: Mapping[str, Any],
    record: Any,
    *,
    has_split: bool,
) -> FinishedExample | None:
    """A finished record as an example; None where no prompt may show it.

    Raises:
        ReplyError: the interface could not read its reply.
    """
    reply = interface.example_reply(record, data)
    if reply is None or len(reply) > REPLY_CHARS:
        return None
    # what the model must not write it must not read
    interface.read_reply(reply, data)
    if (left := leftover(reply)) is not None and left.certain:
        return None
    return FinishedExample(
        task_id=task_id,
        example=FewShotExample(_question(interface, data), reply),
        conversation=conversation_of(interface, data),
        embedded=embedded_text(interface, data),
        has_split=has_split,
    )


def nearest_examples(
    finished: Sequence[FinishedExample],
    similarity: NDArray[np.float32],
    own: ConversationIdentity,
    k: int,
    task_id: int | None = None,
) -> list[FewShotExample]:
    """The examples that are most like a task, the most similar first; each reply once.

    Args:
        similarity: (n,) cosines of the task and each of the n finished examples.
        own: the task's conversation, which is never among them.
        k: at most so many.
        task_id: of the task itself, where it is finished.
    """
    found: list[FewShotExample] = []
    for i in np.argsort(-similarity, kind="stable"):
        if similarity[i] < LEAST_SIMILARITY or len(found) == k:
            break
        other = finished[i]
        itself = other.task_id == task_id or other.conversation.overlaps(own)
        if not itself and all(other.example.reply != shown.reply for shown in found):
            found.append(other.example)
    return found


def _user_turns(interface: Interface[Any], data: Mapping[str, Any]) -> list[str]:
    asked = (m for m in interface.prompt_messages(data) if m["role"] == "user")
    return [text_of(message["content"]) for message in asked]


def _question(interface: Interface[Any], data: Mapping[str, Any]) -> str:
    """The conversation without system turns; its beginning is cut where it is long."""
    told = interface.prompt_messages(data)
    turns = [turn for turn in told if turn["role"] not in INSTRUCTION_ROLES]
    said = "\n".join(f"{turn['role']}: {spoken(turn)}" for turn in turns)
    text = text_of(turns[0]["content"]) if len(turns) == 1 else said
    return text if len(text) <= QUESTION_CHARS else f"[…] {text[-QUESTION_CHARS:]}"
