import pytest

from sync.quality.text_checks.answer_language import AnswerLanguage
from tests.sync.quality.text_checks.texts import CLEAN, found

ASKED = "What does a new card cost, and when does it come?"
LANGUAGES = {"English", "German", "French", "Thai", "Arabic", "Chinese", "Japanese"}


@pytest.mark.parametrize("asked", sorted(LANGUAGES))
def test_an_answer_in_any_other_language(asked: str) -> None:
    question = CLEAN[asked][0]
    others = {name: CLEAN[name][1] for name in LANGUAGES - {asked}}
    assert [
        name for name, answer in others.items() if not found(AnswerLanguage(), answer, question)
    ] == []


def test_it_is_named() -> None:
    (fault,) = found(AnswerLanguage(), CLEAN["German"][1], ASKED)
    assert "in another language (de) than the question (en)" in fault.message


def test_the_end_alone_may_be_in_another() -> None:
    answer = f"{CLEAN['English'][1]} " * 5 + f"{CLEAN['German'][1]} " * 6
    (fault,) = found(AnswerLanguage(), answer, ASKED)
    assert "partly in another language (de)" in fault.message


@pytest.mark.parametrize(
    ("question", "more"),
    [
        ("Translate: a new card costs five euros and comes within five days.", {}),
        ("How would I say in German that a new card costs five euros?", {}),
        (ASKED, {"context": {"language": "de"}}),
        (ASKED, {"context": {"customer_language": "German"}}),
        (ASKED, {"guidelines": "- Answer every question in German."}),
    ],
)
def test_another_language_that_was_asked_for(question: str, more: dict[str, object]) -> None:
    assert found(AnswerLanguage(), CLEAN["German"][1], question, **more) == []


def test_languages_can_be_allowed() -> None:
    assert found(AnswerLanguage(allowed=("de",)), CLEAN["German"][1], ASKED) == []


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Al Furjan?", "It is a quarter of Dubai, south of the marina."),
        ("How to diagnose Parasites - Babesiosis ?", "By looking at a blood smear under a microscope."),
        ("Does spontaneous remission occur in polyarteritis nodosa?", "It occurs, but it is rare in adults."),
        ("Hva koster et nytt kort, og når kommer det?", "Et nyt kort koster fem euro og kommer om fem dage."),
        (ASKED, "OK."),
        (ASKED, "```\nSELECT preis FROM karten WHERE farbe = 'blau'\n```"),
    ],
)  # fmt: skip
def test_what_can_t_be_told_is_left_alone(question: str, answer: str) -> None:
    assert found(AnswerLanguage(), answer, question) == []
