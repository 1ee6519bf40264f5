"""Items whose likeness is planted: texts about topics, and vectors made of those."""

import json
from collections.abc import Sequence
from datetime import datetime

import numpy as np

from connectors.reading import Embeddings
from sync.dataset.splits.assign import assign
from sync.dataset.splits.prompt_vectors import PromptVectors
from sync.dataset.splits.split_items import SplitItem
from sync.dataset.splits.stored_splits import Assigned, StoredSplit, text_of
from sync.settings.split import SplitSection

# two texts that share one of at most two topics reach it, others don't
THRESHOLD = 0.65
_DIM = 128


def item(
    key: str,
    text: str = "",
    *,
    label: str | None = None,
    user: str | None = None,
    at: datetime | None = None,
) -> SplitItem:
    """An item; without a text it is like no other."""
    return SplitItem(
        key=key,
        task_id=int("".join(c for c in key if c.isdigit()) or 0),
        text=text,
        ties=() if user is None else (("user_id", user),),
        at=at,
        labels=() if label is None else (("topic", label),),
    )


def vector_of(text: str) -> Embeddings:
    """Of `t3 t7 n5`: topics 3 and 7, in the words of phrase 5."""
    vector = np.zeros(_DIM)
    for word in text.split():
        if word.startswith("t"):
            vector[int(word[1:])] += 1.0
    noise = np.random.default_rng(list(text.encode())).normal(size=_DIM)
    vector += 0.15 * noise / np.linalg.norm(noise)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def texts_of(items: Sequence[SplitItem]) -> PromptVectors:
    """The vectors of all texts."""
    distinct = sorted({one.text for one in items if one.text})
    vectors = np.array([vector_of(text) for text in distinct], dtype=np.float32)
    return PromptVectors({text: at for at, text in enumerate(distinct)}, vectors.reshape(-1, _DIM))


def settings(**fields: object) -> SplitSection:
    """Settings under which topics matter."""
    return SplitSection.model_validate({"near_duplicates": THRESHOLD} | fields)


def split_of(
    items: Sequence[SplitItem],
    before: StoredSplit | None = None,
    given: SplitSection | None = None,
    texts: PromptVectors | None = None,
) -> StoredSplit:
    """A split as it is read again, on top of another one.

    Args:
        texts: with vectors of their own, rather than planted ones.
    """
    rows = sorted(items, key=lambda one: (one.key, one.task_id))
    known = [] if before is None else [before]
    section = given or settings()
    lines, manifest = assign(section, rows, texts or texts_of(rows), known)
    manifest["settings"] = section.model_dump(mode="json")
    number = 0 if before is None else before.table_version + 1
    read = [Assigned.from_json(json.loads(line)) for line in text_of(lines).splitlines()]
    return StoredSplit(f"v{number}-00000000", read, json.loads(json.dumps(manifest)))
