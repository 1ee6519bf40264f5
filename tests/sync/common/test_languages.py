import pytest

from sync.common.languages import is_english, language_of, letters, probability, prose

GERMAN = "Die Karte kostet fünf Euro, und Sie erhalten sie in einer Woche."
THAI = "บัตรใหม่มีค่าใช้จ่ายห้ายูโร"
ARABIC = "تكلفة البطاقة الجديدة خمسة يورو وستصلك خلال أسبوع واحد."
CHINESE = "新卡的费用是五欧元,一周内寄到。"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The card costs five euros, and you get it within a week.", "en"),
        (GERMAN, "de"),
        ("La carte coûte cinq euros et vous la recevrez en une semaine.", "fr"),
        (THAI, "th"),
        (ARABIC, "ar"),
        (CHINESE, "zh"),
        ("4417 2026-03-01", None),
    ],
)
def test_a_language_is_told(text: str, code: str | None) -> None:
    assert language_of(text) == code
    assert is_english(text) is (code == "en")


def test_languages_that_are_alike_count_together() -> None:
    norwegian = "Kortet koster fem euro, og du får det i løpet av en uke."
    assert probability(norwegian, "da") > 0.9
    assert probability(norwegian, "de") < 0.1


def test_code_addresses_and_placeholders_are_no_prose() -> None:
    text = "Rufen Sie <PERSON_1> an:\n```\nprint('the and of')\n```\nhttps://the.end/of `the`"
    assert letters(prose(text)) == "RufenSiean"


def test_a_text_without_blanks_is_read_at_once() -> None:
    text = "**a" * 100_000
    assert prose(text) == text
    assert prose(f"Mail {text}@b.example, or ask.") == "Mail   or ask."
