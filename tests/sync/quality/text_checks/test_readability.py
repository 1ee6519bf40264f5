import pytest

from sync.quality.text_checks.readability import FORMULAS, Readability, reading_ease, syllables
from tests.sync.quality.text_checks.texts import CLEAN, found

PLAIN = "You can get a new card. It costs five pounds. We send it to your home in five days. " * 5
HARD = (
    "Notwithstanding aforementioned contractual stipulations, replacement instrumentation "
    "necessitates supplementary administrative remuneration, proportionate to international "
    "transportation expenditure, denominated accordingly. " * 4
)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", {"card": 1, "idea": 3, "table": 2, "jumped": 1, "needed": 2, "condition": 3,
                "science": 2, "physician": 3, "changes": 2, "therapies": 3, "the": 1, "area": 3}),
        ("de", {"Karte": 2, "heute": 2, "Häuser": 2, "Versicherung": 4, "Theater": 3}),
        ("fr", {"maison": 2, "table": 1, "carte": 1, "information": 4}),
        ("es", {"tarjeta": 3, "información": 4, "país": 2, "cuenta": 2, "rey": 1}),
    ],
)  # fmt: skip
def test_syllables(language: str, words: dict[str, int]) -> None:
    assert {word: syllables(word, language) for word in words} == words


def test_flesch_s_own_formula() -> None:
    # 2 sentences, 8 words, 9 syllables
    ease = reading_ease("The card is blue. We send it today.", "en")
    assert ease == pytest.approx(206.835 - 1.015 * 8 / 2 - 84.6 * 9 / 8)


def test_points_of_abbreviations_end_no_sentence() -> None:
    assert reading_ease("Ask Dr. Lee, e.g. by mail.", "en") == reading_ease(
        "Ask Dr Lee, eg by mail.", "en"
    )


def test_outside_the_band() -> None:
    (hard,) = found(Readability(hardest=40), HARD)
    (plain,) = found(Readability(easiest=80), PLAIN)
    assert "harder to read than wanted" in hard.message
    assert "plainer than wanted" in plain.message
    assert (
        found(Readability(hardest=40), PLAIN)
        == found(Readability(easiest=80), HARD * 0 + "Hi.")
        == []
    )


def test_a_language_without_a_formula_is_left_alone() -> None:
    strict = Readability(hardest=119, shortest=1)
    judged = {name for name, (_, answer) in CLEAN.items() if found(strict, answer)}
    assert judged >= {"English", "German", "French"}
    assert not judged & {"Thai", "Arabic", "Chinese", "Japanese"}
    assert "th" not in FORMULAS


def test_a_band_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match=r"hardest \(60\) must be below easiest \(50\)"):
        Readability(hardest=60, easiest=50)
