"""Nearly the same: which one stays, and what may be compared at all."""

from typing import Any

import pytest

from connectors.embedding import load_encoder
from sync.compute.embedding import read_whole
from tests.connectors.near_texts import NEAR
from tests.sync.intake.cleaning.desk import (
    WordEncoder,
    ask,
    cleaned,
    kept,
    project,
    settings,
    source,
)

ON = settings(near_duplicates={"threshold": 0.8})
CARD, MY_CARD, LOST, LIMITS = "a b c d e", "a b c d e f", "a b c d e f g h", "v w x y z"


def test_the_first_stays_and_is_named_with_the_similarity() -> None:
    with cleaned(source(CARD, LIMITS, MY_CARD), ON) as done:
        assert [task.where[-1] for task in done.tasks()] == ["1", "2"]
        step = done.report.steps[-1]
    assert (step.step, step.seen, step.dropped) == ("near_duplicates", 3, 1)
    assert step.examples[0].where == "faq.jsonl, line 3"
    assert step.examples[0].reason == "0.913 similar to faq.jsonl, line 1"
    assert (done.report.kept, done.report.dropped) == (2, 1)


def test_a_chain_of_small_differences_does_not_end_in_one_task() -> None:
    """The third is near the second only, which goes: it is like nothing that stays."""
    assert kept(source(CARD, MY_CARD, LOST), ON) == [CARD, LOST]


def test_what_the_project_holds_comes_first() -> None:
    with cleaned(source(MY_CARD, LIMITS), ON, held=project(x=LOST)) as done:
        assert [task.where[-1] for task in done.tasks()] == ["2"]
        assert "the project's x" in done.report.steps[-1].examples[0].reason


def test_a_task_that_is_updated_is_never_dropped() -> None:
    held = project(x=MY_CARD, y=LIMITS)
    assert kept(source(CARD, x=MY_CARD), ON, held=held) == [MY_CARD]
    # nor is it compared with what it was
    assert kept(source("v w x y", x=LOST, y=CARD), ON, held=held) == ["v w x y", LOST, CARD]


def test_held_tasks_alone_are_no_reason_to_do_anything() -> None:
    assert kept([], ON, held=project(x=CARD, y=MY_CARD)) == []


@pytest.mark.parametrize(
    "other",
    [
        {"context": {"tier": "Plus"}},
        {"documents": [{"title": "Fees", "text": "p q r"}]},
        {"answers": [{"text": "b"}]},
    ],
)
def test_in_other_circumstances_the_same_question_is_another(other: dict[str, Any]) -> None:
    assert len(kept(source(CARD, ask(CARD, **other)), ON)) == 2


def test_system_messages_count_as_circumstances() -> None:
    told = ask(CARD)
    told["messages"].insert(0, {"role": "system", "content": "Be brief."})
    assert len(kept(source(CARD, told), ON)) == 2


def test_context_can_be_ignored() -> None:
    section = settings(near_duplicates={"threshold": 0.8, "ignore_context": True})
    tasks = [ask(CARD, context={"tier": tier}) for tier in ("Plus", "Basic")]
    assert len(kept(source(*tasks), ON)) == 2
    assert len(kept(source(*tasks), section)) == 1


def test_question_and_documents_must_both_be_near() -> None:
    def task(said: str, *texts: str) -> dict[str, Any]:
        return ask(said, documents=[{"title": "t", "text": text} for text in texts])

    one = task(CARD, "p q r s t u")
    assert len(kept(source(one, task(LIMITS, "p q r s t u")), ON)) == 2
    assert len(kept(source(one, task(CARD, "k l m n o")), ON)) == 2
    assert len(kept(source(one, task(MY_CARD, "p q r s t")), ON)) == 1


def test_long_texts_are_compared_to_their_end() -> None:
    start = "a b c " * 200
    assert len(kept(source(start + "x " * 600, start + "y " * 600), ON)) == 2


@pytest.mark.parametrize("text", ["", "a " * 2000, "a" * 5000, "\u4f60" * 999, "\ud800 " * 900])
def test_pieces_of_any_text(text: str) -> None:
    encoder = WordEncoder()
    vectors = read_whole([text], encoder).vectors
    assert vectors.shape == (1, 400)
    assert "".join(dict.fromkeys(encoder.history[0])) in text
    assert max(len(piece.encode("utf-8", "replace")) for piece in encoder.history[0]) <= 900


def test_with_the_real_model() -> None:
    said = [
        "How do I unblock my PIN?",
        "What is the exchange rate for euros?",
        "What do I do to unblock my PIN?",
        "How do I change my PIN?",
        "How can I unblock my PIN?",
    ]
    section = settings(near_duplicates={})
    assert kept(source(*said), section, load_encoder=load_encoder) == [said[0], said[1], said[3]]


@pytest.mark.parametrize("language", ["Thai", "Burmese", "Tamil", "Chinese"])
def test_what_the_model_cannot_read_is_compared_by_characters(language: str) -> None:
    said = [pair[0] for pair in NEAR[language]]
    twice = [
        *said,
        f"{said[0]} ?",
        "How do I unblock my PIN?",
        said[1] * 30,
        said[1] * 30 + said[2],
    ]
    with cleaned(source(*twice), settings(near_duplicates={}), load_encoder=load_encoder) as done:
        left = [task.data["messages"][-1]["content"] for task in done.tasks()]
        (step,) = [s for s in done.report.steps if s.step == "near_duplicates"]
    assert left[: len(said) + 1] == [*said, "How do I unblock my PIN?"]
    ((note, count),) = step.notes.items()
    assert count == len(left) - 1
    assert "compared by their characters (a multilingual model" in note
