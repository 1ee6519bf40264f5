"""The closest pairs across splits, beside those found by comparing each with each."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sync.dataset.splits.prompt_vectors import PromptVectors
from sync.dataset.splits.proof import closest, proof, ties_across
from sync.dataset.splits.split_items import DROPPED, SPLITS
from tests.sync.dataset.splits.planted import item, texts_of

COUNT = 40


@given(seed=st.integers(0, 2**32), doubled=st.integers(1, COUNT))
def test_it_is_the_closest_of_all_pairs(seed: int, doubled: int) -> None:
    rng = np.random.default_rng(seed)
    # several items say the same; the last says nothing
    items = [item(f"k{i:02}", f"text {i % doubled}") for i in range(COUNT)] + [item("k99")]
    vectors = rng.normal(size=(doubled, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    texts = PromptVectors({f"text {i}": i for i in range(doubled)}, vectors)
    splits = [str(name) for name in rng.choice([*SPLITS, DROPPED], size=len(items))]
    for found in closest(items, splits, texts):
        one, other = found.between
        pairs = {
            (a.key, b.key): float(
                vectors[texts.places[a.text]].astype(float)
                @ vectors[texts.places[b.text]].astype(float)
            )
            for a, x in zip(items, splits, strict=True)
            for b, y in zip(items, splits, strict=True)
            if (x, y) == (one, other) and a.text and b.text
        }
        assert found.comparisons == splits.count(one) * splits.count(other)
        best = max(pairs.values(), default=-1.0)
        assert best - 1.1e-4 <= found.similarity <= best + 2e-6
        if pairs:
            assert pairs[found.keys[0], found.keys[1]] >= best - 1.1e-4


def test_many_rows_are_compared_in_tiles() -> None:
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(6000, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[5500] = vectors[20]
    items = [item(f"k{i:04}", f"text {i}") for i in range(6000)]
    texts = PromptVectors({one.text: at for at, one in enumerate(items)}, vectors)
    splits = ["train" if at < 5000 else "test" for at in range(6000)]
    found = {c.between: c for c in closest(items, splits, texts)}["train", "test"]
    assert (found.similarity, found.keys) == (1.0, ("k0020", "k5500"))
    assert found.comparisons == 5_000_000


def test_what_is_below_the_threshold_never_seems_to_reach_it() -> None:
    for similarity, shown in ((0.899_99, 0.8999), (0.9, 0.9), (0.900_04, 0.9), (1.0, 1.0)):
        vectors = np.array([[1, 0], [similarity, np.sqrt(1 - similarity**2)]], dtype=np.float32)
        items = [item("k1", "one"), item("k2", "two")]
        texts = PromptVectors({"one": 0, "two": 1}, vectors)
        found = {c.between: c for c in closest(items, ["train", "test"], texts)}
        assert found["train", "test"].similarity == shown


def test_of_pairs_that_are_told_alike_it_is_the_first() -> None:
    # cosines of 0.80003, 0.80008 and 0.79
    vectors = np.zeros((6, 8), dtype=np.float32)
    for at, similarity in enumerate((0.800_03, 0.800_08, 0.79)):
        vectors[at, at] = 1.0
        vectors[3 + at, at] = similarity
        vectors[3 + at, 3 + at] = np.sqrt(1 - similarity**2)
    items = [item(f"k{at}", f"text {at}") for at in range(6)]
    texts = PromptVectors({f"text {at}": at for at in range(6)}, vectors)
    found = {c.between: c for c in closest(items, ["train"] * 3 + ["test"] * 3, texts)}
    assert (found["train", "test"].similarity, found["train", "test"].keys) == (0.8, ("k0", "k3"))


def test_ties_across_are_found() -> None:
    items = [item("k1", user="a"), item("k2", user="a"), item("k3", user="b"), item("k3")]
    assert ties_across(items, ["train", "test", "train", "train"]) == [("k1", "k2")]
    assert ties_across(items, ["train", "train", "train", "test"]) == [("k3", "k3")]
    assert ties_across(items, ["train", DROPPED, "train", "train"]) == []


def test_the_digest_is_of_keys_and_texts() -> None:
    def digest(*items: tuple[str, str]) -> object:
        made = [item(key, text) for key, text in items]
        return proof(made, ["train"] * len(made), texts_of(made))["texts_sha256"]

    first = digest(("k1", "t1"), ("k2", "t2"))
    assert first == digest(("k1", "t1"), ("k2", "t2"))
    assert len({first, digest(("k1", "t2"), ("k2", "t1")), digest(("k1", "t1"))}) == 3
