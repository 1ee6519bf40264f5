"""Waiting tasks that nearly repeat another one: what is asked first stays, the others go back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings
from label_configs.task_pictures import address_of, picture_parts
from sync.common.picture_names import name_in
from sync.common.task_texts import document_texts, user_text
from sync.compute import Engine
from sync.compute.near_duplicate_search import first_near
from sync.coverage.weights import Integers
from sync.queue.priority import DONE, NONE


@dataclass(frozen=True, slots=True)
class Question:
    """What a task asks.

    Attributes:
        text: all that the user said; its embedding is compared.
        beside: a digest of what must be equal for two questions to be alike: documents, given
            answers, pictures. Facts of the context may differ.
    """

    text: str
    beside: bytes


def question_of(data: Mapping[str, Any]) -> Question:
    """What a task asks, of its data."""
    addresses = map(address_of, picture_parts(data.get("messages")))
    seen = [name_in(address) or address for address in addresses]
    beside = [list(document_texts(data)), data.get("answers") or [], seen]
    said = json.dumps(beside, sort_keys=True).encode() if any(beside) else b""
    return Question(user_text(data).strip(), blake2b(said, digest_size=16).digest())


def near_repeats(
    waiting: Sequence[Question],
    done: Sequence[Question],
    vectors: Embeddings,
    order: Integers,
    threshold: float,
    engine: Engine,
    of_waiting: Integers | None = None,
) -> Integers:
    """Which waiting tasks nearly repeat another one.

    A task that waits for its second answer is no repeat of its first one, nor of any other task:
    others are repeats of it.

    Args:
        vectors: (len(waiting) + len(done), dim), rows of length 1: of their texts.
        order: places of the waiting tasks to be compared; of those that are alike, the first stays.
        threshold: least cosine similarity, in (0, 1].
        engine: compares blocks of rows.
        of_waiting: (len(done),) the place of the waiting task that is done in part, or `NONE`;
            None: no done task waits.

    Returns:
        (len(waiting),) the place of the task that it repeats and that repeats none itself, or
        `NONE`, or `DONE` for a task that is done; `NONE` for tasks outside of `order`.
    """
    found = np.full(len(waiting), NONE, dtype=np.int64)
    own = np.full(len(done), NONE) if of_waiting is None else of_waiting
    begun = np.isin(own, order)
    # what is done comes before whatever waits, and what is done in part before the rest of that
    ahead = len(waiting) + np.flatnonzero(~begun), own[begun], order[~np.isin(order, own[begun])]
    questions = [*waiting, *done]
    for group in _groups(questions, np.concatenate(ahead).astype(np.int64)):
        is_done = group >= len(waiting)
        stays = is_done | np.isin(group, own[begun])
        if len(group) > 1 and not stays.all():
            for row, (first, _) in first_near([vectors[group]], threshold, stays, engine).items():
                found[group[row]] = DONE if is_done[first] else group[first]
    return found


def _groups(questions: Sequence[Question], rows: Integers) -> list[NDArray[np.int64]]:
    """Rows whose questions may be compared, each group in their order."""
    groups: dict[bytes, list[int]] = {}
    for row in rows.tolist():
        groups.setdefault(questions[row].beside, []).append(row)
    return [np.array(group, dtype=np.int64) for group in groups.values()]
