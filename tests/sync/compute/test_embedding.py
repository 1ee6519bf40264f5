"""Texts as vectors on an engine."""

import numpy as np

from connectors.reading import Embeddings
from sync.compute import LocalEngine
from sync.compute.embedding import embed


class CountingEncoder:
    """Vectors of a text's length; keeps what it was asked."""

    def __init__(self) -> None:
        self.history: list[list[str]] = []

    def encode(self, texts: list[str]) -> Embeddings:
        self.history.append(texts)
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)


def test_batches_always_end_where_they_end_and_progress_at_its_total() -> None:
    encoder, seen = CountingEncoder(), list[tuple[int, int]]()
    texts = ["x" * i for i in range(300)]
    found = embed(
        texts, "m", lambda name: encoder, LocalEngine(), lambda done, of: seen.append((done, of))
    )
    assert found.vectors[:, 0].tolist() == list(range(300))
    assert not found.unread.any()
    assert [len(batch) for batch in encoder.history] == [256, 44]
    assert seen == [(256, 300), (300, 300)]


def test_no_texts_load_no_model() -> None:
    found = embed([], "m", lambda name: 1 / 0, LocalEngine(), lambda done, of: None)  # type: ignore[arg-type,return-value]
    assert found.vectors.shape == (0, 0)


def test_text_that_is_not_unicode_is_embedded_all_the_same() -> None:
    encoder = CountingEncoder()
    embed(
        ["half \ud800 of a pair"], "m", lambda name: encoder, LocalEngine(), lambda done, of: None
    )
    assert encoder.history == [["half ? of a pair"]]
