"""The embedding model, the real one."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from connectors.embedding import load_encoder
from connectors.errors import EmbeddingError
from connectors.reading import Embeddings


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


@pytest.mark.thorough
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
