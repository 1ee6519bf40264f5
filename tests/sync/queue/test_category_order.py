"""The order of category work: typical texts first, then doubtful ones that differ."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sync.queue.category_order import (
    category_order,
    diverse_first,
    margins,
    probabilities,
    scarcity,
)

KINDS, EACH = 4, 30


@pytest.fixture
def vectors() -> NDArray[np.float32]:
    """Four kinds of text, and between the first two a bridge of doubtful ones, the last 12 rows."""
    draws = np.random.default_rng(2)
    kinds = [np.eye(8)[kind] + draws.normal(0, 0.1, (EACH, 8)) for kind in range(KINDS)]
    bridge = np.eye(8)[0] + np.eye(8)[1] + draws.normal(0, 0.05, (12, 8))
    found = np.concatenate([*kinds, bridge]).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def labels_of(vectors: NDArray[np.float32], known: list[int]) -> list[str | None]:
    kinds = [f"kind {min(i // EACH, KINDS - 1)}" for i in range(len(vectors))]
    return [kinds[i] if i in known else None for i in range(len(vectors))]


def test_it_begins_with_typical_texts_of_each_kind(vectors: NDArray[np.float32]) -> None:
    order = category_order(vectors, labels_of(vectors, []), kinds=KINDS)
    assert sorted(order.tolist()) == list(range(len(vectors)))
    assert {place // EACH for place in order[: 2 * KINDS]} >= set(range(KINDS))


def test_doubtful_texts_come_once_each_kind_is_known(vectors: NDArray[np.float32]) -> None:
    known = [kind * EACH + i for kind in range(KINDS) for i in range(3)]
    order = category_order(vectors, labels_of(vectors, known), batch=4, kinds=KINDS)
    assert sorted(order.tolist()) == sorted(set(range(len(vectors))) - set(known))
    assert any(place >= KINDS * EACH for place in order[:4])
    assert sum(place >= KINDS * EACH for place in order[:20]) >= 9


def test_no_two_alike_come_in_one_batch() -> None:
    """Ten copies of the most doubtful text, and nine others that are a little less doubtful."""
    vectors = np.concatenate([np.tile(np.eye(16)[0], (10, 1)), np.eye(16)[1:10]]).astype(np.float32)
    doubt = np.concatenate([np.full(10, 0.9), np.full(9, 0.8)])
    order = diverse_first(vectors, doubt, batch=5)
    assert sorted(order.tolist()) == list(range(19))
    assert sum(place < 10 for place in order[:5]) == 1
    assert order[0] < 10
    assert np.argsort(-doubt, kind="stable")[:5].max() < 10  # without: five copies


def test_a_margin_is_the_lead_of_the_likeliest_label() -> None:
    chances = np.array([[0.5, 0.3, 0.2], [0.1, 0.8, 0.1]])
    assert margins(chances).tolist() == pytest.approx([0.2, 0.7])


def test_what_looks_like_a_category_of_few_labels_counts_more() -> None:
    chances = np.array([[0.6, 0.4], [0.4, 0.6]])
    rare, common = scarcity(chances, ["a", *["b"] * 4])
    assert rare / common == pytest.approx(2)


def test_probabilities_are_in_the_order_of_the_labels(vectors: NDArray[np.float32]) -> None:
    chances = probabilities(vectors[[0, 1, 30, 31]], ["b", "b", "a", "a"], vectors[[5, 35]])
    assert chances.argmax(axis=1).tolist() == [1, 0]


def test_one_label_alone_teaches_nothing_yet(vectors: NDArray[np.float32]) -> None:
    known = list(range(20))
    order = category_order(vectors, labels_of(vectors, known), kinds=KINDS)
    assert order[0] // EACH != 0
    everything = category_order(vectors, labels_of(vectors, list(range(len(vectors)))))
    assert everything.tolist() == []
