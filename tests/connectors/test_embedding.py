"""The embedding model, the real one, and near-duplicates among vectors."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from connectors.embedding import Embeddings, load_encoder, near_duplicate_pairs
from connectors.errors import EmbeddingError


def test_similar_texts_are_near_and_others_are_not() -> None:
    vectors = load_encoder().encode(
        ["I lost my card.", "My card is lost.", "What is the exchange rate?"]
    )
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert vectors[0] @ vectors[1] > 0.9 > 0.4 > vectors[0] @ vectors[2]


def test_no_texts_give_no_rows() -> None:
    assert load_encoder().encode([]).shape == (0, 384)


def test_text_that_is_not_unicode_is_encoded_all_the_same() -> None:
    assert load_encoder().encode(["half \ud800 of a pair", ""]).shape == (2, 384)


def test_it_is_loaded_once_however_many_threads_ask() -> None:
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(load_encoder())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(encoder) for encoder in found}) == 1


def test_threads_that_encode_together_get_what_each_would_get_alone() -> None:
    encoder = load_encoder()
    texts = [[f"question {i} {j}" for j in range(i + 1)] for i in range(6)]
    alone = [encoder.encode(batch) for batch in texts]
    together: dict[int, Embeddings] = {}

    def encode(i: int) -> None:
        together[i] = encoder.encode(texts[i])

    threads = [threading.Thread(target=encode, args=(i,)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for i, vectors in enumerate(alone):
        assert np.array_equal(together[i], vectors)


def test_a_folder_without_a_model_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match=rf"{tmp_path}.*embedding\.model") as caught:
        load_encoder(str(tmp_path))
    assert "\n" not in str(caught.value)


def run(script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A Python of its own, warnings being errors."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=Path(__file__).parents[2],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


UNKNOWN = """
from connectors.embedding import load_encoder
from connectors.errors import EmbeddingError
try:
    load_encoder("no-such-owner/no-such-model")
except EmbeddingError as error:
    print(error)
"""


def test_a_name_that_cannot_be_found_is_one_sentence() -> None:
    done = run(UNKNOWN, HF_HUB_OFFLINE="1")
    assert done.stdout.startswith("the embedding model 'no-such-owner/no-such-model' can't be")
    assert done.stdout.count("\n") == 1


QUIET = """
import socket, sys
def refuse(*args):
    raise SystemExit(f"tried to connect to {args}")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
before = set(sys.modules)
from connectors.embedding import load_encoder
assert "torch" not in sys.modules
load_encoder().encode(["one", "two"])
"""


def test_the_default_model_loads_without_network_and_says_nothing() -> None:
    done = run(QUIET)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def unit(rows: object) -> Embeddings:
    vectors = np.asarray(rows, dtype=np.float32)
    norms: Embeddings = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / norms


def test_pairs_are_listed_once_most_similar_first() -> None:
    vectors = unit([[1, 0], [0, 1], [1, 0.1], [1, 0], [-1, 0]])
    pairs = near_duplicate_pairs(vectors, 0.9)
    assert [(i, j) for i, j, _ in pairs] == [(0, 3), (0, 2), (2, 3)]
    assert pairs[0][2] == pytest.approx(1.0)
    assert pairs[1][2] == pytest.approx(1 / np.sqrt(1.01))


@pytest.mark.parametrize("n", [0, 1])
def test_fewer_than_two_rows_have_no_pairs(n: int) -> None:
    assert near_duplicate_pairs(np.ones((n, 1), dtype=np.float32), 0.5) == []


@given(
    hnp.arrays(
        np.float32,
        st.tuples(st.integers(2, 30), st.integers(2, 6)),
        elements=st.integers(1, 9).map(float),
    ),
    st.sampled_from([0.5, 0.9, 0.95, 0.999, 1.0]),
)
@settings(deadline=None)
def test_it_finds_exactly_the_pairs_that_all_products_show(
    raw: Embeddings, threshold: float
) -> None:
    vectors = unit(raw)
    products = vectors.astype(np.float64) @ vectors.T.astype(np.float64)
    found = {(i, j) for i, j, _ in near_duplicate_pairs(vectors, threshold)}
    i, j = np.triu_indices(len(vectors), k=1)
    sure = products[i, j] >= threshold + 1e-5
    never = products[i, j] < threshold - 1e-5
    pairs = list(zip(i.tolist(), j.tolist(), strict=True))
    assert {p for p, hit in zip(pairs, sure, strict=True) if hit} <= found
    assert not found & {p for p, miss in zip(pairs, never, strict=True) if miss}
