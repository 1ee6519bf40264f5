"""Documents of other tasks, to stand among a task's own, so that a model learns to choose."""

import hashlib
import json
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any

from sync.intake.redaction.placeholders import placeholders

SharedDocument = Mapping[str, Any]


class DocumentPool:
    """Every document once, by the splits that use it.

    A distractor comes from the task's own split only: one of another split would show a test
    document to the model in training. Which ones are drawn, and where they stand, follows from a
    hash of the task's key and the documents, so neither the order of tasks nor the day matters.
    Fill it before drawing; its memory is that of the documents that differ.
    """

    def __init__(self) -> None:
        self._documents: dict[bytes, SharedDocument] = {}
        self._digests: dict[str | None, set[bytes]] = {}
        self._sorted: dict[str | None, list[bytes]] = {}

    def add(self, documents: Sequence[SharedDocument], split: str | None = None) -> None:
        """Put a task's documents among those of its split, but for those with redacted values.

        A placeholder says whom it stands for within its own task only; beside another task's it
        would be turned back into that one's value.
        """
        for document in documents:
            if placeholders([document["title"], document["text"]]):
                continue
            digest = _digest(document)
            if digest not in self._documents:
                self._documents[digest] = {"title": document["title"], "text": document["text"]}
            self._digests.setdefault(split, set()).add(digest)
        self._sorted.pop(split, None)

    def among(
        self, documents: Sequence[SharedDocument], count: int, key: str, split: str | None = None
    ) -> list[SharedDocument]:
        """A task's documents with up to `count` of other tasks between them.

        Args:
            documents: the task's own; without any nothing is added.
            key: what the task is known by.
        """
        own = {_digest(document): document for document in documents}
        if not own or not count:
            return list(documents)
        drawn = self._draw(own.keys(), count, key, split)
        all_of_them = own | {digest: self._documents[digest] for digest in drawn}
        return [all_of_them[digest] for digest in sorted(all_of_them, key=_order_for(key))]

    def _draw(self, own: Set[bytes], count: int, key: str, split: str | None) -> list[bytes]:
        """Digests of documents that are not the task's own.

        Consistent hashing: each draw is a point on the ring of all digests and takes the next
        document that is free, so a new document changes few of the draws.
        """
        ring = self._ring(split)
        free = len(ring) - len(own & self._digests.get(split, set()))
        taken = set(own)
        drawn: list[bytes] = []
        for number in range(min(count, free)):
            at = bisect_left(ring, hashlib.sha256(f"{number}:{key}".encode()).digest())
            while ring[at % len(ring)] in taken:
                at += 1
            drawn.append(ring[at % len(ring)])
            taken.add(drawn[-1])
        return drawn

    def _ring(self, split: str | None) -> list[bytes]:
        if split not in self._sorted:
            self._sorted[split] = sorted(self._digests.get(split, ()))
        return self._sorted[split]


def _digest(document: SharedDocument) -> bytes:
    told = json.dumps([document["title"], document["text"]])
    return hashlib.sha256(told.encode()).digest()


def _order_for(key: str) -> Callable[[bytes], bytes]:
    """A sort key that puts documents in an order of the task's own."""
    return lambda digest: hashlib.sha256(key.encode() + digest).digest()
