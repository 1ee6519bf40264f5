"""Texts that the embedding model can't read, with the real model."""

import numpy as np
import pytest

from connectors.character_ngrams import character_vectors
from connectors.embedding import SentenceEncoder, load_encoder
from connectors.reading import Embeddings, Reading, told_apart, unread_by
from tests.connectors.near_texts import NEAR

# what is read by letters at least is left to the model
READ = {"English", "Russian"}
UNREAD = [
    language for language in NEAR if language not in READ | {"Georgian", "Japanese", "Korean"}
]


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    found = load_encoder()
    assert isinstance(found, SentenceEncoder)
    return found


def similarities(vectors: Embeddings) -> tuple[list[float], list[float]]:
    """Of each near pair, and of all others; rows 2i and 2i + 1 are a pair."""
    product = vectors @ vectors.T
    near = [float(product[i, i + 1]) for i in range(0, len(vectors), 2)]
    far = [float(product[i, j]) for i in range(len(vectors)) for j in range(i) if i // 2 != j // 2]
    return near, far


def test_near_texts_are_told_from_others_in_every_script(encoder: SentenceEncoder) -> None:
    near: list[float] = []
    for language, pairs in NEAR.items():
        found, others = similarities(encoder.encode([text for pair in pairs for text in pair]))
        near += found
        # at the threshold of a split: none too many, in no language
        assert max(others) < 0.8, language
        assert min(found) > max(others) + 0.1, language
    recall = np.mean(np.array(near) >= 0.9)
    assert len(near) > 70
    assert recall >= 0.8


@pytest.mark.parametrize("language", UNREAD)
def test_most_of_a_foreign_script_is_noticed(encoder: SentenceEncoder, language: str) -> None:
    texts = [text for pair in NEAR[language] for text in pair]
    assert encoder.unread(texts).mean() > 0.7


@pytest.mark.parametrize("language", sorted(READ))
def test_what_the_model_reads_is_left_to_it(encoder: SentenceEncoder, language: str) -> None:
    texts = [text for pair in NEAR[language] for text in pair]
    assert not encoder.unread(texts).any()
    assert np.array_equal(encoder.encode(texts), encoder.model_vectors(texts))


def test_a_text_is_the_same_vector_whatever_stands_beside_it(encoder: SentenceEncoder) -> None:
    thai = [text for pair in NEAR["Thai"] for text in pair]
    alone = np.concatenate([encoder.encode([text]) for text in thai])
    assert np.array_equal(encoder.encode(["Hello there", *thai[::-1]])[:0:-1], alone)


@pytest.mark.parametrize(
    "texts",
    [
        ["👍", "👎", "😀😀", "🎉🎉🎉", "❤️"],
        ["What does สวัสดี mean?", "What does ขอบคุณ mean?"],
        ["a" * 120, "b" * 120],
        ["ใช่", "ไม่"],
        ["5个苹果和12个梨", "7个橙子和40个桃"],
        ["ባንክ", "ቤት"],
    ],
)
def test_unequal_texts_are_not_near(encoder: SentenceEncoder, texts: list[str]) -> None:
    vectors = encoder.encode(texts)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.max((vectors @ vectors.T)[~np.eye(len(texts), dtype=bool)]) < 0.8


@pytest.mark.parametrize(
    ("plain", "with_more"),
    [
        ("How do I freeze my card?", "How do I freeze my card? 😀"),
        ("Is there a branch that opens on Sunday?", "Is there a branch that opens on Sunday? 🏦🏦"),
        ("Please send it to 5 High Street", "🙏 Please send it to 5 High Street"),
    ],
)  # fmt: skip
def test_a_foreign_word_does_not_cut_a_text_off(
    encoder: SentenceEncoder, plain: str, with_more: str
) -> None:
    assert not encoder.unread([plain, with_more]).any()
    one, other = encoder.encode([plain, with_more])
    assert one @ other > 0.9


def test_texts_of_two_scripts_are_not_near(encoder: SentenceEncoder) -> None:
    texts = [pairs[0][0] for pairs in NEAR.values()]
    product = encoder.encode(texts) @ encoder.encode(texts).T
    assert np.max(product[~np.eye(len(texts), dtype=bool)]) < 0.8


@pytest.mark.parametrize("text", ["", " ", "?!", "\ud800", "\u200b", "ก\u0e4c"])
def test_odd_texts_have_a_vector(encoder: SentenceEncoder, text: str) -> None:
    assert np.isfinite(encoder.encode([text])).all()
    assert encoder.unread([text]).shape == (1,)
    assert np.isfinite(character_vectors([text], 384)).all()


def test_what_does_not_tell_reads_all() -> None:
    assert unread_by(object(), ["ก", "b"]).tolist() == [False, False]


@pytest.mark.parametrize("dim", [3, 384])
def test_equal_vectors_of_unequal_texts_say_nothing(dim: int) -> None:
    texts = ["ສະບາຍດີ", "ຂອບໃຈ", "Straße", "STRASSE", "Hello,  you", "hello you", "other"]
    vectors = np.zeros((len(texts), dim), dtype=np.float32)
    vectors[[0, 1], 0] = vectors[2:4, 1] = vectors[4:6, 2] = 1
    vectors[6, :2] = 0.5**0.5
    found = told_apart(Reading(vectors, np.zeros(len(texts), dtype=bool)), texts)
    assert found.unread.tolist() == [True, True, *[False] * 5]
    product = found.vectors @ found.vectors.T
    assert abs(product[0, 1]) < 0.5
    assert np.allclose(product[2:, 2:], vectors[2:] @ vectors[2:].T)


def test_a_set_that_is_told_apart_stays_as_it_is() -> None:
    given = Reading(np.eye(3, dtype=np.float32), np.zeros(3, dtype=bool))
    assert told_apart(given, ["a", "b", "c"]) is given
